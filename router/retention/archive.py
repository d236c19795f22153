"""Reading back what stands in the archive, and forgetting it: for a thread, an export, an erasure."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from asyncpg import Record

from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Statement
from router.errors import NotFound
from router.retention.blocks import BlockBroken, unseal
from router.uploads.storage import Storage, StorageAway

log = logging.getLogger(__name__)

Row = dict[str, Any]


class Archive:
    """Rows as their tables had them. What was forgotten, or is kept no longer, keeps its place and has no words."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage
        self._sql = load_queries(__file__)

    async def events(self, conversation_id: UUID, after_seq: int, limit: int) -> list[Row]:
        """The events of a conversation that left the log. Raises `StorageAway`."""
        found: list[Row] = []
        for place in await self._database.fetch(self._sql["archived"], conversation_id):
            if place["last_seq"] > after_seq and len(found) < limit:
                events, _ = await self._read(conversation_id, place)
                found += [row for row in events or _emptied(conversation_id, place) if row["seq"] > after_seq]
        return found[:limit]

    async def notes(self, conversation_id: UUID, after_note_seq: int, limit: int) -> list[Row]:
        """Its notes; of what was forgotten there are none. Raises `StorageAway`."""
        found: list[Row] = []
        for place in await self._database.fetch(self._sql["archived"], conversation_id):
            if place["last_note_seq"] > after_note_seq and len(found) < limit:
                _, notes = await self._read(conversation_id, place)
                found += [row for row in notes if row["note_seq"] > after_note_seq]
        return found[:limit]

    def forgetting(self, conversation_ids: Sequence[UUID]) -> Statement:
        """What makes conversations unreadable for good, in the transaction that erases their customer."""
        return Statement(self._sql["forget_conversations"], (list(conversation_ids),))

    async def _read(self, conversation_id: UUID, place: Record) -> tuple[list[Row], list[Row]]:
        """Nothing where there is neither key nor file any more."""
        if place["key"] is None or place["path"] is None:
            return [], []
        span = (place["starts"], place["starts"] + place["bytes"])
        try:
            async with self._storage.read(place["path"], span) as chunks:
                block = b"".join([chunk async for chunk in chunks])
            return unseal(conversation_id, block, place["key"])
        except (NotFound, BlockBroken) as fault:
            log.error("an archive cannot be read", extra={"path": place["path"], "conversation": str(conversation_id)})
            raise StorageAway from fault


def _emptied(conversation_id: UUID, place: Record) -> list[Row]:
    """The log has no gaps, also where nothing is left of it."""
    return [
        {
            "conversation_id": conversation_id,
            "seq": seq,
            "kind": "message",
            "at": place["started_at"],
            "actor_kind": "system",
            "actor_id": None,
            "actor_name": None,
            "reply_to_seq": None,
            "body": {"id": str(uuid5(conversation_id, str(seq))), "text": "", "redacted": True},
        }
        for seq in range(place["first_seq"], place["last_seq"] + 1)
    ]

"""Canned replies of the team and of one's own, in two levels, found by words, pinyin and initials; only supervisors
change the team's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.messages import MAX_TEXT, checked_text
from router.errors import Conflict, Invalid, NotFound
from router.help.sounding import needle, search_key

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_NAME = 60
#: Of one owner, the team too: the composer shows what fits, nobody scrolls through more.
MAX_REPLIES = 2_000


@dataclass(frozen=True, slots=True)
class CannedReply:
    """``owner_id`` None: the team's."""

    id: UUID
    owner_id: UUID | None
    folder: str
    name: str
    body: str
    used: int
    updated_at: datetime

    @classmethod
    def from_row(cls, row: Record) -> CannedReply:
        return cls(
            row["id"], row["owner_id"], row["folder"], row["name"], row["body"], row["used"], row["updated_at"]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants a reply to be, checked."""

    folder: str
    name: str
    body: str

    @classmethod
    def checked(cls, folder: str, name: str, body: str) -> Draft:
        """Raises `Invalid` or `TooLarge` that names the field."""
        return cls(
            checked_text(" ".join(folder.split()), limit=MAX_NAME, field="folder"),
            checked_text(" ".join(name.split()), limit=MAX_NAME, field="name"),
            checked_text(body, limit=MAX_TEXT, field="body"),
        )


class CannedReplies:
    """Who calls has checked who may; everything that changes runs in the caller's transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)

    async def found(self, reader: UUID, asked: str, *, scope: str, limit: int) -> list[CannedReply]:
        """One's own and the team's that fit what was typed, those used most first; all for an empty text."""
        rows = await self._database.fetch(self._sql["find_canned"], reader, scope, needle(asked), limit)
        return [CannedReply.from_row(row) for row in rows]

    async def one(self, reply_id: UUID, reader: UUID, connection: PooledConnection | None = None) -> CannedReply:
        """A reply that the reader may use; raises `NotFound`."""
        source = connection or self._database
        row = await source.fetchrow(self._sql["canned"], reply_id, reader)
        if row is None:
            raise NotFound("there is no such canned reply")
        return CannedReply.from_row(row)

    async def add(self, connection: PooledConnection, owner: UUID | None, draft: Draft, by: UUID) -> CannedReply:
        """Raises `Conflict` where the folder has the name already, `Invalid` where there are too many."""
        if await connection.fetchval(self._sql["count_canned"], owner) >= MAX_REPLIES:
            raise Invalid(f"at most {MAX_REPLIES} canned replies", limit=MAX_REPLIES)
        reply_id = uuid7()
        row = await self._write(connection, "add_canned", reply_id, owner, draft, by)
        return CannedReply.from_row(row)

    async def change(self, connection: PooledConnection, reply_id: UUID, draft: Draft, by: UUID) -> CannedReply:
        """Raises `NotFound`, `Conflict`."""
        row = await self._write(connection, "change_canned", reply_id, None, draft, by)
        return CannedReply.from_row(row)

    async def remove(self, connection: PooledConnection, reply_id: UUID) -> None:
        await connection.execute(self._sql["remove_canned"], reply_id)

    async def count_use(self, connection: PooledConnection, reply_id: UUID) -> None:
        """One more use, for the order in which replies are shown."""
        await connection.execute(self._sql["count_use"], reply_id, self._clock.now())

    async def at(self, connection: PooledConnection, owner: UUID | None, draft: Draft) -> CannedReply | None:
        """The reply that stands at a draft's place."""
        row = await connection.fetchrow(self._sql["canned_at"], owner, draft.folder, draft.name)
        return None if row is None else CannedReply.from_row(row)

    async def _write(
        self, connection: PooledConnection, statement: str, reply_id: UUID, owner: UUID | None, draft: Draft, by: UUID
    ) -> Record:
        key = search_key(draft.folder, draft.name, draft.body)
        try:
            async with connection.transaction():
                row = await connection.fetchrow(
                    self._sql[statement], reply_id, owner, draft.folder, draft.name, draft.body, key, by,
                    self._clock.now(),
                )  # fmt: skip
        except UniqueViolationError:
            raise Conflict("this folder has a reply of this name", folder=draft.folder, name=draft.name) from None
        if row is None:
            raise NotFound("there is no such canned reply")
        return row

"""What is said while words are being made searchable, and while the database is away, is not forgotten."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from database.clock import ManualClock
from database.errors import DatabaseUnavailable
from database.pool import Database
from router.search.indexing import Indexing
from tests.integration.conversations.rows import a_conversation


class Watched:
    """A database in which something happens when words are written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.when_written: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def executemany(self, sql: str, rows: Any) -> None:
        if self.when_written is not None:
            happening, self.when_written = self.when_written, None
            await happening()
        await self._database.executemany(sql, rows)


async def _say(database: Database, indexing: Indexing, conversation_id: UUID, seq: int) -> None:
    await database.execute(
        "insert into events (conversation_id, seq, kind, at, actor_kind, body) "
        "values ($1, $2, 'message', now(), 'customer', jsonb_build_object('text', '几句话'))",
        conversation_id, seq,
    )  # fmt: skip
    await database.execute("update conversations set last_seq = $2 where id = $1", conversation_id, seq)
    state = SimpleNamespace(id=conversation_id, group_id=None, owner=None, last_seq=seq)
    heard: Any = SimpleNamespace(before=state, conversation=state, events=[object()], notes=[])
    indexing.heard([heard])


async def _read_up_to(database: Database, conversation_id: UUID) -> int:
    sql = "select coalesce(max(seq), 0) from searchable_conversations where conversation_id = $1"
    return int(await database.fetchval(sql, conversation_id))


async def test_what_is_said_while_it_is_read_is_read_the_next_time(database: Database, clock: ManualClock) -> None:
    watched: Any = Watched(database)
    indexing = Indexing(watched, clock)
    conversation_id = await a_conversation(database, clock)
    await indexing.tick()
    await _say(database, indexing, conversation_id, 1)
    watched.when_written = lambda: _say(database, indexing, conversation_id, 2)

    await indexing.tick()

    assert await _read_up_to(database, conversation_id) == 2


async def test_what_could_not_be_written_is_written_the_next_time(database: Database, clock: ManualClock) -> None:
    watched: Any = Watched(database)
    indexing = Indexing(watched, clock)
    conversation_id = await a_conversation(database, clock)
    await indexing.tick()
    await _say(database, indexing, conversation_id, 1)

    async def is_away() -> None:
        raise DatabaseUnavailable

    watched.when_written = is_away
    with pytest.raises(DatabaseUnavailable):
        await indexing.tick()
    assert await _read_up_to(database, conversation_id) == 0

    await indexing.tick()

    assert await _read_up_to(database, conversation_id) == 1

"""Labelled pairs for people to look at, to add to and to set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.errors import Invalid, NotFound
from router.learning.harvest import Harvest
from router.learning.records import Pair

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Pairs:
    """Everything that use has taught; a pair is never deleted, only set aside."""

    def __init__(self, database: Database, clock: Clock, harvest: Harvest) -> None:
        self._database = database
        self._clock = clock
        self._harvest = harvest
        self._sql = load_queries(__file__)

    async def listed(
        self, *, source: str | None, article_id: str | None, is_right: bool | None, below: UUID | None, limit: int
    ) -> list[Record]:
        """Newest first; what was taken back or erased is not there any more."""
        return await self._database.fetch(self._sql["pairs"], source, article_id, is_right, below, limit)

    async def add(
        self, connection: PooledConnection, question: str, article_id: str | None, is_right: bool, editor_id: UUID
    ) -> None:
        """What an editor typed: this article answers this question, or does not; None: no article does."""
        if article_id is not None and not await connection.fetchval(self._sql["article_exists"], article_id):
            raise Invalid("there is no such article", field="article_id")
        if article_id is None and not is_right:
            raise Invalid("that a question is nobody's cannot be wrong", field="is_right")
        pair = Pair(
            source="editor", conversation_id=None, question_seqs=None, question=question, article_id=article_id,
            is_right=is_right, actor_kind="agent", actor_id=editor_id, at=self._clock.now(),
        )  # fmt: skip
        await self._harvest.put(connection, pair)

    async def set_aside(self, connection: PooledConnection, pair_id: UUID, *, dismissed: bool) -> Record:
        """Whether the pair teaches nothing; raises `NotFound`."""
        at = self._clock.now() if dismissed else None
        if await connection.fetchval(self._sql["dismiss_pair"], pair_id, at) is None:
            raise NotFound("there is no such pair")
        row = await connection.fetchrow(self._sql["one_pair"], pair_id)
        assert row is not None
        return row

    async def evidence(self) -> list[Record]:
        """Everything there is to learn from, oldest first."""
        return await self._database.fetch(self._sql["evidence"])

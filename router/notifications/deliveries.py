"""What became of notices: lists for people, dead letters by hand once more, and the emptying of what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: A repeat of a notice's key may come so long after it.
_FORGET_DAYS = 90.0


class Deliveries:
    """Reads never open a seal: addresses and texts are for receivers only."""

    def __init__(self, database: Database, clock: Clock, *, kept_days: float) -> None:
        self._database = database
        self._clock = clock
        self._kept = timedelta(days=kept_days)
        self._sql = load_queries(__file__)

    async def page(
        self, states: Sequence[str], endpoint: str | None, before: UUID | None, limit: int
    ) -> tuple[list[Record], bool]:
        """Newest first, after a cursor; and whether there are more."""
        rows = await self._database.fetch(self._sql["deliveries_page"], list(states), endpoint, before, limit + 1)
        return rows[:limit], len(rows) > limit

    async def untold(self, limit: int) -> list[Record]:
        """Notices of which no delivery could be made, newest first."""
        return await self._database.fetch(self._sql["notices_in_trouble"], limit)

    async def endpoints(self) -> list[Record]:
        return await self._database.fetch(self._sql["endpoints"])

    async def retry(
        self,
        ids: Sequence[UUID] | None = None,
        endpoint: str | None = None,
        connection: PooledConnection | None = None,
    ) -> int:
        """How many dead letters and untold notices go once more: these, an endpoint's, or all."""
        given = None if ids is None else list(ids)
        now = self._clock.now()
        if connection is None:
            async with self._database.transaction() as own:
                return await self.retry(ids, endpoint, own)
        revived = await connection.fetch(self._sql["retry"], given, now, endpoint)
        spread = [] if endpoint is not None else await connection.fetch(self._sql["respread"], given)
        if endpoint is not None:
            await self.reopen(endpoint, connection)
        return len(revived) + len(spread)

    async def reopen(self, endpoint: str, connection: PooledConnection) -> None:
        """Somebody wants to know whether it works now: it is tried without waiting."""
        await connection.execute(self._sql["reopen_endpoint"], endpoint)

    async def empty(self) -> None:
        """Empties what was personal in notices that are over, and forgets them in the end."""
        now = self._clock.now()
        await self._database.execute(self._sql["empty_addresses"], now - self._kept)
        await self._database.execute(self._sql["empty_notices"], now - self._kept)
        await self._database.execute(self._sql["forget_notices"], now - timedelta(days=_FORGET_DAYS))

"""The parts of the log, one for each month, made before they are needed; any number of servers may do it at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.retention.months import Month

log = logging.getLogger(__name__)

#: This month and so many after it have their part.
_AHEAD = 3
#: Months that are made for what came into the rest, in one tick.
_BEHIND_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of the log: ids from ``low`` on and below ``high``; None: as far as there is anything."""

    name: str
    low: UUID | None
    high: UUID | None
    is_rest: bool

    def holds(self, month: Month) -> bool:
        """Whether something of the month belongs here."""
        if self.is_rest:
            return False
        return (self.low is None or self.low < month.high) and (self.high is None or month.low < self.high)


class Partitions:
    """What no part was made for in time goes into the rest, and from there into its part."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)

    async def listed(self) -> list[Partition]:
        """The oldest first, the rest last."""
        return [Partition(**dict(row)) for row in await self._database.fetch(self._sql["partitions"])]

    async def tick(self) -> None:
        """Makes what is due. Where somebody holds the log for long, the next tick tries again."""
        this_month = Month.of(self._clock.now())
        try:
            await self._make([this_month.plus(ahead) for ahead in range(_AHEAD + 1)])
            for _ in range(_BEHIND_AT_ONCE):
                left = await self._database.fetchval(self._sql["oldest_in_rest"], this_month.plus(_AHEAD).high)
                if left is None:
                    return
                await self._make([Month.of_id(left)])
        except asyncpg.LockNotAvailableError:
            log.info("the log is in use: parts are made later")

    async def _make(self, months: list[Month]) -> None:
        there = await self.listed()
        for month in months:
            if any(part.holds(month) for part in there):
                continue
            async with self._database.transaction() as connection:
                await connection.execute(self._sql["wait_briefly"])
                name = f"events_{month.name}"
                if await connection.fetchval(self._sql["add_partition"], name, month.low, month.high):
                    log.info("a part of the log was made", extra={"part": name})

"""Where in all that was ever said a search looks, so that it takes as long after years as after a day.

Common words stand in the newest conversations already: those are read one by one. Words that do not are looked up in
the index, for the newest month first, then for some more, then for the rest; each time with who may find them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from asyncpg import Record

from database.pool import Database
from database.queries import Queries

#: Conversations that are read without the index: enough for a page where every twentieth fits.
_READ_THROUGH = 800
#: Months that are looked into at once, the newest first; after them all that is left.
_MONTHS = (1, 3, 8)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list of found things goes on: below this time and id."""

    at: datetime
    id: UUID


class Looking:
    """Conversations with certain words that somebody may see, the newest first."""

    def __init__(self, database: Database, sql: Queries) -> None:
        self._database = database
        self._sql = sql

    async def find(self, query: str, scope: Sequence[str] | None, below: Place | None, wanted: int) -> list[Record]:
        """Their ids and times; fewer than wanted where there are no more. ``scope`` None: all of them."""
        place = (below.at, below.id) if below else (None, None)
        read = await self._database.fetch(self._sql["read_through"], query, scope, *place, _READ_THROUGH, wanted)
        found = [row for row in read if row["fits"]]
        if len(found) >= wanted or not read or read[-1]["number"] < _READ_THROUGH:
            return found[:wanted]
        end = read[-1]
        oldest = await self._database.fetchval(self._sql["oldest_searchable"])
        for months in _windows(month_of(end["at"]), month_of(oldest)):
            places = [f"{each}@{month}" for each in scope or ("all",) for month in months]
            found += await self._database.fetch(
                self._sql["find_conversations"], query, places, end["at"], end["id"], wanted - len(found)
            )
            if len(found) >= wanted:
                break
        return found


def _windows(newest: int, oldest: int) -> Iterator[range]:
    at = newest
    for months in (*_MONTHS, newest):
        if at < oldest:
            return
        first = max(at - months + 1, oldest)
        yield range(first, at + 1)
        at = first - 1


def month_of(at: datetime) -> int:
    """As the index counts them: from year 0, in UTC."""
    at = at.astimezone(UTC)
    return at.year * 12 + at.month

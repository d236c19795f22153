"""Places in line as customers are shown them, with the range of their wait: neither ever rises; hands nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Conversation
from router.waiting_room.told import Range, Told, as_stored, hold, told_of

#: The time until the next in line is taken, before anything was measured, for one agent.
_DEFAULT_INTERVAL = timedelta(minutes=2)
_MEASURED = timedelta(hours=4)
_LEAST_INTERVAL, _MOST_INTERVAL = timedelta(seconds=5), timedelta(minutes=10)
_LEAST_MEASURED = 3
#: What is measured of a group holds for so long within one look at the whole line.
_PACE_HOLDS = timedelta(seconds=5)
#: Rows are held while they are written: few at a time, so that nobody's message has to wait for them.
_AT_ONCE = 10
_LOOKED_AT = 100
#: Between them everybody else has their turn.
_PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Place:
    """What a customer is shown: the place from 1, and the range; ``slower`` stands instead once it took longer."""

    position: int
    eta: Range | None = None
    slower: Range | None = None

    @classmethod
    def of(cls, position: int, told: Told) -> Place:
        late = told.slower_at is not None
        return cls(position, None if late else told.eta, told.slower if late else None)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who stands before somebody, and the time in which the group takes one more; None where nobody is there to."""

    people: int
    interval: timedelta | None


@dataclass(frozen=True, slots=True)
class PlaceNews:
    """A place that somebody has to be told."""

    conversation_id: UUID
    customer_id: UUID
    place: Place


class Places:
    """Remembers in the row what was shown; a range is held as `told` says."""

    def __init__(self, database: Database, clock: Clock, alive_since: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._alive_since = alive_since
        self._sql = load_queries(Path(__file__))
        self._paces: dict[UUID, tuple[datetime, timedelta | None]] = {}

    async def of(self, row: Conversation) -> Place:
        """The place of a waiting conversation now; what is returned counts as shown."""
        ahead, interval = await self._measured(row.group_id, row.rank_at, row.id)
        position = min(ahead + 1, row.shown_position or ahead + 1)
        before = told_of(row.told)
        told = hold(before, _range(position, interval), self._clock.now())
        if position != row.shown_position or told != before:
            await self._show([(row.id, position, told, row.told)])
        return Place.of(position, told)

    def shown(self, row: Conversation) -> Place | None:
        """The place that a waiting conversation was last shown, if any."""
        return None if row.shown_position is None else Place.of(row.shown_position, told_of(row.told))

    async def ahead(self, group_id: UUID, rank_at: datetime, conversation_id: UUID) -> Ahead:
        """What somebody who joins with this rank would have before them."""
        return Ahead(*await self._measured(group_id, rank_at, conversation_id))

    def joins(self, fields: dict[str, Any], ahead: Ahead, now: datetime) -> Place:
        """Puts the place of somebody who joins into the columns of the change, as shown."""
        position = ahead.people + 1
        told = hold(told_of(fields.get("told")), _range(position, ahead.interval), now)
        fields |= {"shown_position": position, "told": as_stored(told)}
        return Place.of(position, told)

    async def expected(self, row: Conversation) -> Range | None:
        """The range as it is measured now, whatever was told; None where nobody is there."""
        ahead, interval = await self._measured(row.group_id, row.rank_at, row.id)
        return _range(min(ahead + 1, row.shown_position or ahead + 1), interval)

    async def fallen(self, but: Set[UUID] = frozenset()) -> AsyncIterator[Sequence[PlaceNews]]:
        """Everybody whose place has become smaller, a few at a time; what is yielded counts as shown.

        Those in ``but`` have to wait for the next time.
        """
        now = self._clock.now()
        seen = set(but)
        while rows := await self._database.fetch(self._sql["fallen_places"], list(seen), _LOOKED_AT):
            for start in range(0, len(rows), _AT_ONCE):
                if start or seen != but:
                    await asyncio.sleep(_PAUSE_SECONDS)
                shown = {}
                for row in rows[start : start + _AT_ONCE]:
                    interval = await self._pace(row["group_id"])
                    shown[row["id"]] = (row, hold(told_of(row["told"]), _range(row["position"], interval), now))
                    seen.add(row["id"])
                kept = await self._show(
                    [(row["id"], row["position"], told, row["told"]) for row, told in shown.values()]
                )
                yield [
                    PlaceNews(row["id"], row["customer_id"], Place.of(row["position"], told))
                    for row, told in shown.values()
                    if row["id"] in kept
                ]
            if len(rows) < _LOOKED_AT:
                return

    async def _show(self, shown: Sequence[tuple[UUID, int, Told, dict[str, object] | None]]) -> set[UUID]:
        """Who is really shown it: a row that was told something else meanwhile is left for the next time."""
        rows = await self._database.fetch(
            self._sql["show_places"],
            [conversation_id for conversation_id, *_ in shown],
            [position for _, position, *_ in shown],
            [as_stored(told) for *_, told, _ in shown],
            [before for *_, before in shown],
        )
        return {row["id"] for row in rows}

    async def _pace(self, group_id: UUID) -> timedelta | None:
        now = self._clock.now()
        known = self._paces.get(group_id)
        if known is None or now - known[0] > _PACE_HOLDS:
            _, interval = await self._measured(group_id, None, None)
            self._paces[group_id] = known = (now, interval)
        return known[1]

    async def _measured(
        self, group_id: UUID | None, rank_at: datetime | None, conversation_id: UUID | None
    ) -> tuple[int, timedelta | None]:
        """Who stands before, and the time in which the group takes one more; None where nobody is there to."""
        row = await self._database.fetchrow(
            self._sql["place_of"],
            group_id,
            rank_at,
            conversation_id,
            self._alive_since(),
            self._clock.now() - _MEASURED,
        )
        assert row is not None
        if row["online"] == 0:
            return row["ahead"], None
        taken: list[datetime] = row["taken_at"] or []
        interval = _DEFAULT_INTERVAL / row["online"]
        if len(taken) >= _LEAST_MEASURED:
            interval = max(_LEAST_INTERVAL, (taken[0] - taken[-1]) / (len(taken) - 1))
        return row["ahead"], min(interval, _MOST_INTERVAL)


def _range(position: int, interval: timedelta | None) -> Range | None:
    if interval is None:
        return None
    expected = position * interval.total_seconds()
    return int(expected * 0.7), int(expected * 1.3) + 60

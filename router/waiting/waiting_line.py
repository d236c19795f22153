"""The waiting line: who is in it, in which order, what place and wait a customer is told; hands nobody out itself."""

from __future__ import annotations

import logging
from collections.abc import Set
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Conversation
from router.errors import Unavailable
from router.waiting.head_start import HeadStarts, rank
from router.waiting.hours import Calendar
from router.waiting.order import FIRST
from router.waiting.records import Assignment, Availability, Group

log = logging.getLogger(__name__)

#: The expected time until the next in line is taken, before anything was measured, in seconds.
_DEFAULT_INTERVAL_SECONDS = 120.0
_MEASURED_HOURS = 4


class WaitingLine:
    """Reads the line and computes places in it; changes go through the journal with the columns made here."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        calendar: Calendar,
        head_starts: HeadStarts,
        *,
        assignment: Assignment,
        sign_of_life_seconds: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._calendar = calendar
        self._head_starts = head_starts
        self._assignment: Assignment = assignment
        self._sign_of_life_seconds = sign_of_life_seconds
        self._sql = load_queries(Path(__file__))

    async def group_for(self, topic: str | None) -> Group:
        """The group that a topic names, else the default one; `Unavailable` before any group exists."""
        row = None
        if topic:
            row = await self._database.fetchrow(self._sql["group_by_name"], topic)
        row = row or await self._database.fetchrow(self._sql["default_group"])
        if row is None:
            raise Unavailable("no group takes conversations yet")
        return Group.from_row(row, self._assignment)

    async def group(self, group_id: UUID) -> Group | None:
        row = await self._database.fetchrow(self._sql["group_by_id"], group_id)
        return Group.from_row(row, self._assignment) if row else None

    async def availability(self, group: Group) -> Availability:
        now = self._clock.now()
        online = await self._database.fetchval(self._sql["agents_online"], group.id, self.alive_since())
        calendar = self._calendar_of(group)
        return Availability(group, calendar.is_open(now), online, calendar.opens_at(now), calendar)

    def _calendar_of(self, group: Group) -> Calendar:
        if group.hours is None:
            return self._calendar
        try:
            return self._calendar.with_weekly(group.hours)
        except ValueError as error:  # written past the API, which checks them
            log.warning("group %s: its hours are left aside: %s", group.id, error)
            return self._calendar

    def alive_since(self) -> datetime:
        """An agent whose last sign of life is older than this is not there."""
        return self._clock.now() - timedelta(seconds=self._sign_of_life_seconds)

    def join(
        self,
        conversation: Conversation,
        *,
        tier: str,
        urgency: str = "normal",
        emotion: str = "neutral",
        first: bool = False,
    ) -> dict[str, Any]:
        """The columns of a place in the line. ``first`` puts it at the head; an earlier `joined_at` is kept."""
        joined_at = conversation.joined_at or self._clock.now()
        head_start = self._head_starts.explain(tier=tier, urgency=urgency, emotion=emotion)
        return {
            "joined_at": joined_at,
            "head_start": head_start,
            "rank_at": FIRST if first else rank(joined_at, head_start),
        }

    async def place(self, conversation: Conversation) -> tuple[int, tuple[int, int] | None]:
        """The place in line, from 1, and the expected wait in seconds, low and high; None where nobody is there."""
        ahead = await self._database.fetchval(
            self._sql["ahead_of"], conversation.group_id, conversation.rank_at, conversation.id
        )
        position = ahead + 1
        if conversation.shown_position is not None:
            position = min(position, conversation.shown_position)
        assert conversation.group_id is not None
        return position, await self.expected_wait(conversation.group_id, position)

    async def expected_wait(self, group_id: UUID, position: int) -> tuple[int, int] | None:
        """A range from the pace at which the group took conversations lately."""
        now = self._clock.now()
        online = await self._database.fetchval(self._sql["agents_online"], group_id, self.alive_since())
        if online == 0:
            return None
        rows = await self._database.fetch(self._sql["recent_waits"], group_id, now - timedelta(hours=_MEASURED_HOURS))
        interval = _DEFAULT_INTERVAL_SECONDS / online
        if len(rows) >= 3:
            interval = max(5.0, (rows[0]["assigned_at"] - rows[-1]["assigned_at"]).total_seconds() / (len(rows) - 1))
        expected = position * min(interval, 600.0)
        return int(expected * 0.7), int(expected * 1.3) + 60

    async def changed_places(self, just_told: Set[UUID]) -> list[tuple[UUID, UUID, int, tuple[int, int] | None]]:
        """Whose shown place has become smaller: (conversation, customer, place, expected wait); remembers it as shown.

        Those in ``just_told`` have to wait for the next time.
        """
        counts: dict[UUID, int] = {}
        changed: list[tuple[UUID, UUID, UUID, int]] = []
        for row in await self._database.fetch(self._sql["whole_line"]):
            position = counts[row["group_id"]] = counts.get(row["group_id"], 0) + 1
            rose = row["shown_position"] is not None and position >= row["shown_position"]
            if not rose and row["id"] not in just_told:
                changed.append((row["id"], row["customer_id"], row["group_id"], position))
        if not changed:
            return []
        await self._database.execute(self._sql["show_positions"], [c[0] for c in changed], [c[3] for c in changed])
        return [
            (conversation_id, customer_id, position, await self.expected_wait(group_id, position))
            for conversation_id, customer_id, group_id, position in changed
        ]

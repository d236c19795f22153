"""Whom nothing is taken from for now: asked at every event, so it stands in memory and is read again by a tick."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.messages import message
from router.conversations.records import NOTHING, SYSTEM, Change, Conversation
from router.conversations.transitions import state_event, to_closed
from router.errors import Forbidden

_AT_ONCE = 200


class Refused(Forbidden):
    """Messages cannot be taken here for now."""


class Gate:
    """A block is effective here at once and in other processes with their next tick; it ends with its time."""

    def __init__(self, database: Database, journal: Journal, wording: Wording, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._wording = wording
        self._clock = clock
        self._sql = load_queries(__file__)
        self._until: dict[UUID, datetime] = {}

    def note(self, customer_id: UUID, blocked_until: datetime | None) -> None:
        """What is known of a customer from this moment on."""
        if blocked_until is None:
            self._until.pop(customer_id, None)
        else:
            self._until[customer_id] = blocked_until

    def require_open(self, customer_id: UUID) -> None:
        """Raises `Refused` for a customer who is blocked; the words say nothing about why."""
        until = self._until.get(customer_id)
        if until is not None and self._clock.now() < until:
            raise Refused

    async def tick(self) -> None:
        """Reads who is blocked, and ends what they have open."""
        now = self._clock.now()
        rows = await self._database.fetch(self._sql["blocked_now"], now)
        self._until = {row["id"]: row["blocked_until"] for row in rows}
        if not self._until:
            return
        for row in await self._database.fetch(self._sql["still_open"], now, _AT_ONCE):
            await self._journal.write(row["id"], self._end)

    def _end(self, row: Conversation, moment: Moment) -> Change:
        if not row.is_open:
            return NOTHING
        words = self._wording.say("ended_for_now", row.locale or "zh-CN")
        return Change(
            events=(message(SYSTEM, words), state_event("closed", "blocked")),
            fields=to_closed(row, "blocked", moment.now, None),
        )

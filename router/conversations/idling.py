"""Ends conversations in which the customer fell silent: asks first where a human spoke last; never while we owe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations import tongue
from router.conversations.batch import Decide, Moment
from router.conversations.journal import Journal
from router.conversations.messages import message
from router.conversations.records import NOTHING, SYSTEM, Change, Conversation
from router.conversations.transitions import state_event, to_closed

_AT_ONCE = 200


class Idling:
    """Claims nothing in memory: what is due is read from the database and decided again under the row's lock."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        wording: Wording,
        clock: Clock,
        *,
        warn_minutes: float,
        close_minutes: float,
        bot_minutes: float,
    ) -> None:
        self._database = database
        self._journal = journal
        self._wording = wording
        self._clock = clock
        self.retune(warn_minutes=warn_minutes, close_minutes=close_minutes, bot_minutes=bot_minutes)
        self._sql = load_queries(Path(__file__))

    def retune(self, *, warn_minutes: float, close_minutes: float, bot_minutes: float) -> None:
        """Other times, from the next look on."""
        self._warn_after = timedelta(minutes=warn_minutes)
        self._close_after = timedelta(minutes=close_minutes)
        self._bot_after = timedelta(minutes=bot_minutes)
        self._close_minutes = max(1, round(close_minutes))

    async def tick(self) -> None:
        """Warns or ends whatever is due."""
        now = self._clock.now()
        due = await self._database.fetch(self._sql["idle"], now - self._warn_after, now - self._bot_after, _AT_ONCE)
        for row in due:
            await self._end(row["id"])

    async def _end(self, conversation_id: UUID) -> None:
        await self._journal.write(conversation_id, self._decide())

    def _decide(self) -> Decide:
        def decide(row: Conversation, moment: Moment) -> Change:
            if row.held_until is not None and row.held_until > moment.now:
                return NOTHING  # we have promised to come back: until then the silence is ours
            silent = moment.now - max(row.last_at, row.held_until or row.last_at)
            if row.state == "bot" and not row.owes_an_answer and silent >= self._bot_after:
                return Change(events=(state_event("closed", "idle"),), fields=to_closed(row, "idle", moment.now, None))
            if row.state != "human" or row.last_kind != "agent" or silent < self._warn_after:
                return NOTHING
            locale = tongue.language_of(row)
            if row.idle_warned_at is None:
                warning = message(SYSTEM, self._wording.idle_warning(self._close_minutes, locale))
                return Change(events=(warning,), fields={"idle_warned_at": moment.now, "last_at": row.last_at})
            if moment.now - row.idle_warned_at < self._close_after:
                return NOTHING
            goodbye = message(SYSTEM, self._wording.idle_closed(locale))
            return Change(
                events=(goodbye, state_event("closed", "idle")), fields=to_closed(row, "idle", moment.now, None)
            )

        return decide

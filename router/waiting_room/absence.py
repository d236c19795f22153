"""Places of customers who have closed every page: kept for a while, then given up politely; nothing said is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Set
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from asyncpg import Record

from bot.waiting_words import WaitingWords
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.hand_off import HandOff
from router.conversations.journal import Journal
from router.conversations.messages import bot_says
from router.conversations.records import NOTHING, SYSTEM, Change, Conversation
from router.conversations.transitions import state_event, to_bot
from router.notifications.records import Reach
from router.tickets.records import NewTicket
from router.tickets.tickets import Tickets
from router.waiting.waiting_line import WaitingLine
from router.waiting_room.reaching import via_of

_AT_ONCE = 100
#: All pages at once would keep the database from everybody else for ten milliseconds.
_NOTED_AT_ONCE, _PAUSE_SECONDS = 200, 0.005


class Absence:
    """Who is here is written down, so that a restart takes nobody's place: pages come back within seconds."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        line: WaitingLine,
        hand_off: HandOff,
        tickets: Tickets,
        words: WaitingWords,
        customers_here: Callable[[], Set[UUID]],
        clock: Clock,
        *,
        keep_minutes: float,
        reach: Reach,
    ) -> None:
        """``customers_here``: who has a page open at this process."""
        self._database = database
        self._journal = journal
        self._line = line
        self._hand_off = hand_off
        self._tickets = tickets
        self._words = words
        self._customers_here = customers_here
        self._clock = clock
        self._keep = timedelta(minutes=keep_minutes)
        self._reach = reach
        self._sql = load_queries(Path(__file__))

    async def tick(self) -> None:
        """Notes who is here, and ends the waits of those who have been away for too long."""
        now = self._clock.now()
        here = self._customers_here()
        pages = list(here)
        for start in range(0, len(pages), _NOTED_AT_ONCE):
            await self._database.execute(self._sql["pages_seen"], pages[start : start + _NOTED_AT_ONCE], now)
            await asyncio.sleep(_PAUSE_SECONDS)
        for gone in await self._database.fetch(self._sql["gone"], now - self._keep, _AT_ONCE):
            if gone["customer_id"] not in here:
                await self._give_up(gone)

    async def forget(self) -> None:
        """Signs of pages that no wait needs any more."""
        await self._database.execute(self._sql["forget_pages"], self._clock.now() - self._keep)

    async def _give_up(self, gone: Record) -> None:
        reachable = gone["has_phone"] or gone["has_email"]
        via = via_of(self._reach, phone=gone["has_phone"], email=gone["has_email"])
        group = await self._line.group(gone["group_id"])
        availability = None if group is None else await self._line.availability(group)

        def decide(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting":
                return NOTHING
            locale = tongue.language_of(row)
            if not reachable:
                left = state_event("bot", "left_queue")
                return Change(events=(bot_says(self._words.given_up(locale)), left), fields=to_bot(row, "left_queue"))
            drafted = self._tickets.draft(row, moment, NewTicket(actor=SYSTEM, source="message_left"))
            reply_by = None if availability is None else self._hand_off.reply_by(availability, locale)
            said = bot_says(self._words.given_up_left(reply_by, locale, via))
            return Change(
                events=(drafted.event, said, state_event("bot", "message_left")),
                fields=to_bot(row, "message_left"),
                also=drafted.statements,
                counted=drafted.counter,
            )

        counter = self._tickets.counter_name(self._clock.now()) if reachable else None
        await self._journal.write(gone["id"], decide, counter=counter)

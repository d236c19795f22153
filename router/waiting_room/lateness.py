"""Says once that a wait takes longer than was told, and that the desk has closed meanwhile; moves nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from msgspec import structs

from bot.waiting_words import WaitingWords
from bot.wording import Via
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations import tongue
from router.conversations.batch import Decide, Moment
from router.conversations.hand_off import HandOff
from router.conversations.journal import Journal
from router.conversations.messages import bot_says
from router.conversations.records import NOTHING, Change, Conversation
from router.waiting.records import Availability
from router.waiting.waiting_line import WaitingLine
from router.waiting_room.places import Place, Places
from router.waiting_room.told import Range, as_stored, is_late, say_late, told_of

_AT_ONCE = 200

Tell = Callable[[Conversation, Place], Awaitable[None]]


class Lateness:
    """What is due is read from the database and decided again under the row's lock: a restart says nothing twice."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        line: WaitingLine,
        places: Places,
        hand_off: HandOff,
        words: WaitingWords,
        tell: Tell,
        clock: Clock,
        *,
        via: Via = None,
    ) -> None:
        """``tell`` shows the new place to the customer's pages."""
        self._database = database
        self._journal = journal
        self._line = line
        self._places = places
        self._hand_off = hand_off
        self._words = words
        self._tell = tell
        self._clock = clock
        self._via = via
        self._sql = load_queries(Path(__file__))

    async def tick(self) -> None:
        """Tells whoever has not heard."""
        for late in await self._database.fetch(self._sql["late"], self._clock.now(), _AT_ONCE):
            await self._apologise(Conversation.from_row(late))
        for group in await self._database.fetch(self._sql["waiting_groups"]):
            await self._close(group["group_id"])

    async def _apologise(self, row: Conversation) -> None:
        availability = await self._availability(row.group_id)
        if availability is None or availability.after_hours:
            return  # that the desk has closed says more
        eta = await self._places.expected(row)
        committed = await self._journal.write(row.id, self._late(availability, eta))
        after = committed.conversation
        if committed.events:
            await self._tell(after, Place.of(after.shown_position or 1, told_of(after.told)))

    def _late(self, availability: Availability, eta: Range | None) -> Decide:
        def decide(row: Conversation, moment: Moment) -> Change:
            before = told_of(row.told)
            if row.state != "waiting" or not is_late(before, moment.now):
                return NOTHING
            told, sorry = say_late(before, eta, moment.now)
            locale = tongue.language_of(row)
            text = self._words.late(
                eta,
                self._hand_off.reply_by(availability, locale),
                locale,
                sorry=sorry,
                angry=(row.signals or {}).get("emotion") == "angry",
            )
            said = bot_says(text, "leave_message", "book_callback")
            return Change(events=(said,), fields={"told": as_stored(told)})

        return decide

    async def _close(self, group_id: UUID) -> None:
        availability = await self._availability(group_id)
        if availability is None or availability.within_hours:
            return
        there = await self._line.there(
            group_id
        )  # who works late is a human all the same, but not for whom they let wait
        for row in await self._database.fetch(self._sql["not_told_of_closing"], group_id, _AT_ONCE, there):
            await self._journal.write(row["id"], self._closed(availability))

    def _closed(self, availability: Availability) -> Decide:
        def decide(row: Conversation, moment: Moment) -> Change:
            told = told_of(row.told)
            if row.state != "waiting" or told.closed:
                return NOTHING
            locale = tongue.language_of(row)
            hours, reply_by = availability.calendar.text(locale), self._hand_off.reply_by(availability, locale)
            said = bot_says(self._words.closed(hours, reply_by, locale, self._via), "leave_message", "book_callback")
            return Change(events=(said,), fields={"told": as_stored(structs.replace(told, closed=True))})

        return decide

    async def _availability(self, group_id: UUID | None) -> Availability | None:
        group = None if group_id is None else await self._line.group(group_id)
        return None if group is None else await self._line.availability(group)

"""Brings an agent up to date: the summary of a conversation, the first sentence, the wrap-up, what was alike before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from bot.helping_words import first_sentence
from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.log import event_from_row
from router.conversations.records import Conversation
from router.conversations.tongue import language_of
from router.help.suggesting import Geometry, Suggesting
from router.help.summary import Summary, summarise
from router.help.views import BriefView, SimilarCase, SimilarTicket, SimilarView, WrapUpView
from router.help.wrapping_up import guess
from router.payloads.log import Event
from router.promises.promises import Promises, Wanted
from router.waiting.hours import Calendar

_SHOWN = 5
_LOOKED_AT = 60
_LEAST = 0.2  # below it two questions have little in common


class Briefing:
    """Who calls has checked that the colleague may see the conversation."""

    def __init__(
        self, database: Database, suggesting: Suggesting, promises: Promises, calendar: Callable[[], Calendar],
        wording: Wording, clock: Clock,
    ) -> None:  # fmt: skip
        self._database = database
        self._suggesting = suggesting
        self._promises = promises
        self._calendar = calendar
        self._wording = wording
        self._clock = clock
        self._sql = load_queries(__file__)

    async def summary(self, row: Conversation) -> Summary:
        """Of the whole conversation so far, with what is promised to its customer."""
        rows = await self._database.fetch(self._sql["log_to_summarise"], [row.id])
        return await self._summary(row, [event_from_row(each) for each in rows])

    async def lines(self, rows: Sequence[Conversation]) -> Mapping[UUID, str]:
        """Each in one line, for offers; what nothing can be said of is left out."""
        if not rows:
            return {}
        found = await self._database.fetch(self._sql["log_to_summarise"], [row.id for row in rows])
        events = [event_from_row(each) for each in found]
        told = {}
        for row in rows:
            own = [event for event in events if event.conversation_id == row.id]
            line = summarise(own, card=row.card, signals=row.signals).line()
            if line:
                told[row.id] = line
        return told

    async def brief(self, colleague: Colleague, row: Conversation) -> BriefView:
        """Everything an agent should have read before the first word."""
        summary = await self.summary(row)
        wrap_up = guess(row.signals, row.topic, summary)
        matter = summary.newest or summary.question
        is_fault = (wrap_up.category or "").startswith("故障")
        sentence = first_sentence(
            colleague.ref.name, matter.text if matter else None, language_of(row), is_fault=is_fault
        )  # fmt: skip
        return BriefView(
            summary=None if summary.is_empty else summary.text(),
            first_sentence=sentence,
            wrap_up=WrapUpView(category=wrap_up.category, cause=wrap_up.cause, tags=list(wrap_up.tags)),
        )

    async def similar(self, colleague: Colleague, row: Conversation) -> SimilarView:
        """Solved conversations and tickets about the same, likeliest first, as far as the colleague may see them.

        Raises `QuestionNotEncoded`.
        """
        question = await self._suggesting.question(row)
        if question is None:
            return SimilarView(conversations=[], tickets=[])
        near = [
            one
            for one in self._suggesting.near(question, _LOOKED_AT)
            if one.chance >= _LEAST and one.case.conversation_id != row.id
        ]
        groups = None if colleague.is_supervisor else sorted(colleague.group_ids)
        chances = {one.case.ticket_id or one.case.conversation_id: one.chance for one in reversed(near)}
        talks = [one.case.conversation_id for one in near if one.case.ticket_id is None]
        tickets = [one.case.ticket_id for one in near if one.case.ticket_id is not None]
        encoder = Geometry(question.serving).fingerprint
        read = await self._database.fetch(self._sql["cases_read"], talks, encoder, groups, colleague.ref.id)
        read_tickets = await self._database.fetch(self._sql["tickets_read"], tickets, groups, colleague.ref.id)
        conversations = [
            SimilarCase(
                conversation_id=each["conversation_id"], question=each["question"], reply=each["reply"],
                by=each["agent"], closed_at=each["closed_at"], wrap_up=each["wrap_up"],
                same_customer=each["customer_id"] == row.customer_id,
                confidence=round(chances[each["conversation_id"]], 4),
            )
            for each in read
            if each["question"]
        ]  # fmt: skip
        found_tickets = [
            SimilarTicket(
                number=each["number"], title=each["title"], status=each["status"], level=each["level"],
                reply=each["reply"], solved_at=each["solved_at"], confidence=round(chances[each["id"]], 4),
            )
            for each in read_tickets
        ]  # fmt: skip
        return SimilarView(
            conversations=sorted(conversations, key=lambda one: -one.confidence)[:_SHOWN],
            tickets=sorted(found_tickets, key=lambda one: -one.confidence)[:_SHOWN],
        )

    async def _summary(self, row: Conversation, events: Sequence[Event]) -> Summary:
        wanted = Wanted(None, None, row.id, "open", None, False, None, row.customer_id, None, 3)
        now, zone = self._clock.now(), self._calendar().zone
        promised = []
        for promise in await self._promises.listed(wanted):
            when = self._wording.moment(promise.due_at.astimezone(zone), now.astimezone(zone), "zh-CN")
            if promise.text:
                promised.append(f"{promise.text}（{when}前）")
        return summarise(events, card=row.card, signals=row.signals, promised=promised)

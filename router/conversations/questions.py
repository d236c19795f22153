"""What the bot still owes: gathers the fragments of a question, asks the bot once, posts the answer in order.

One small task per conversation with an open question, none without. The database knows what is owed, so a question
survives a crash: `sweep` picks up whatever no task is working on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from msgspec import structs

from bot.answering import Answerer
from bot.context import Context, after
from bot.records import Answer, Clarification, Handoff, SmallTalk, Turn
from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from kb_index.records import Scope
from models.batching import EncoderBusy
from router.conversations import moods, tongue
from router.conversations.batch import Moment
from router.conversations.contexts import Contexts, context_to_json
from router.conversations.fragments import Question, chosen, is_whole, only_files
from router.conversations.hand_off import HandOff, asked_in
from router.conversations.journal import Journal
from router.conversations.log import as_event, event_from_row
from router.conversations.loose_ends import LooseEnds
from router.conversations.messages import bot_message, bot_says
from router.conversations.ready import Ready, verdict_on
from router.conversations.records import NOTHING, Change, Committed, Conversation, NewEvent, files_of, text_of
from router.conversations.sayings import Sayings
from router.errors import YingdaError
from router.observing.turns import turn_id
from router.payloads.log import Event

log = logging.getLogger(__name__)

#: Fragments of one question arrive within this time of each other, in seconds.
_FRAGMENT_SPAN_SECONDS = 8.0
#: Longer than a process that lives needs for an answer.
_ANSWER_SECONDS = 3.0
#: Conversations whose question is being worked on at once; the sweeper comes to the others, which the database knows.
_MOST_OPEN = 5_000


@dataclass(slots=True)
class _Open:
    """A conversation with an unanswered question: the newest row and the messages not yet answered."""

    row: Conversation
    messages: list[Event] = field(default_factory=list)
    #: Others are owed too, left by a crash or taken in by another server: they have to be read first.
    owes_more: bool = False
    more: asyncio.Event = field(default_factory=asyncio.Event)
    typed_at: datetime | None = None


class Questions:
    """Turns unanswered customer messages into decisions of the bot."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        answerer: Answerer,
        hand_off: HandOff,
        clock: Clock,
        *,
        fragment_wait_seconds: float,
        group_name: str,
        observe: Callable[[str, float], None] = lambda stage, seconds: None,
        alone: bool = True,
    ) -> None:
        """``observe`` hears how long a turn of the bot took, in seconds; ``alone``: no other process answers."""
        self._observe = observe
        self._alone = alone
        self._database = database
        self._journal = journal
        self._answerer = answerer
        self._hand_off = hand_off
        self._clock = clock
        self._wait_seconds = fragment_wait_seconds
        self._group_name = group_name
        self._sql = load_queries(Path(__file__))
        self._open: dict[UUID, _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._contexts = Contexts(database)
        self._sayings = Sayings()
        self._loose_ends = LooseEnds(database, answerer.awaits_more, within_seconds=_FRAGMENT_SPAN_SECONDS, alone=alone)

    @property
    def open(self) -> int:
        """Conversations whose question is being worked on."""
        return len(self._open)

    def ask(self, before: Conversation, row: Conversation, message: Event) -> None:
        """A committed message of a customer to the bot, with the conversation before and after it."""
        waiting = self._open.get(row.id)
        if waiting is None:
            if len(self._open) < _MOST_OPEN:
                self._start(_Open(row, [message], owes_more=before.owes_an_answer))
        else:
            known = any(before.question_seq == each.seq for each in waiting.messages)
            waiting.owes_more |= before.owes_an_answer and not known
            waiting.row = row
            waiting.messages.append(message)
            waiting.more.set()

    def forget(self, conversation_id: UUID, seq: int) -> None:
        """A message was taken back: if it is not answered yet, it is not part of the question any more."""
        self._contexts.forget_words(conversation_id)
        self._loose_ends.forget(conversation_id)
        if waiting := self._open.get(conversation_id):
            waiting.messages = [message for message in waiting.messages if message.seq != seq]
            waiting.more.set()

    def did_not_help(self, conversation_id: UUID, target: Event) -> None:
        """没帮助 under a message of the bot: what it said is not said again."""
        self._contexts.refuse(conversation_id, target)

    def typing(self, conversation_id: UUID) -> None:
        """The customer is typing: an unfinished question gets a little more time."""
        if waiting := self._open.get(conversation_id):
            waiting.typed_at = self._clock.now()

    async def sweep(self, older_than_seconds: float = 3.0) -> None:
        """Takes up questions that nobody works on: after a crash, or where the bot's answer could not be stored.

        Another process may be working on it: whose answer comes second stores none. What may be half a question is left
        to the other one for as long as it may wait for the rest.
        """
        if not self._alone:
            older_than_seconds = max(older_than_seconds, _ANSWER_SECONDS)
        before = self._clock.now() - timedelta(seconds=older_than_seconds)
        for owed in await self._database.fetch(self._sql["owed"], before, 500):
            if owed["id"] in self._open:
                continue
            if len(self._open) >= _MOST_OPEN:
                return
            record = await self._database.fetchrow(self._sql["conversation"], owed["id"])
            if record is None:
                continue
            row = Conversation.from_row(record)
            rows = await self._database.fetch(self._sql["customer_messages_after"], row.id, row.answered_seq)
            messages = [event_from_row(each) for each in rows]
            if row.id in self._open:
                continue
            if messages and not self._alone and self._is_being_typed(messages):
                continue
            if messages:
                self._start(_Open(row, messages))
            else:  # everything that was asked was taken back
                await self._journal.write(row.id, _nothing_owed)

    def _is_being_typed(self, messages: list[Event]) -> bool:
        """Whether another process may still wait for the rest of this question."""
        question = self._leading_question(messages)
        waits_until = question.messages[-1].at + timedelta(seconds=_FRAGMENT_SPAN_SECONDS + _ANSWER_SECONDS)
        return question.unfinished and self._clock.now() < waits_until

    async def drain(self) -> None:
        """Waits for the answers that are being made; what is left undone stays owed in the database."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()

    def _start(self, waiting: _Open) -> None:
        self._open[waiting.row.id] = waiting
        task = asyncio.create_task(self._work(waiting))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, waiting: _Open) -> None:
        conversation_id = waiting.row.id
        if turn_id.get() is None:  # left over from another life
            turn_id.set(f"{conversation_id}:{waiting.messages[-1].seq}")
        try:
            while waiting.messages:
                if waiting.owes_more:
                    await self._read_what_is_owed(waiting)
                question = self._leading_question(waiting.messages)
                if question.unfinished and await self._more_comes(waiting, question.messages[-1].at):
                    continue
                if question.unfinished and not self._alone and await self._more_came_elsewhere(waiting):
                    continue
                began = time.perf_counter()
                committed = await self._answer(waiting, question.messages)
                self._observe("turn", time.perf_counter() - began)
                answered = max(committed.conversation.answered_seq, question.messages[-1].seq)
                waiting.row = committed.conversation
                waiting.messages = [message for message in waiting.messages if message.seq > answered]
                if committed.conversation.state != "bot":
                    return
        except (YingdaError, DatabaseUnavailable) as error:
            extra = {"conversation_id": str(conversation_id)}
            log.warning("answer not stored: %s", getattr(error, "code", "no database"), extra=extra)
        except Exception:  # the edge of this task; the question stays owed and the sweeper tries again
            log.exception("answering failed", extra={"conversation_id": str(conversation_id)})
        finally:
            self._open.pop(conversation_id, None)

    async def _read_what_is_owed(self, waiting: _Open) -> None:
        """Answers come in the order of the questions, also after a crash: the newest one must not overtake."""
        sql, row, waiting.owes_more = self._sql["customer_messages_after"], waiting.row, False
        earlier = [event_from_row(each) for each in await self._database.fetch(sql, row.id, row.answered_seq)]
        by_seq = {message.seq: message for message in (*earlier, *waiting.messages)}
        waiting.messages = [by_seq[seq] for seq in sorted(by_seq)]

    async def _more_came_elsewhere(self, waiting: _Open) -> bool:
        """The rest of a question may have come through another process, after a reconnection. True when it did."""
        record = await self._database.fetchrow(self._sql["conversation"], waiting.row.id)
        if record is None or record["question_seq"] <= waiting.messages[-1].seq:
            return False
        waiting.row = Conversation.from_row(record)
        await self._read_what_is_owed(waiting)
        waiting.messages = [message for message in waiting.messages if message.seq > record["answered_seq"]]
        return True

    async def _more_comes(self, waiting: _Open, last_at: datetime) -> bool:
        """Waits for the rest of an unfinished question; longer while the customer is typing. True when more came."""
        waiting.more.clear()
        until = last_at + timedelta(seconds=self._wait_seconds)
        limit = last_at + timedelta(seconds=_FRAGMENT_SPAN_SECONDS)
        while True:
            if waiting.typed_at is not None:
                until = min(limit, max(until, waiting.typed_at + timedelta(seconds=self._wait_seconds)))
            left = (until - self._clock.now()).total_seconds()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(waiting.more.wait(), min(left, self._wait_seconds))
            except TimeoutError:
                continue
            return True

    def _leading_question(self, messages: list[Event]) -> Question:
        """The first question of the unanswered messages: fragments up to a finished one, and loose ends after it."""
        taken: list[Event] = []
        finished = False
        for message in messages:
            whole = is_whole(message)
            if finished and (whole or not self._is_loose(message)):
                break
            taken.append(message)
            text = " ".join(text_of(each) for each in taken)
            finished = finished or whole or not (only_files(taken) or self._answerer.awaits_more(text))
        return Question(taken, not finished)

    def _is_loose(self, message: Event) -> bool:
        """What comes after a finished question and belongs to it all the same."""
        return only_files([message]) or self._answerer.awaits_more(text_of(message))

    async def _answer(self, waiting: _Open, messages: list[Event]) -> Committed:
        seen = waiting.row
        context = await self._contexts.of(seen, messages[0].seq)
        loose_end = None if is_whole(messages[0]) else await self._loose_ends.before(seen, messages[0])
        turn = self._turn(seen, messages, context, await self._hand_off.humans_available(), loose_end)
        try:
            decision = await self._answerer.answer(turn)
        except EncoderBusy:
            return await self._say_busy(waiting, messages[-1])
        if seen.preferred_agent is not None and not isinstance(decision, Answer | SmallTalk | Handoff):
            reason: str | None = "rule"  # back on the same matter within a day: no second round with the bot
        else:
            reason = decision.reason if isinstance(decision, Handoff) else None
        group_id = seen.group_id if seen.preferred_agent is not None else None
        group_name = decision.group if isinstance(decision, Handoff) and group_id is None else ""
        prospect = None
        if reason is not None:
            asked = asked_in(seen, rule=group_name or None, read=decision.analysis.topic)
            prospect = await self._hand_off.prospect(seen.customer_id, asked, group_id, of=seen)
        remains = after(context, turn, decision)
        words = decision.text if isinstance(decision, Handoff) else None
        reply_to_seq = messages[-1].seq
        written_in = tongue.said_in(" ".join(map(text_of, messages)), seen.locale)
        heard = moods.Heard.from_analysis(reply_to_seq, decision.analysis, written_in)

        def post(row: Conversation, moment: Moment) -> Change:
            if row.state != "bot" or row.version != seen.version or row.answered_seq >= reply_to_seq:
                return NOTHING  # a human took over meanwhile, or it was answered: the bot keeps silent
            if messages[-1] not in waiting.messages:
                return NOTHING  # it was taken back
            fields = {"answered_seq": reply_to_seq, **verdict_on(row, decision, heard)}
            if reason is None or prospect is None:
                said = bot_message(decision, reply_to_seq, remains)
                return Change(events=(said,), fields={**fields, "last_kind": "bot"})
            change = self._hand_off.compose(
                row,
                prospect,
                reason,
                signals=fields["signals"],
                reply_to_seq=reply_to_seq,
                text=words,
                confidence=decision.analysis.confidence,
                moment=moment,
            )
            if "state" not in change.fields:  # nobody is there: the bot goes on
                change.events[0].body["context"] = context_to_json(remains)
            return structs.replace(change, fields={**fields, **change.fields})

        counter = prospect.counter if prospect is not None else None
        committed = await self._journal.write(seen.id, post, counter=counter)
        if committed.events:
            self._contexts.remember(committed.conversation, remains)
            self._loose_ends.keep(seen.id, messages, settled=isinstance(decision, SmallTalk))
        return committed

    async def ready(self, conversation_id: UUID | None, new: NewEvent) -> Ready | None:
        """The answer to a message that is about to be stored, where the bot had the last word before it and nothing
        has to be encoded, waited for or handed to a human; it is for the message's own transaction.
        """
        seen = self._contexts.row_of(conversation_id)
        if seen is None or seen.id in self._open or seen.owes_an_answer:
            return None
        message = as_event(seen.id, seen.last_seq + 1, self._clock.now(), new)
        if files_of(message) or self._leading_question([message]).unfinished:
            return None
        context = await self._contexts.of(seen, message.seq)
        loose_end = await self._loose_ends.before(seen, message)
        turn = self._turn(seen, [message], context, await self._hand_off.humans_available(), loose_end)
        began = time.perf_counter()
        decision = self._answerer.recall(turn)
        if decision is None:
            said = self._answerer.read(turn)
            if not self._answerer.is_remembered(said):
                return None
            try:
                decision = await self._answerer.answer(turn, said)
            except EncoderBusy:
                return None
        settled = Answer | SmallTalk if seen.preferred_agent is not None else Answer | SmallTalk | Clarification
        if not isinstance(decision, settled):
            return None
        self._observe("turn", time.perf_counter() - began)
        written_in = tongue.said_in(text_of(message), seen.locale)
        heard = moods.Heard.from_analysis(message.seq, decision.analysis, written_in)
        remains = after(context, turn, decision)
        return Ready(seen, message, decision, remains, heard, self._sayings.of(decision, message.seq, remains))

    def answered(self, row: Conversation, ready: Ready) -> None:
        """The answer was stored with its question."""
        self._contexts.remember(row, ready.remains)
        self._loose_ends.keep(row.id, [ready.message], settled=isinstance(ready.decision, SmallTalk))

    async def _say_busy(self, waiting: _Open, last: Event) -> Committed:
        """Nobody waits for a bot that cannot keep up: it says so, with the button for a human."""
        seen = waiting.row
        text = self._hand_off.wording.say("busy", tongue.said_in(text_of(last), seen.locale) or seen.locale or "zh-CN")

        def post(row: Conversation, moment: Moment) -> Change:
            if row.state != "bot" or row.version != seen.version or row.answered_seq >= last.seq:
                return NOTHING
            said = bot_says(text, "request_human", reply_to_seq=last.seq)
            return Change(events=(said,), fields={"answered_seq": last.seq, "last_kind": "bot"})

        return await self._journal.write(seen.id, post)

    def _turn(
        self,
        row: Conversation,
        messages: list[Event],
        context: Context,
        humans_available: bool,
        loose_end: str | None,
    ) -> Turn:
        fragments = [text_of(message) for message in messages]
        if loose_end is not None:
            fragments.insert(0, loose_end)
        return Turn(
            fragments=tuple(fragments),
            locale=row.locale or "zh-CN",
            scope=Scope(site=row.site, locale=row.locale, at=self._clock.now()),
            misses=row.misses,
            offered=context.offered,
            chosen_option=chosen(messages[-1]),
            attachments=sum(len(files_of(message)) for message in messages),
            last_article_ids=context.last_article_ids,
            refused_article_ids=context.refused_article_ids,
            previous_question=context.previous_question,
            asked_back=context.asked_back,
            humans_available=humans_available,
            group_name=self._group_name,
            hours=self._hand_off.hours(row.locale or "zh-CN"),
        )


def _nothing_owed(row: Conversation, moment: Moment) -> Change:
    return Change(fields={"answered_seq": max(row.answered_seq, row.question_seq)})

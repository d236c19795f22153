"""Keeps waiting customers company: their topic, their place when they ask, one marked answer where the bot is sure.

One small task per customer who has just written. Nothing here is owed: after a crash what was not said stays unsaid,
and the message itself goes along to the colleague in any case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import structs

from bot.answering import Answerer
from bot.records import Answer, Decision, Handoff, SmallTalk, Turn
from bot.waiting_words import WaitingWords
from bot.wording import Wording
from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from kb_index.records import Scope
from models.batching import QuestionNotEncoded
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.messages import bot_message, bot_says
from router.conversations.records import NOTHING, Change, Conversation, text_of
from router.errors import YingdaError
from router.payloads.log import Event
from router.waiting_room.asking import asks_place
from router.waiting_room.leaving import offer_leaving
from router.waiting_room.places import Place, Places
from router.waiting_room.told import Told, as_stored, may_say_added, told_of
from router.waiting_room.topics import TopicQuestion

log = logging.getLogger(__name__)

#: Small talk that says nothing anybody would have to react to while somebody waits.
_SILENT = frozenset({"thanks", "agreed", "laugh", "emoji", "goodbye", "praise", "test", "key_mash"})
#: Small talk that asks whether anybody is there.
_ANYBODY = frozenset({"presence", "nudge", "greeting", "hours", "scolded"})
#: The place is not said twice within this time, however often they ask.
#: Waiting customers whose words are being looked at, in all; the others keep their place without a word.
_MOST_OPEN = 2_000
_PLACE_AGAIN_AFTER = timedelta(minutes=1)

Choose = Callable[[Conversation, Event, str | None], Awaitable[None]]


@dataclass(slots=True)
class _Open:
    """Messages of a waiting customer that nobody has reacted to."""

    row: Conversation
    messages: list[Event] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)


class Company:
    """Never speaks once somebody has taken the conversation: what it wants to say is decided under the row's lock."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        answerer: Answerer,
        places: Places,
        topics: TopicQuestion,
        choose: Choose,
        words: WaitingWords,
        wording: Wording,
        clock: Clock,
        *,
        answers: bool,
        fragment_wait_seconds: float,
    ) -> None:
        """``choose`` takes an answer to the question for the topic; ``answers``: whether the bot may answer at all."""
        self._database = database
        self._journal = journal
        self._answerer = answerer
        self._places = places
        self._topics = topics
        self._choose = choose
        self._words = words
        self._wording = wording
        self._clock = clock
        self._answers = answers
        self._wait_seconds = fragment_wait_seconds
        self._sql = load_queries(Path(__file__))
        self._open: dict[UUID, _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, row: Conversation, message: Event) -> None:
        """A committed message of a waiting customer; returns at once."""
        open_one = self._open.get(row.id)
        if open_one is not None:
            open_one.row = row
            open_one.messages.append(message)
            open_one.more.set()
            return
        if len(self._open) >= _MOST_OPEN:
            return
        self._open[row.id] = _Open(row, [message])
        task = asyncio.create_task(self._work(self._open[row.id]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Waits a moment for what is being said; the rest stays unsaid."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()

    async def _work(self, waiting: _Open) -> None:
        try:
            while waiting.messages:
                message = waiting.messages[0]
                topic = self._topics.chosen(_option(message), text_of(message))
                if self._topics.is_answer(_option(message)) or (topic and told_of(waiting.row.told).asks_topic):
                    await self._choose(waiting.row, message, topic)
                    waiting.messages.pop(0)
                    continue
                if await self._more_comes(waiting):
                    continue
                messages, waiting.messages = waiting.messages, []
                await self._react(waiting.row, messages)
        except (YingdaError, DatabaseUnavailable, QuestionNotEncoded) as error:
            log.warning("a waiting customer got no word: %s", type(error).__name__)
        except Exception:  # the edge of this task
            log.exception("keeping company failed", extra={"conversation_id": str(waiting.row.id)})
        finally:
            self._open.pop(waiting.row.id, None)

    async def _more_comes(self, waiting: _Open) -> bool:
        if not self._answerer.awaits_more(" ".join(map(text_of, waiting.messages))):
            return False
        waiting.more.clear()
        try:
            await asyncio.wait_for(waiting.more.wait(), self._wait_seconds)
        except TimeoutError:
            return False
        return True

    async def _react(self, seen: Conversation, messages: list[Event]) -> None:
        text = " ".join(map(text_of, messages))
        decision = await self._answerer.answer(await self._turn(seen, messages))
        wants_place = asks_place(text) or (isinstance(decision, SmallTalk) and decision.reason in _ANYBODY)
        wants_place = wants_place or (isinstance(decision, Handoff) and decision.reason == "asked")
        place = await self._places.of(seen) if wants_place else None
        seq = messages[-1].seq

        def say(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.version != seen.version:
                return NOTHING  # a human has taken it, or they left the line: the bot is silent
            told = told_of(row.told)
            if place is not None:
                return self._say_place(row, told, place, seq, moment.now)
            if isinstance(decision, SmallTalk):
                if decision.reason != "solved":
                    return NOTHING if decision.reason in _SILENT else self._say_added(row, told, seq, moment.now)
                offer = offer_leaving(row, self._wording, seq)
                return NOTHING if offer is None else Change(events=(offer[0],), fields=offer[1])
            answer = self._answer(row, told, decision, seq)
            return answer or self._say_added(row, told, seq, moment.now)

        await self._journal.write(seen.id, say)

    async def _turn(self, row: Conversation, messages: list[Event]) -> Turn:
        """The question by itself: nothing of what was said before the line is continued, or said again."""
        shown = await self._database.fetch(self._sql["answers_shown"], row.id)
        locale = row.locale or "zh-CN"
        return Turn(
            fragments=tuple(map(text_of, messages)),
            locale=locale,
            scope=Scope(site=row.site, locale=locale, at=self._clock.now()),
            refused_article_ids=tuple(each["article_id"] for each in shown),
        )

    def _answer(self, row: Conversation, told: Told, decision: Decision, seq: int) -> Change | None:
        """The one marked answer of this wait, only where the bot is sure, and never once a human has joined."""
        if not self._answers or told.answered or row.assigned_at is not None:
            return None
        if not isinstance(decision, Answer) or decision.reason != "confident":
            return None
        said = bot_message(decision, seq)
        lead = self._wording.say("while_waiting", decision.analysis.language)
        said.body.update(text=f"{lead}\n\n{said.body['text']}", while_waiting=True)
        said.body.pop("buttons", None)  # they are in the line already
        return Change(events=(said,), fields=_with(row, answered=True))

    def _say_place(self, row: Conversation, told: Told, place: Place, seq: int, now: datetime) -> Change:
        if told.added_at is not None and now - told.added_at < _PLACE_AGAIN_AFTER:
            return NOTHING
        text = self._words.now(place.position - 1, place.slower or place.eta, tongue.language_of(row))
        return Change(events=(bot_says(text, reply_to_seq=seq),), fields=_with(row, added_at=now))

    def _say_added(self, row: Conversation, told: Told, seq: int, now: datetime) -> Change:
        if not may_say_added(told, now):
            return NOTHING
        text = self._wording.say("queue_added", tongue.language_of(row))
        return Change(events=(bot_says(text, reply_to_seq=seq),), fields=_with(row, added_at=now))


def _with(row: Conversation, **told: Any) -> dict[str, Any]:
    return {"told": as_stored(structs.replace(told_of(row.told), **told))}


def _option(message: Event) -> str | None:
    return message.option_id if isinstance(message.option_id, str) else None

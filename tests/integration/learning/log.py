"""Conversations written through the journal, as the server writes them, for what is learnt from them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bot.records import Analysis, Answer, AskReason, Clarification, Option, SmallTalk, Source
from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.messages import bot_message, message
from router.conversations.records import BOT, Change, Conversation, NewEvent
from router.conversations.transitions import state_event
from router.payloads.log import Actor
from tests.integration.conversations.rows import a_conversation

CUSTOMER = Actor(kind="customer", id=uuid7())
AGENT = Actor(kind="agent", id=uuid7(), name="小林")


def analysis(confidence: float = 0.8) -> Analysis:
    """What the bot understood, as far as the log keeps it."""
    return Analysis(confidence, (), "zh-CN", "neutral", "normal", False, "", 7, 1.0)


class Talk:
    """One conversation; every line returns its seq."""

    def __init__(self, database: Database, journal: Journal, clock: ManualClock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self.id: UUID = uuid7()

    async def begin(self) -> Talk:
        self.id = await a_conversation(self._database, self._clock)
        return self

    async def add(self, event: NewEvent) -> int:
        self._clock.advance(1)

        def put(row: Conversation, moment: Moment) -> Change:
            return Change(events=(event,))

        return (await self._journal.write(self.id, put)).events[-1].seq

    async def asks(self, text: str, **more: Any) -> int:
        return await self.add(message(CUSTOMER, text, **more))

    async def answers(self, to: int, article_id: str, reason: Any = "confident") -> int:
        sources = (Source(article_id, article_id, 0.8),)
        return await self.add(bot_message(Answer(text="答案", analysis=analysis(), reason=reason, sources=sources), to))

    async def offers(self, to: int, *article_ids: str) -> int:
        options = tuple(Option(each, each) for each in article_ids)
        return await self._clarifies(to, "unsure", options)

    async def knows_nothing(self, to: int) -> int:
        return await self._clarifies(to, "no_answer")

    async def asks_again(self, to: int, reason: AskReason) -> int:
        return await self._clarifies(to, reason)

    async def _clarifies(self, to: int, reason: AskReason, options: tuple[Option, ...] = ()) -> int:
        said = Clarification(text="您问的是哪一个", analysis=analysis(0.3), reason=reason, options=options)
        return await self.add(bot_message(said, to))

    async def chats(self, to: int, reason: str) -> int:
        return await self.add(bot_message(SmallTalk(text="好的", analysis=analysis(), reason=reason), to))

    async def rates(self, seq: int, *, helpful: bool) -> int:
        return await self.add(NewEvent("rating", CUSTOMER, {"target_seq": seq, "helpful": helpful}))

    async def is_solved(self) -> int:
        return await self.add(NewEvent("rating", CUSTOMER, {"resolved": True}))

    async def replies(self, text: str) -> int:
        return await self.add(message(AGENT, text))

    async def hands_off(self, to: int, reason: str) -> int:
        await self.add(NewEvent("message", BOT, {"id": str(uuid7()), "text": "正在转接", "decision": "handoff",
                                                 "reason": reason}, to))  # fmt: skip
        return await self.add(state_event("waiting", reason, BOT))

    async def closes(self) -> int:
        return await self.add(state_event("closed", "resolved", AGENT))

    async def takes_back(self, seq: int) -> None:
        await self._database.execute(
            "update events set body = (body - 'text') || '{\"text\": \"\", \"redacted\": true}'"
            " where conversation_id = $1 and seq = $2",
            self.id, seq,
        )  # fmt: skip

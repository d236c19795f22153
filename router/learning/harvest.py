"""Reads the log for what people said about answers and makes labelled pairs and tasks of it; touches nothing that
customers wait for.

The log is the truth: a pair that was not written before a crash is found again, one that was is not written twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bot import dissatisfaction, fragments, small_talk, wish
from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from kb_index.search import KnowledgeIndex
from router.learning.records import Pair, Source, key_of
from router.learning.replies import Replies

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: Clocks of several machines may differ, and a transaction takes its time: so much is read again.
_OVERLAP = timedelta(minutes=10)
_WINDOW = timedelta(days=1)  # read in one transaction
_LONGEST, _SHORTEST = 1_000, 2  # characters of a question that teaches something
_LONG_REPLY = 15  # characters; a shorter one is “好的” or “稍等”

Window = tuple[datetime, datetime]

_FROM_CUSTOMERS: Mapping[str, Source] = {
    "rated_answers": "rating",
    "options_taken": "option",
    "options_turned_down": "none_fits",
    "solved_after_answers": "solved",
}


class Harvest:
    """One reading of what is new in the log; several processes may try, one does it."""

    def __init__(self, database: Database, clock: Clock, index: Callable[[], KnowledgeIndex | None]) -> None:
        self._database = database
        self._clock = clock
        self._index = index
        self._replies: tuple[int, Replies] | None = None
        #: Since when the log was looked at the last time, and what it held then: the same, and there is nothing to do.
        self._looked: tuple[datetime, object] | None = None
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Takes in what is new, if anything is."""
        if self._looked is not None:
            since, held = self._looked
            if await self._database.fetchrow(self._sql["taught_since"], since) == held:
                return
        replies = await self._known_replies()
        more = True
        while more:
            async with self._database.transaction() as connection:
                if not await connection.fetchval(self._sql["lock_harvest"]):
                    return
                since = self._clock.now() - _OVERLAP
                held = await connection.fetchrow(self._sql["taught_since"], since)
                more = await self._window(connection, replies)
        self._looked = since, held

    async def _window(self, connection: PooledConnection, replies: Replies | None) -> bool:
        """One stretch of the log; whether more follows."""
        now = self._clock.now()
        until: datetime | None = await connection.fetchval(self._sql["harvested_until"])
        if until is None:
            return False
        since, end = until - _OVERLAP, min(until + _WINDOW, now)
        window = (since, end + _OVERLAP)
        for statement, source in _FROM_CUSTOMERS.items():
            for row in await connection.fetch(self._sql[statement], *window):
                if row["question_seqs"]:
                    await self.put(connection, Pair.from_row(row, source))
        await self._unanswered(connection, window)
        await self._agents(connection, window, replies)
        await connection.execute(self._sql["set_harvested"], end)
        return end < now

    async def put(self, connection: PooledConnection, pair: Pair) -> None:
        """Stores a pair, or lets it take the place of older evidence."""
        await connection.execute(
            self._sql["put_pair"], uuid7(), pair.source, pair.conversation_id,
            None if pair.question_seqs is None else list(pair.question_seqs), pair.question, pair.answer_seq,
            pair.evidence_seq, pair.reply_seq, pair.article_id, pair.index_version or None, pair.is_right, pair.weight,
            pair.task_id, pair.actor_kind, pair.actor_id, pair.at,
        )  # fmt: skip

    async def _unanswered(self, connection: PooledConnection, window: Window) -> None:
        for row in await connection.fetch(self._sql["unanswered_questions"], *window):
            if row["question"] is not None and is_question(row["question"]):
                await connection.execute(
                    self._sql["put_task"], uuid7(), "unanswered", row["conversation_id"], row["question_seqs"],
                    key_of(row["question"]), row["answer_seq"], None, None, None, "bot", None, row["at"],
                )  # fmt: skip

    async def _agents(self, connection: PooledConnection, window: Window, replies: Replies | None) -> None:
        """What agents answered in conversations that have ended meanwhile."""
        for row in await connection.fetch(self._sql["answered_by_agents"], *window):
            pair = _agents_pair(row, replies)
            if pair is not None:
                await self.put(connection, pair)
                seqs = list(pair.question_seqs or ())
                await connection.execute(self._sql["replied_by_agent"], pair.conversation_id, seqs, pair.reply_seq)

    async def _known_replies(self) -> Replies | None:
        index = self._index()
        if index is None:
            return None
        if self._replies is None or self._replies[0] != index.version:
            self._replies = (index.version, await asyncio.to_thread(Replies, index.articles))
        return self._replies[1]


def is_question(text: str) -> bool:
    """Whether a customer's words ask something that an article could answer; small talk, complaints about the last
    answer and the wish for a human do not."""
    asked = fragments.question_of([text])
    return (
        len(asked) >= _SHORTEST and len(text) <= _LONGEST
        and small_talk.detect(asked) is None
        and not wish.detect(asked)
        and not dissatisfaction.detect(asked)
    )  # fmt: skip


def _agents_pair(row: Any, replies: Replies | None) -> Pair | None:
    """The last real question before the agent came, with the reply that answers it."""
    asked = [q for q in row["questions"] if q["question"] and is_question(q["question"])]
    said = [reply for reply in row["replies"] if len(reply["text"] or "") >= _LONG_REPLY]
    if not asked or not said:
        return None
    known = [(reply, replies.article_of(reply["text"])) for reply in said] if replies else []
    from_article = next(((reply, article) for reply, article in known if article), None)
    reply, article = from_article or (max(said, key=lambda each: len(each["text"])), None)
    return Pair(
        source="agent", conversation_id=row["conversation_id"], question_seqs=tuple(asked[-1]["question_seqs"]),
        answer_seq=asked[-1]["answer_seq"], evidence_seq=row["evidence_seq"], reply_seq=reply["seq"],
        article_id=article, is_right=True, index_version=asked[-1]["index_version"], actor_kind="agent",
        actor_id=UUID(reply["actor_id"]) if reply["actor_id"] else None, at=row["at"],
    )  # fmt: skip

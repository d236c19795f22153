"""Takes in conversations and tickets that ended well: what was asked, as a vector, and which words answered it; touches
nothing that customers wait for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from database.pool import Database
from database.queries import load_queries
from models.batching import QuestionNotEncoded
from router.help.asking import Asked, Said, newest_question
from router.help.cases import language_of, stored
from router.help.reuse import reusable
from router.knowledge.knowledge import Serving
from router.learning.replies import Replies

if TYPE_CHECKING:
    from database.pool import PooledConnection

_BATCH = 32  # conversations in one transaction
_ENCODED_AT_ONCE = 8  # customers' questions wait for the batch before them: for no more than 30 ms
_OVERLAP = timedelta(minutes=10)  # transactions take their time, and clocks differ
_LEAST_REPLY = 15  # characters; a shorter one is “好的” or “稍等”
_FIRST = UUID(int=0)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Case:
    """A row that ended well, what was asked, and the message or article that answered."""

    row: Record
    asked: Asked
    reply_seq: int | None = None
    article_id: str | None = None
    ticket_id: UUID | None = None

    def stated(self, encoder: str, vector: NDArray[np.float32]) -> tuple[Any, ...]:
        """As `put_case` wants it."""
        row, asked = self.row, self.asked
        return (
            row["conversation_id"], self.ticket_id, list(asked.seqs), self.reply_seq, self.article_id, encoder,
            stored(vector), language_of(asked.text), row["closed_at"],
        )  # fmt: skip


class Solving:
    """One process at a time writes; what cannot be encoded now comes with a later tick."""

    def __init__(self, database: Database, serving: Callable[[], Serving | None]) -> None:
        self._database = database
        self._serving = serving
        self._until: tuple[str, datetime, UUID] | None = None
        self._replies: tuple[int, Replies] | None = None
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Takes in what has ended since the last time."""
        serving = self._serving()
        if serving is None:
            return
        replies = await self._known_replies(serving)
        try:
            while await self._take_some(serving, replies):
                pass
        except QuestionNotEncoded:
            return

    async def _take_some(self, serving: Serving, replies: Replies) -> bool:
        """Whether there may be more."""
        encoder = serving.encoder.encoder.base.fingerprint
        async with self._database.transaction() as connection:
            if not await connection.fetchval(self._sql["lock_solving"]):
                return False
            since, after = await self._since(connection, encoder)
            rows = await connection.fetch(self._sql["newly_solved"], since, after, encoder, _BATCH)
            cases = [case async for case in self._talked(connection, replies, rows)] if rows else []
            tickets = await connection.fetch(self._sql["tickets_newly_solved"], encoder, _BATCH)
            cases += [_Case(row, Asked(row["title"], ()), ticket_id=row["id"]) for row in tickets]
            if cases:
                await self._put(connection, serving, cases)
        if len(rows) == _BATCH:
            self._until = (encoder, rows[-1]["closed_at"], rows[-1]["conversation_id"])
        elif rows:
            self._until = (encoder, rows[-1]["closed_at"] - _OVERLAP, _FIRST)
        return len(rows) == _BATCH or len(tickets) == _BATCH

    async def _since(self, connection: PooledConnection, encoder: str) -> tuple[datetime, UUID]:
        if self._until is not None and self._until[0] == encoder:
            return self._until[1:]
        newest: datetime | None = await connection.fetchval(self._sql["newest_case"], encoder)
        return (_BEGINNING if newest is None else newest - _OVERLAP), _FIRST

    async def _talked(
        self, connection: PooledConnection, replies: Replies, rows: Sequence[Record]
    ) -> AsyncIterator[_Case]:
        """What was asked and answered in these conversations, where anything was."""
        talks: dict[UUID, list[Said]] = {}
        for said in await connection.fetch(self._sql["whole_talks"], [row["conversation_id"] for row in rows]):
            talks.setdefault(said["conversation_id"], []).append(Said.from_row(said))
        for row in rows:
            log = talks.get(row["conversation_id"], [])
            first_human = next((number for number, said in enumerate(log) if said.actor == "agent"), len(log))
            asked = newest_question(log[:first_human]) or newest_question(log)
            if asked is not None:
                yield _Case(row, asked, *_answer(log, replies))
            await asyncio.sleep(0)

    async def _put(self, connection: PooledConnection, serving: Serving, cases: Sequence[_Case]) -> None:
        stated: list[tuple[Any, ...]] = []
        encoder = serving.encoder.encoder.base.fingerprint
        for start in range(0, len(cases), _ENCODED_AT_ONCE):
            some = cases[start : start + _ENCODED_AT_ONCE]
            vectors = await asyncio.gather(*(serving.encoder.heard_vector(case.asked.text) for case in some))
            stated += (case.stated(encoder, vector) for case, vector in zip(some, vectors, strict=True))
        await connection.executemany(self._sql["put_case"], stated)

    async def _known_replies(self, serving: Serving) -> Replies:
        index = serving.index
        if self._replies is None or self._replies[0] != index.version:
            self._replies = (index.version, await asyncio.to_thread(Replies, index.articles))
        return self._replies[1]


def _answer(log: Sequence[Said], replies: Replies) -> tuple[int | None, str | None]:
    """The agent's message that answered: one taken from an article, else the longest that others may read, too."""
    said = [each for each in log if each.actor == "agent" and len(reusable(each.text)) >= _LEAST_REPLY]
    for each in said:
        if (article_id := replies.article_of(each.text)) is not None:
            return each.seq, article_id
    longest = max(said, key=lambda each: len(each.text), default=None)
    return (None, None) if longest is None else (longest.seq, None)

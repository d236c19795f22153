"""Keeps the searchable words up to date, some moments behind the log; what a crash left out is found again."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Committed
from router.retention.months import first_id
from router.search.words import words_of

_AT_ONCE = 100
#: The words of a long conversation keep this process and the database busy for milliseconds. Nobody waits for them, and
#: somebody for an answer: after each few of them, a long one counting as many, it rests so many times as long as they
#: took.
_READ_AT_ONCE = 4
_EVENTS_AT_ONCE = 100
_RESTS = 3.0
_LONGEST_REST_SECONDS = 1.0
#: How often everything is compared with the log: after a start, and for what other processes left behind.
_COMPARED_EVERY = timedelta(minutes=10)
#: After a start everything, later what began this long ago: older conversations hardly change, and whoever changes
#: them reads them.
_COMPARED_BACK = timedelta(days=31)
_EVER = UUID(int=0)
#: Each reading writes all words of a conversation anew: one that goes on and on is read the more seldom, by so many
#: seconds for each event beyond the first ones, up to five minutes.
_SHORT_EVENTS = 8
_SECONDS_EACH = 0.5
_REST_SECONDS = 300.0
#: Conversations that are kept in mind until the next tick; the others are found when all are compared.
_MOST_SAID = 50_000
#: Clocks of several machines may differ, and a transaction takes its time: so much is read again.
_OVERLAP = timedelta(minutes=2)


class Indexing:
    """`heard` notes what was said; `tick` makes it searchable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(Path(__file__))
        #: With the number of their events.
        self._said: dict[UUID, int] = {}
        self._resting: dict[UUID, datetime] = {}
        self._compared_at: datetime | None = None
        self._tickets_since: datetime | None = None

    def heard(self, news: Iterable[Committed]) -> None:
        """After a commit: words, or who may find them, have changed."""
        for committed in news:
            before, after = committed.before, committed.conversation
            moved = (before.group_id, before.owner) != (after.group_id, after.owner)
            if (committed.events or committed.notes or moved) and len(self._said) < _MOST_SAID:
                self._said[after.id] = after.last_seq

    async def tick(self) -> None:
        """Takes in what is new."""
        now = self._clock.now()
        if self._compared_at is None or now - self._compared_at >= _COMPARED_EVERY:
            since = _EVER if self._compared_at is None else first_id(now - _COMPARED_BACK)
            while behind := await self._database.fetch(self._sql["behind"], _AT_ONCE, since):
                await self._read_gently({row["id"]: row["last_seq"] for row in behind})
            self._compared_at = now
        self._resting = {each: until for each, until in self._resting.items() if until > now}
        while due := [each for each in self._said if each not in self._resting][:_AT_ONCE]:
            # What is said there while they are read is read the next time.
            batch = {conversation_id: self._said.pop(conversation_id) for conversation_id in due}
            try:
                await self._read_gently(batch)
            except BaseException:
                self._said = batch | self._said
                raise
        await self._read_tickets(now)

    async def _read_gently(self, lengths: Mapping[UUID, int]) -> None:
        """``lengths``: conversations with the number of their events."""
        for few in _in_portions(lengths):
            began = time.perf_counter()
            await self._read(few)
            took = time.perf_counter() - began
            await asyncio.sleep(min(_LONGEST_REST_SECONDS, _RESTS * took))

    async def _read(self, conversation_ids: Sequence[UUID]) -> None:
        rows = await self._database.fetch(self._sql["conversations_to_read"], conversation_ids)
        begun = [row for row in rows if row["seq"]]
        taken_back = {
            row["conversation_id"]
            for row in await self._database.fetch(
                self._sql["taken_back"], [row["id"] for row in begun], [row["seq"] for row in begun]
            )
        }
        if taken_back:
            await self._database.execute(self._sql["forget_conversations"], list(taken_back))
        ids = [row["id"] for row in rows]
        froms = [(0, 0) if row["id"] in taken_back else (row["seq"], row["note_seq"]) for row in rows]
        texts: defaultdict[UUID, list[str]] = defaultdict(list)
        arguments = (ids, [seq for seq, _ in froms], [note_seq for _, note_seq in froms])
        for said in await self._database.fetch(self._sql["texts_after"], *arguments):
            texts[said["conversation_id"]].append(said["text"] or "")
        added = []
        for row in rows:
            await asyncio.sleep(0)  # a long text takes its time: others get their turn
            words = words_of(texts[row["id"]])
            if row["last_seq"] > _SHORT_EVENTS:
                rest_seconds = min(_REST_SECONDS, (row["last_seq"] - _SHORT_EVENTS) * _SECONDS_EACH)
                self._resting[row["id"]] = self._clock.now() + timedelta(seconds=rest_seconds)
            added.append((row["id"], row["last_seq"], row["last_note_seq"], row["last_at"], words, _scope_of(row)))
        await self._database.executemany(self._sql["add_conversation"], added)

    async def _read_tickets(self, now: datetime) -> None:
        since = self._tickets_since or datetime.min.replace(tzinfo=now.tzinfo)
        while behind := await self._database.fetch(self._sql["tickets_behind"], since, _AT_ONCE):
            for row in await self._database.fetch(self._sql["ticket_texts"], [row["id"] for row in behind]):
                await asyncio.sleep(0)
                await self._database.execute(
                    self._sql["put_ticket"], row["id"], row["version"], row["updated_at"], words_of(row["texts"])
                )
        self._tickets_since = now - _OVERLAP


def _in_portions(lengths: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    few: list[UUID] = []
    events = 0
    for conversation_id, length in lengths.items():
        if few and (len(few) == _READ_AT_ONCE or events + length > _EVENTS_AT_ONCE):
            yield few
            few, events = [], 0
        few.append(conversation_id)
        events += length
    if few:
        yield few


def _scope_of(row: Record) -> list[str]:
    """Who may find a conversation: its group, everybody while it has none, and whoever has it."""
    scope = [group_scope(row["group_id"])]
    return scope if row["owner"] is None else [*scope, owner_scope(row["owner"])]


def group_scope(group_id: UUID | None) -> str:
    return "everybody" if group_id is None else f"group:{group_id.hex}"


def owner_scope(account_id: UUID) -> str:
    return f"owner:{account_id.hex}"

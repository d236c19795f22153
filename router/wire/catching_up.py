"""Looks into the database for what pages of this node were not told: every few seconds, and at once where the wire may
have lost something. Needs no wire: without one it is what tells pages of what other nodes did."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import structs

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.log import note_from_row
from router.conversations.reading import Reading
from router.conversations.records import Committed, Conversation
from router.payloads.log import Event, Note
from router.payloads.shared import ReadNotice
from router.sockets.broadcast import Broadcast
from router.sockets.gateway import Gateway
from router.sockets.queue_notices import QueueNotices
from router.sockets.seats import Seats
from router.wire.marks import Marks
from router.wire.wire import Wire

log = logging.getLogger(__name__)

#: Between two looks while the wire is whole, and while it is not.
_CALM_SECONDS, _LOST_SECONDS = 8.0, 1.0
#: Looks are never closer together, however often something is doubted.
_LEAST_SECONDS = 0.25
#: Clocks of several machines may differ, and a transaction takes its time.
_OVERLAP = timedelta(seconds=20)
#: So much of a log is told; a page that lacks more asks for it.
_MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Told:
    """Who tells the pages of this node."""

    gateway: Gateway
    seats: Seats
    broadcast: Broadcast
    queue: QueueNotices
    #: Shuts the pages of a customer.
    shut_out: Callable[[UUID], Awaitable[None]]
    #: What agents say of themselves, where that is news here.
    presence: Callable[[Iterable[Record]], Awaitable[None]]
    #: Whether customers see how far an agent has read.
    show_read_marks: bool


class CatchingUp:
    """One node's pages against the database."""

    def __init__(
        self, database: Database, reading: Reading, marks: Marks, told: Told, wire: Wire | None, clock: Clock
    ) -> None:
        self._database = database
        self._reading = reading
        self._marks = marks
        self._told = told
        self._wire = wire
        self._clock = clock
        self._sql = load_queries(__file__)
        self._doubted = asyncio.Event()
        self._looked_at = clock.now()
        self._was_whole = False
        self._was_doubted = False
        #: Conversations that were found behind, since the start.
        self.found = 0

    def doubt(self) -> None:
        """Something may have been missed: looks soon."""
        self._doubted.set()

    async def run(self) -> None:
        """Looks until cancelled."""
        while True:
            pause = _CALM_SECONDS if self._is_whole() else _LOST_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._doubted.wait()
            self._was_doubted = self._doubted.is_set()
            self._doubted.clear()
            began = time.monotonic()
            try:
                await self.look()
            except DatabaseUnavailable:
                self._doubted.set()
                await asyncio.sleep(_LOST_SECONDS)
            except Exception:  # the edge of this task
                log.exception("catching up failed")
            await asyncio.sleep(max(_LEAST_SECONDS, time.monotonic() - began))  # half of the time at most

    async def look(self) -> None:
        """Tells what was not told."""
        now = self._clock.now()
        here, agents = self._told.gateway.customers_here(), self._told.seats.account_ids()
        if here or agents:
            await self._look_at_conversations(here, agents)
        if agents:
            await self._told.presence(await self._database.fetch(self._sql["presence"]))
        if here and not self._was_whole:
            since = self._looked_at - _OVERLAP
            for row in await self._database.fetch(self._sql["shut_out"], list(here), since):
                await self._told.shut_out(row["id"])
        self._looked_at = now
        self._was_whole = self._is_whole()

    def _is_whole(self) -> bool:
        return self._wire is not None and self._wire.is_whole

    async def _look_at_conversations(self, here: set[UUID], agents: set[UUID]) -> None:
        supervised = any(colleague.is_supervisor for colleague in self._told.seats.colleagues())
        known = [*self._marks.ids(), *self._told.gateway.watched()]
        doubtful = self._was_doubted or not (self._was_whole and self._is_whole())
        ended_since = self._looked_at - _OVERLAP if doubtful else None
        rows = await self._database.fetch(
            self._sql["concerning"], list(here), list(agents), supervised, known, ended_since
        )
        news, places = list[UUID](), list[UUID]()
        for row in rows:
            mark = self._marks.of(row["id"])
            if mark is not None and doubtful:
                await self._tell_reads(mark, row)
            if mark is None or _is_behind(mark, row):
                news.append(row["id"])
            elif row["state"] == "waiting" and mark.shown_position != row["shown_position"]:
                places.append(row["id"])
        if news or places:
            await self._tell(news, places)
        watched = self._told.gateway.watched()
        self._marks.forget(
            row["id"]
            for row in rows
            if row["customer_id"] not in here
            and row["owner"] not in agents
            and not (row["state"] == "waiting" and agents)
            and not (row["state"] == "human" and supervised)
            and row["id"] not in watched
        )

    async def _tell_reads(self, mark: Conversation, row: Mapping[str, Any] | Record) -> None:
        """How far the two sides have read is no event of the log; told twice it changes nothing."""
        conversation_id, customer_id = row["id"], row["customer_id"]
        by_customer, by_agent = row["customer_read_seq"], row["agent_read_seq"]
        if by_customer > mark.customer_read_seq:
            notice = ReadNotice(conversation_id=conversation_id, seq=by_customer)
            await self._told.gateway.to_watchers(conversation_id, "read", notice)
        if by_agent > mark.agent_read_seq and self._told.show_read_marks:
            notice = ReadNotice(conversation_id=conversation_id, seq=by_agent)
            await self._told.gateway.to_customer(customer_id, "read", notice)
        if (by_customer, by_agent) != (mark.customer_read_seq, mark.agent_read_seq):
            self._marks.note(structs.replace(mark, customer_read_seq=by_customer, agent_read_seq=by_agent))

    async def _tell(self, news: list[UUID], places: list[UUID]) -> None:
        """The ends of these logs, as far as they are news; what nobody here knew and is old, its page has read."""
        since = self._looked_at - _OVERLAP
        rows, events = await self._reading.ends_of([*news, *places], _MOST_EVENTS)
        notes = await self._database.fetch(self._sql["newest_notes"], news, _MOST_EVENTS)
        logs, beside = defaultdict[UUID, list[Event]](list), defaultdict[UUID, list[Note]](list)
        for event in events:
            logs[event.conversation_id].append(event)
        for note in map(note_from_row, notes):
            beside[note.conversation_id].append(note)
        fallen = set(places)
        for row in rows:
            mark = self._marks.of(row.id)
            if row.id not in fallen and (mark is not None or row.last_at > since):
                self.found += 1
                told = _since(mark, row, logs[row.id], beside[row.id])
                await self._told.broadcast.tell(self._marks.fresh([told]))
            if row.state == "waiting":
                await self._told.queue.shown_elsewhere(row)
            self._marks.note(row)


def _since(mark: Conversation | None, row: Conversation, events: Iterable[Event], notes: Iterable[Note]) -> Committed:
    """What happened since the mark, as if it were one change; without one it begins with the bot."""
    before = mark or structs.replace(
        row, state="bot", owner=None, offered_to=None, last_seq=0, last_note_seq=0, card=None
    )
    return Committed(
        before,
        row,
        tuple(event for event in events if event.seq > before.last_seq),
        tuple(note for note in notes if note.note_seq > before.last_note_seq),
        {},
    )


def _is_behind(mark: Conversation, row: Mapping[str, Any] | Record) -> bool:
    rank_at: datetime | None = row["rank_at"]
    if rank_at is not None and rank_at.tzinfo is None:  # asyncpg reads '-infinity' without its zone
        rank_at = rank_at.replace(tzinfo=UTC)
    return (
        mark.version != row["version"]
        or mark.last_seq != row["last_seq"]
        or mark.last_note_seq != row["last_note_seq"]
        or (
            row["state"] == "waiting"
            and (mark.offered_to, mark.rank_at, mark.group_id, mark.level)
            != (row["offered_to"], rank_at, row["group_id"], row["level"])
        )
    )

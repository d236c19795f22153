"""The only door through which a conversation changes: decisions in, committed events out, in groups.

A decision is a pure function of the locked row. Many decisions commit in one transaction: the rows are locked in id
order and never waited for (what another batch holds goes into the next one), one bad decision fails alone, and nobody
is told anything before the COMMIT. Refuses to hide an unknown outcome: after a lost connection only writes with a
client id are tried again, since a repeat of those is harmless.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.at_once import AtOnce
from router.conversations.batch import Batch, Decide, Follower, Wanted
from router.conversations.records import Committed, Conversation
from router.errors import NotFound, Unavailable, YingdaError

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fence:
    """The lease under which a dispatching write was decided; a newer epoch refuses the write."""

    name: str
    epoch: int


@dataclass(slots=True)
class Write:
    """One decision on its way into a batch."""

    conversation_id: UUID
    decide: Decide
    sender: UUID | None = None
    client_id: UUID | None = None
    agents: tuple[UUID, ...] = ()
    fence: Fence | None = None
    counter: str | None = None
    #: The row as its sender has just seen it; None: the row is locked first, and decided on then.
    seen: Conversation | None = None
    passed_over: int = 0
    tries: int = 0
    brought_at: float = field(default_factory=time.perf_counter)
    done: asyncio.Future[Committed] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def key(self) -> tuple[UUID, UUID] | None:
        return (self.sender, self.client_id) if self.sender and self.client_id else None


#: A write, and what it did or why it was refused.
Done = tuple[Write, Committed | YingdaError]

Listener = Callable[[Sequence[Committed]], Awaitable[None]]

#: Writes that have not been committed yet; whoever brings one more is told to come again.
_MOST_WAITING = 10_000
#: A row that was passed over so often is waited for beside the lane.
_PASSES = 20
_RETRY_AFTER_SECONDS = 2


class Journal:
    """Groups writes into transactions; at most ``batch_limit`` decisions each, ``lanes`` transactions at once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        listener: Listener,
        *,
        on_doubt: Callable[[set[UUID]], None] = lambda _: None,
        followers: tuple[Follower, ...] = (),
        batch_limit: int = 128,
        lanes: int = 1,
        tries: int = 3,
        most_waiting: int = _MOST_WAITING,
        observe: Callable[[str, float], None] = lambda stage, seconds: None,
    ) -> None:
        """``observe`` hears how long the stages of a write take, in seconds."""
        self._observe = observe
        self._database = database
        self._clock = clock
        self._listener = listener
        self._on_doubt = on_doubt
        self._followers = followers
        self._batch_limit = batch_limit
        self._lanes = lanes
        self._tries = tries
        self._most_waiting = most_waiting
        self._sql = load_queries(Path(__file__).with_name("queries.sql"))
        self._queue: list[Write] = []
        self._aside: dict[UUID, list[Write]] = {}
        self._beside: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Writes that were brought and are not committed yet."""
        return self._waiting

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._lane(), name=f"journal-{n}") for n in range(self._lanes)]

    async def close(self) -> None:
        """Commits what was accepted, then stops."""
        self._closing = True
        self._wake.set()
        await asyncio.gather(*self._tasks, *self._beside, return_exceptions=True)

    async def write(
        self,
        conversation_id: UUID,
        decide: Decide,
        *,
        sender: UUID | None = None,
        client_id: UUID | None = None,
        agents: tuple[UUID, ...] = (),
        fence: Fence | None = None,
        counter: str | None = None,
        seen: Conversation | None = None,
    ) -> Committed:
        """Commits one decision and returns what it did. ``seen``: what it may be decided on first; where the row stands
        otherwise by now, it is decided again.

        Raises what ``decide`` raises, `NotFound` for an unknown conversation, `Unavailable` where the database is
        away: then nothing was stored, or a repeat with the same client id will find it.
        """
        if self._closing:
            raise Unavailable
        if self._waiting >= self._most_waiting:
            raise Unavailable(retry_after=_RETRY_AFTER_SECONDS)
        write = Write(conversation_id, decide, sender, client_id, agents, fence, counter, seen)
        self._queue.append(write)
        self._wake.set()
        self._waiting += 1
        try:
            return await write.done  # a sender who leaves cancels the waiting only: what is queued is committed
        finally:
            self._waiting -= 1
            self._observe("write", time.perf_counter() - write.brought_at)

    async def write_within(
        self, connection: PooledConnection, decisions: Mapping[UUID, Decide]
    ) -> tuple[Committed, ...]:
        """Decisions that commit with a transaction of the caller's, who holds the rows' locks and calls `tell` then."""
        batch = Batch(connection, self._sql, self._clock, self._followers)
        await batch.lock(Wanted(set(decisions)))
        rows = [batch.rows[conversation_id] for conversation_id in decisions]
        committed = tuple(batch.apply(row, decisions[row.id](row, batch.moment), None) for row in rows)
        await batch.store()
        return committed

    async def tell(self, news: Sequence[Committed]) -> None:
        """Tells everybody what `write_within` did, after its COMMIT."""
        await self._listener(news)

    async def _lane(self) -> None:
        while True:
            if not self._queue:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            taken, self._queue = self._queue[: self._batch_limit], self._queue[self._batch_limit :]
            writes = [write for write in taken if not self._goes_aside(write)]
            if writes:
                self._observe("journal_wait", time.perf_counter() - writes[0].brought_at)
                await self._commit_at_the_edge(writes)

    async def _commit_at_the_edge(self, writes: list[Write], *, patient: bool = False) -> None:
        try:
            await self._commit(writes, patient=patient)
        except Exception:  # the edge of this task: it must outlive any single batch
            log.exception("journal batch failed")
            for write in writes:
                _fail(write, Unavailable())

    def _goes_aside(self, write: Write) -> bool:
        """A row that somebody holds stops nobody else: its writes wait for it in a transaction of their own."""
        waiting = self._aside.get(write.conversation_id)
        if waiting is not None:
            waiting.append(write)
            return True
        if write.passed_over < _PASSES:
            return False
        self._aside[write.conversation_id] = [write]
        task = asyncio.create_task(self._wait_for_row(write.conversation_id))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return True

    async def _wait_for_row(self, conversation_id: UUID) -> None:
        """Commits the writes of one held row in their order, until none is left."""
        while writes := self._aside[conversation_id]:
            self._aside[conversation_id] = []
            await self._commit_at_the_edge(writes, patient=True)
        del self._aside[conversation_id]

    async def _commit(self, writes: list[Write], *, patient: bool = False) -> None:
        began = time.perf_counter()
        try:
            committed, left_over = await self._transact(writes, patient=patient)
        except DatabaseUnavailable:
            self._on_doubt({write.conversation_id for write in writes})
            self._try_again_or_fail(writes, stored_nothing=False)
            return
        except asyncpg.LockNotAvailableError:
            for write in writes:
                _fail(write, Unavailable())
            return
        except (asyncpg.UniqueViolationError, asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            self._try_again_or_fail(writes, stored_nothing=True)
            return
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if len(writes) > 1:  # one bad row fails alone
                for write in writes:
                    await self._commit([write], patient=patient)
            else:
                log.error("write refused by the database", extra={"sqlstate": getattr(error, "sqlstate", None)})
                _fail(writes[0], Unavailable())
            return
        committed_at = time.perf_counter()
        self._observe("commit", committed_at - began)
        if left_over:
            self._queue[:0] = left_over
            self._wake.set()
            if not committed:
                await asyncio.sleep(0.001)
        for write, outcome in committed:
            if isinstance(outcome, YingdaError):
                _fail(write, outcome)
        successes = [(write, outcome) for write, outcome in committed if isinstance(outcome, Committed)]
        news = [outcome for _, outcome in successes if not outcome.repeated]
        # The senders' tasks run after the listener has handed the events to the sockets, so order is kept.
        try:
            if news:
                await self._listener(news)
                self._observe("emit", time.perf_counter() - committed_at)
        finally:
            for write, outcome in successes:
                if not write.done.done():
                    write.done.set_result(outcome)

    def _try_again_or_fail(self, writes: list[Write], *, stored_nothing: bool) -> None:
        for write in writes:
            write.tries += 1
            write.seen = None
            if (stored_nothing or write.key is not None) and write.tries < self._tries:
                self._queue.append(write)
                self._wake.set()
            else:
                _fail(write, Unavailable())

    async def _transact(self, writes: list[Write], *, patient: bool) -> tuple[list[Done], list[Write]]:
        """What was done, and the writes whose rows another batch holds or that have to be decided again."""
        at_once = AtOnce(self._sql, self._clock, self._followers)
        times = Counter(write.conversation_id for write in writes)
        turns: list[Write] = []
        others: list[Write] = []
        for write in writes:  # what comes twice to a conversation stays in its order
            taken = times[write.conversation_id] == 1 and at_once.take(write.seen, write.decide, write.key)
            (turns if taken else others).append(write)
        if not others:
            async with self._database.connection() as connection:
                return _told_apart(turns, await at_once.store(connection))
        async with self._database.transaction() as connection:
            results, left_over = await self._decide_and_store(connection, others, patient=patient)
            if turns:
                stored, moved_on = _told_apart(turns, await at_once.store(connection))
                results, left_over = results + stored, left_over + moved_on
        return results, left_over

    async def _decide_and_store(
        self, connection: PooledConnection, writes: list[Write], *, patient: bool
    ) -> tuple[list[Done], list[Write]]:
        results: list[Done] = []
        left_over: list[Write] = []
        batch = Batch(connection, self._sql, self._clock, self._followers)
        wanted = Wanted(
            {write.conversation_id for write in writes},
            [write.key for write in writes if write.key is not None],
            {agent for write in writes for agent in write.agents},
            {write.fence.name for write in writes if write.fence is not None},
        )
        await batch.lock(wanted, patient=patient)
        await batch.lock_counters({write.counter for write in writes if write.counter is not None})
        for write in writes:
            row = batch.rows.get(write.conversation_id)
            if row is None:
                if write.conversation_id in batch.held:
                    write.passed_over += 1
                    left_over.append(write)
                else:
                    results.append((write, NotFound("conversation not found")))
                continue
            if write.key is not None and write.key in batch.answers:
                answer = batch.answers[write.key]
                results.append((write, Committed(row, row, (), (), answer, repeated=True)))
                continue
            try:
                if write.fence is not None:
                    batch.check_epoch(write.fence.name, write.fence.epoch)
                change = write.decide(row, batch.moment)
            except YingdaError as refusal:
                results.append((write, refusal))
                continue
            results.append((write, batch.apply(row, change, write.key)))
        await batch.store()
        return results, left_over


def _told_apart(turns: list[Write], stored: Mapping[UUID, Committed]) -> tuple[list[Done], list[Write]]:
    """What was stored at once, and what is not: it is decided under the lock."""
    results: list[Done] = []
    moved_on: list[Write] = []
    for write in turns:
        write.seen = None
        committed = stored.get(write.conversation_id)
        if committed is None:
            moved_on.append(write)
        else:
            results.append((write, committed))
    return results, moved_on


def _fail(write: Write, error: YingdaError) -> None:
    if not write.done.done():
        write.done.set_exception(error)
        write.done.exception()  # the sender may be gone: no warning for that

"""Promises from proposal to end: confirmed, given another time, kept, dismissed; each step is told once, and a restart
loses none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Decide, Moment
from router.conversations.journal import Journal
from router.conversations.records import NOTHING, Change, Committed, Conversation
from router.errors import Conflict, Invalid, NotFound
from router.promises.hearing import Heard
from router.promises.records import Promise

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: A promise for later than this is a slip of the pen.
_FARTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which promises to list; see the statement."""

    keeper: UUID | None
    group_ids: list[UUID] | None
    reader: UUID
    state: str | None
    due_by: datetime | None
    broken: bool
    conversation_id: UUID | None
    customer_id: UUID | None
    after: UUID | None
    limit: int


class Promises:
    """Who calls has checked who may; changes run in the caller's transaction, conversations by the journal."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, *, remind: timedelta, grace: timedelta
    ) -> None:
        """``remind``: so long before it is due, at most half of the time there is; ``grace``: so long after it is due
        it counts as broken."""
        self._database = database
        self._journal = journal
        self._clock = clock
        self._remind = remind
        self._grace = grace
        self._sql = load_queries(__file__)

    async def propose(
        self, conversation_id: UUID, seq: int, message: str, ticket: str | None, owner: UUID, heard: Heard
    ) -> Promise | None:
        """A promise that was heard in a message; None where the message has one already."""
        at = max(message.find(heard.text), 0)
        promise_id = await self._database.fetchval(
            self._sql["propose"], uuid7(), conversation_id, seq, at, len(heard.text), ticket, owner, heard.chance,
            heard.is_dated, heard.due_at, self._clock.now(),
        )  # fmt: skip
        return None if promise_id is None else await self.one(promise_id)

    async def write_down(
        self, connection: PooledConnection, conversation_id: UUID, seq: int, message: str, owner: UUID, due_at: datetime
    ) -> Promise:
        """A promise that an agent marks by hand; raises `Conflict` where the message has one."""
        promise_id = await connection.fetchval(
            self._sql["propose"], uuid7(), conversation_id, seq, 0, len(message), None, owner, None, True, due_at,
            self._clock.now(),
        )  # fmt: skip
        if promise_id is None:
            raise Conflict("this message has a promise already")
        return await self.one(promise_id, connection)

    async def of_message(self, conversation_id: UUID, seq: int) -> Promise | None:
        """The promise of a message, whatever has become of it."""
        promise_id = await self._database.fetchval(self._sql["of_message"], conversation_id, seq)
        return None if promise_id is None else await self.one(promise_id)

    async def one(self, promise_id: UUID, connection: PooledConnection | None = None) -> Promise:
        """Raises `NotFound`."""
        source = connection or self._database
        row = await source.fetchrow(self._sql["promise"], promise_id)
        if row is None:
            raise NotFound("there is no such promise")
        return Promise.from_row(row)

    async def listed(self, wanted: Wanted) -> list[Promise]:
        """In the order of their times."""
        rows = await self._database.fetch(
            self._sql["promises"], wanted.keeper, wanted.group_ids, wanted.reader, wanted.state, wanted.due_by,
            wanted.broken, wanted.conversation_id, wanted.customer_id, wanted.after, wanted.limit,
        )  # fmt: skip
        return [Promise.from_row(row) for row in rows]

    async def open_until(
        self, connection: PooledConnection, promise: Promise, due_at: datetime | None
    ) -> tuple[Promise, tuple[Committed, ...]]:
        """Confirmed, or given another time; while it runs the silence of who has the conversation is no fault.

        Raises `Invalid` for a time that is no time to come, `Conflict` where it has ended.
        """
        now, due = self._clock.now(), due_at or promise.due_at
        if not now < due < now + _FARTHEST:
            raise Invalid("the time of a promise lies ahead, within a year", field="due_at")
        if promise.state in ("kept", "dismissed"):
            raise Conflict("this promise has ended", state=promise.state)
        committed = await self._hold(connection, promise, due)
        remind_at = due - min(self._remind, (due - now) / 2)
        await connection.execute(self._sql["set_promise"], promise.id, due, remind_at, now)
        return await self.one(promise.id, connection), committed

    async def settle(
        self, connection: PooledConnection, promise: Promise, state: Literal["kept", "dismissed"], by: UUID
    ) -> tuple[Promise, tuple[Committed, ...]]:
        """The end of a promise; again it stays as it is."""
        if promise.state in ("kept", "dismissed"):
            if promise.state != state:
                raise Conflict("this promise has ended", state=promise.state)
            return promise, ()
        committed = await self._hold(connection, promise, None)
        await connection.execute(self._sql["settle_promise"], promise.id, state, self._clock.now(), by)
        return await self.one(promise.id, connection), committed

    async def answered(self, customer_id: UUID, conversation_id: UUID, seq: int) -> list[Promise]:
        """The open promises that an answer to this customer may have kept; somebody still has to say so."""
        rows = await self._database.fetch(
            self._sql["answer_promises"], customer_id, conversation_id, seq, self._clock.now()
        )
        return [await self.one(row["id"]) for row in rows]

    async def claim(self, connection: PooledConnection) -> list[Promise]:
        """What is to be told now, at its new stage; nobody else gets the same."""
        rows = await connection.fetch(self._sql["claim_due"], self._clock.now(), self._grace)
        return [await self.one(row["id"], connection) for row in rows]

    async def tell(self, committed: tuple[Committed, ...]) -> None:
        """After the commit."""
        if committed:
            await self._journal.tell(committed)

    async def _hold(
        self, connection: PooledConnection, promise: Promise, until: datetime | None
    ) -> tuple[Committed, ...]:
        """The conversation's lock comes before the promise's, for everybody."""
        decide: Callable[[Conversation, Moment], Change] = lambda row, moment: _held(row, promise, until)  # noqa: E731
        decisions: dict[UUID, Decide] = {promise.conversation_id: decide}
        await connection.fetchval(self._sql["lock_conversation"], promise.conversation_id)
        committed = await self._journal.write_within(connection, decisions)
        await connection.fetchval(self._sql["lock_promise"], promise.id)
        return committed


def _held(row: Conversation, promise: Promise, until: datetime | None) -> Change:
    """Only while a human has it; a later promise of the same agent is not shortened."""
    if row.state != "human":
        return NOTHING
    if until is None:
        return Change(fields={"held_until": None}) if row.held_until == promise.due_at else NOTHING
    ours = row.held_until is None or row.held_until == promise.due_at or row.held_until < until
    return Change(fields={"held_until": until}) if ours else NOTHING

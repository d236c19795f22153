"""One transaction of the journal: the locked rows, what is added to them, and the statements that store it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from database.clock import Clock
from router.conversations.log import as_event, as_note
from router.conversations.records import Change, Committed, Conversation, Statement
from router.errors import Conflict
from router.payloads.log import Event, Note

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: Columns that belong to state, owner and line; a change of one of them is stored by `append_and_restate`.
_restated = attrgetter(
    "state", "reason", "owner", "version", "group_id", "handoff_reason", "topic", "joined_at", "rank_at", "head_start",
    "shown_position", "offered_to", "offer_expires_at", "declined_by", "handed_off_at", "assigned_at", "closed_at",
    "resolved", "wrap_up", "preferred_agent", "locale", "level", "tier", "held_until", "card", "told", "in_group_since",
    "asked_bot", "level_by",
)  # fmt: skip
#: Columns that every message moves on.
_advanced = attrgetter(
    "id", "last_seq", "answered_seq", "question_seq", "last_note_seq", "misses", "last_text", "last_kind", "last_at",
    "agent_read_seq", "customer_read_seq", "first_reply_at", "idle_warned_at", "signals", "unanswered_since",
)  # fmt: skip
_ADVANCED, _RESTATED = 15, 29


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """How full an agent is, as seen under the lock of this transaction."""

    capacity: int
    load: int
    enabled: bool

    @property
    def has_room(self) -> bool:
        return self.enabled and self.load < self.capacity


class Moment(Struct, frozen=True):
    """What a decision may know beside the row: the time that its events will bear, the locked agents' loads, and the
    next numbers of the locked counters.
    """

    now: datetime
    loads: Mapping[UUID, AgentLoad]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch needs to hold, and to know: conversations, client ids by their sender, agents with room, leases."""

    ids: Set[UUID]
    keys: Sequence[tuple[UUID, UUID]] = ()
    agents: Set[UUID] = frozenset()
    leases: Set[str] = frozenset()


Decide = Callable[[Conversation, Moment], Change]

#: Adds statements that commit together with a change. Called for every change, the bot's included: pure, and at once
#: done with what does not concern it.
Follower = Callable[[Committed, Moment], Iterable[Statement]]


class Batch:
    """Collects the changes of one transaction in memory and stores them in as few round trips as it can."""

    def __init__(
        self, connection: PooledConnection, sql: Mapping[str, str], clock: Clock, followers: tuple[Follower, ...] = ()
    ) -> None:
        self._connection = connection
        self._sql = sql
        self._followers = followers
        self._now = clock.now()
        self.rows: dict[UUID, Conversation] = {}
        self.held: set[UUID] = set()
        self.answers: dict[tuple[UUID, UUID], Any] = {}
        self.loads: dict[UUID, AgentLoad] = {}
        self.numbers: dict[str, int] = {}
        self._counted: set[str] = set()
        self._original: dict[UUID, Conversation] = {}
        self._touched: set[UUID] = set()
        self._epochs: dict[str, int] = {}
        self._sends: list[tuple[UUID, UUID, UUID, Any]] = []
        self._events: list[tuple[Any, ...]] = []
        self._notes: list[tuple[Any, ...]] = []
        self._also: list[Statement] = []

    @property
    def moment(self) -> Moment:
        return Moment(self._now, self.loads, self.numbers)

    async def lock(self, wanted: Wanted, *, patient: bool = False) -> None:
        """Locks what is free, and finds the answers already given to these client ids; ``patient``: waits for what is
        not free, a few seconds at the most. How full the agents are is counted once nobody else can fill them.
        """
        if patient:
            rows, agents = await self._lock_waiting(wanted)
        else:
            rows, agents = await self._lock_free(wanted)
        self.rows = {row.id: row for row in rows}
        self._original = dict(self.rows)
        missing = [conversation_id for conversation_id in wanted.ids if conversation_id not in self.rows]
        if missing:
            known = await self._connection.fetch(self._sql["conversations_by_id"], missing)
            self.held = {row["id"] for row in known}
        if agents:
            counted = await self._connection.fetch(self._sql["agent_loads"], [agent for agent, *_ in agents])
            loads = {row["id"]: row["load"] for row in counted}
            self.loads = {agent: AgentLoad(room, loads.get(agent, 0), enabled) for agent, room, enabled in agents}

    async def _lock_free(self, wanted: Wanted) -> tuple[list[Conversation], list[tuple[UUID, int, bool]]]:
        asked = (list(wanted.ids), [key[0] for key in wanted.keys], [key[1] for key in wanted.keys])
        if wanted.agents or wanted.leases:
            more = (list(wanted.agents), list(wanted.leases))
            found = await self._connection.fetch(self._sql["lock_with_agents"], *asked, *more)
        else:
            found = await self._connection.fetch(self._sql["lock_conversations"], *asked)
        rows: list[Conversation] = []
        agents: list[tuple[UUID, int, bool]] = []
        for number, record in enumerate(found):
            rows.append(Conversation.from_row(record))
            if number == 0:  # the same beside every row
                known, held, epochs = record["known"], record.get("agents"), record.get("epochs")
                self.answers = {(UUID(sender), UUID(client)): answer for sender, client, answer in known or ()}
                agents = [(UUID(agent), capacity, enabled) for agent, capacity, enabled in held or ()]
                self._epochs = epochs or {}
        return rows, agents

    async def _lock_waiting(self, wanted: Wanted) -> tuple[list[Conversation], list[tuple[UUID, int, bool]]]:
        await self._connection.execute(self._sql["wait_for_locks"])
        rows = await self._connection.fetch(self._sql["lock_conversations_waiting"], list(wanted.ids))
        if wanted.keys:
            senders, client_ids = [key[0] for key in wanted.keys], [key[1] for key in wanted.keys]
            found = await self._connection.fetch(self._sql["earlier_sends"], senders, client_ids)
            self.answers = {(each["sender"], each["client_id"]): each["answer"] for each in found}
        agents: list[tuple[UUID, int, bool]] = []
        if wanted.agents or wanted.leases:
            held = await self._connection.fetch(self._sql["lock_agents"], list(wanted.agents), list(wanted.leases))
            self._epochs = {row["lease"]: row["epoch"] for row in held if row["lease"] is not None}
            agents = [(row["id"], row["capacity"], row["enabled"]) for row in held if row["id"] is not None]
        return [Conversation.from_row(row) for row in rows], agents

    async def lock_counters(self, names: set[str]) -> None:
        """Holds counters until the commit: numbers have no gaps, whatever becomes of the batch."""
        if names:
            rows = await self._connection.fetch(self._sql["lock_counters"], sorted(names))
            self.numbers = {row["name"]: row["value"] + 1 for row in rows}

    def check_epoch(self, name: str, epoch: int) -> None:
        """Refuses a write of a dispatcher whose lease, went to another one."""
        if self._epochs.get(name) != epoch:
            raise Conflict("the lease was lost")

    def apply(self, before: Conversation, change: Change, key: tuple[UUID, UUID] | None) -> Committed:
        """Takes a change into the batch and returns the `Committed` that its sender will get."""

        fields = dict(change.fields)
        seq = before.last_seq
        events: list[Event] = []
        for new in change.events:
            seq += 1
            self._events.append(
                (
                    before.id,
                    seq,
                    new.kind,
                    self._now,
                    new.actor.kind,
                    new.actor.id,
                    new.actor.name,
                    new.reply_to_seq,
                    new.body,
                )
            )
            events.append(as_event(before.id, seq, self._now, new))
        note_seq = before.last_note_seq
        notes: list[Note] = []
        for note in change.notes:
            note_seq += 1
            self._notes.append(
                (before.id, note_seq, seq, note.kind, self._now, note.actor.kind, note.actor.id, note.actor.name,
                 note.text, list(note.mentions))
            )  # fmt: skip
            notes.append(as_note(before.id, note_seq, seq, self._now, note))
        if change.events:
            fields.setdefault("last_at", self._now)
        after = structs.replace(before, last_seq=seq, last_note_seq=note_seq, **fields)
        if (after.state, after.owner) != (before.state, before.owner):
            steps = sum(new.kind == "state" for new in change.events)  # two in one: each is a version
            after = structs.replace(after, version=before.version + max(1, steps))
            self._count_load(before, after)
        self.rows[before.id] = after
        if after != before:
            self._touched.add(before.id)
        self._also.extend(change.also)
        if change.counted is not None:
            self.numbers[change.counted] += 1
            self._counted.add(change.counted)
        answer = {} if change.answer is None else msgspec.to_builtins(change.answer)
        if key is not None:
            self.answers[key] = answer
            self._sends.append((*key, before.id, answer))
        committed = Committed(before, after, tuple(events), tuple(notes), answer)
        moment = self.moment
        for follower in self._followers:
            self._also.extend(follower(committed, moment))
        return committed

    def _count_load(self, before: Conversation, after: Conversation) -> None:
        for agent, step in ((before.owner if before.state == "human" else None, -1),
                            (after.owner if after.state == "human" else None, 1)):  # fmt: skip
            if agent is not None and agent in self.loads:
                held = self.loads[agent]
                self.loads[agent] = replace(held, load=held.load + step)

    async def store(self) -> None:
        """Stores everything collected; the caller's transaction commits it."""
        if self._sends or self._events or self._touched:
            await self._append()
        if self._notes:
            await self._connection.executemany(self._sql["add_notes"], self._notes)
        for name in self._counted:
            await self._connection.execute(self._sql["set_counter"], name, self.numbers[name] - 1)
        for sql, statements in groupby(self._also, attrgetter("sql")):
            await self._connection.executemany(sql, [statement.arguments for statement in statements])

    async def _append(self) -> None:
        """The log and the rows, in one round trip; rows in full only where one of them changed more than its log."""
        sends = sorted(self._sends, key=lambda send: (send[0], send[1]))
        moved = [self.rows[conversation_id] for conversation_id in sorted(self._touched)]
        log = (*_columns(sends, 4), [self._now] * len(sends), *_columns(self._events, 9))
        if all(_restated(row) == _restated(self._original[row.id]) for row in moved):
            await self._connection.execute(
                self._sql["append"], *log, *_columns([_advanced(row) for row in moved], _ADVANCED)
            )
            return
        full = [(*_advanced(row), self._original[row.id].version, *_stored(row)) for row in moved]
        status = await self._connection.execute(
            self._sql["append_and_restate"], *log, *_columns(full, _ADVANCED + 1 + _RESTATED)
        )
        if status != f"UPDATE {len(moved)}":
            raise AssertionError("a locked conversation changed its version")


def _stored(row: Conversation) -> tuple[Any, ...]:
    """The columns of `_restated` as they are handed over: a list among lists would be taken for a dimension."""
    return tuple({"list": column} if isinstance(column, list) else column for column in _restated(row))


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]

"""Plays a day under a virtual clock: the line is served by the desk's own rules for who is next and who gets it."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal
from uuid import UUID

from bench.day.records import Day, Fate, Order, Worker
from router.waiting.matching import Free, Wanted, who_gets_it
from router.waiting.order import FIRST, Waiter, is_longest_waiters_turn, next_in_line

#: An agent without a sign of life for so long has vanished, as in the settings.
_LOST_AFTER = timedelta(seconds=45)
#: What it costs to take over somebody else's conversation.
_TAKEN_OVER = timedelta(seconds=60)
#: How much longer a first word takes for each conversation an agent has already.
_SLOWER = 0.25

Kind = Literal["joins", "becomes urgent", "ends", "leaves", "is missed", "returns"]


@dataclass(slots=True)
class _Busy:
    """A conversation with an agent; a later `version` makes an earlier end void."""

    fate: Fate
    until: datetime


@dataclass(slots=True)
class _Agent:
    worker: Worker
    away: int = 0
    vanished: bool = False
    busy: dict[UUID, _Busy] = field(default_factory=dict)
    last_assigned_at: datetime | None = None


class Play:
    """One day under one order; `run` returns what became of everybody."""

    def __init__(self, day: Day, order: Order) -> None:
        self._order = order
        self._fates = {caller.id: Fate(caller) for caller in day.callers}
        self._agents = {worker.id: _Agent(worker) for worker in day.workers}
        self._lines: defaultdict[str, dict[UUID, Waiter]] = defaultdict(dict)
        self._urgent: set[UUID] = set()
        self._lost_at: dict[UUID, datetime] = {}
        self._left_over: dict[UUID, timedelta] = {}
        self._dispatches: Counter[str] = Counter()
        self._from_head: Counter[str] = Counter()
        self._counts_before: dict[UUID, tuple[int, int]] = {}
        self._numbers = count()
        self._events: list[tuple[datetime, int, Kind, UUID]] = []
        for caller in day.callers:
            self._at(caller.at, "joins", caller.id)
            if caller.becomes_urgent_after is not None:
                self._at(caller.at + timedelta(seconds=caller.becomes_urgent_after), "becomes urgent", caller.id)
        for worker in day.workers:
            for absence in worker.absences:
                self._at(absence.start, "leaves", worker.id)
                self._at(absence.end, "returns", worker.id)
                if absence.vanishes:
                    self._at(absence.start + _LOST_AFTER, "is missed", worker.id)
        self._vanishing = {
            (worker.id, absence.start) for worker in day.workers for absence in worker.absences if absence.vanishes
        }

    def run(self) -> list[Fate]:
        """Until nobody waits and nobody is being served."""
        while self._events:
            now, _, kind, who = heapq.heappop(self._events)
            group = self._happens(now, kind, who)
            if group is not None:
                self._hand_out(group, now)
        return list(self._fates.values())

    def _at(self, at: datetime, kind: Kind, who: UUID) -> None:
        heapq.heappush(self._events, (at, next(self._numbers), kind, who))

    def _happens(self, now: datetime, kind: Kind, who: UUID) -> str | None:
        """Does it; returns the group whose line may move now."""
        if kind == "joins":
            return self._joins(who, now)
        if kind == "becomes urgent":
            self._becomes_urgent(who)
            return None
        if kind == "ends":
            return self._ends(who, now)
        agent = self._agents[who]
        if kind == "leaves":
            agent.away += 1
            agent.vanished = agent.vanished or (who, now) in self._vanishing
        elif kind == "is missed":
            self._is_missed(agent, now)
        else:
            agent.away -= 1
            agent.vanished = False
        return agent.worker.group

    def _joins(self, who: UUID, now: datetime) -> str:
        fate = self._fates[who]
        line = self._lines[fate.caller.group]
        fate.ahead = len(line)
        self._counts_before[who] = self._counts(fate.caller.group)
        line[who] = self._waiter(fate)
        return fate.caller.group

    def _counts(self, group: str) -> tuple[int, int]:
        return self._dispatches[group], self._from_head[group]

    def _waiter(self, fate: Fate) -> Waiter:
        caller = fate.caller
        start = self._order.head_start(caller, caller.id in self._urgent)
        return Waiter(caller.id, caller.at, caller.at - timedelta(seconds=start))

    def _becomes_urgent(self, who: UUID) -> None:
        fate = self._fates[who]
        self._urgent.add(who)
        line = self._lines[fate.caller.group]
        if who in line and line[who].rank_at != FIRST:
            line[who] = self._waiter(fate)

    def _ends(self, who: UUID, now: datetime) -> str | None:
        for agent in self._agents.values():
            busy = agent.busy.get(who)
            if busy is not None and busy.until == now and not agent.vanished:
                del agent.busy[who]
                busy.fate.ended_at = now
                return agent.worker.group
        return None

    def _is_missed(self, agent: _Agent, now: datetime) -> None:
        """Their conversations go to the head of the line."""
        for who, busy in agent.busy.items():
            caller = busy.fate.caller
            if busy.fate.replied_at is not None and busy.fate.replied_at > now - _LOST_AFTER:
                busy.fate.replied_at = None  # gone before the first word
            self._left_over[who] = max(busy.until - now, timedelta()) + _TAKEN_OVER
            self._lost_at[who] = now
            self._lines[caller.group][who] = Waiter(who, caller.at, FIRST)
        agent.busy.clear()

    def _hand_out(self, group: str, now: datetime) -> None:
        line = self._lines[group]
        while line:
            waiter = next_in_line(line.values(), dispatches=self._dispatches[group], every=self._order.longest_every)
            assert waiter is not None
            free = who_gets_it(Wanted(waiter.joined_at), self._free(group), now)
            if free is None:
                return
            self._watch_promises(group, waiter)
            del line[waiter.id]
            self._dispatches[group] += 1
            self._from_head[group] += waiter.rank_at == FIRST
            self._assign(waiter, self._agents[free.id], now)

    def _free(self, group: str) -> Iterator[Free]:
        for agent in self._agents.values():
            if agent.worker.group == group and not agent.away:
                yield Free(agent.worker.id, len(agent.busy), agent.worker.capacity, agent.last_assigned_at)

    def _assign(self, waiter: Waiter, agent: _Agent, now: datetime) -> None:
        fate = self._fates[waiter.id]
        caller = fate.caller
        if fate.taken_at is None:
            fate.taken_at = now
            taken, from_head = self._counts(caller.group)
            taken_before, from_head_before = self._counts_before.pop(caller.id)
            fate.taken_meanwhile = taken - taken_before
            fate.from_head_meanwhile = from_head - from_head_before
        if waiter.id in self._lost_at:
            fate.waits_after_loss.append(now - self._lost_at.pop(waiter.id))
        if fate.replied_at is None:
            slower = 1 + _SLOWER * len(agent.busy)
            fate.replied_at = now + timedelta(seconds=caller.reply_after * slower)
        busy_for = self._left_over.pop(waiter.id, timedelta(seconds=caller.busy_for))
        agent.busy[waiter.id] = _Busy(fate, now + busy_for)
        agent.last_assigned_at = now
        self._at(now + busy_for, "ends", waiter.id)

    def _watch_promises(self, group: str, taken: Waiter) -> None:
        """Whether somebody still waits who was promised not to be overtaken by this one."""
        if self._order.largest is None or taken.rank_at == FIRST:
            return
        if is_longest_waiters_turn(self._dispatches[group], self._order.longest_every):
            return  # nobody who still waits came earlier, or they stand at the head
        for waiter in self._lines[group].values():
            own = 0.0 if waiter.rank_at == FIRST else (waiter.joined_at - waiter.rank_at).total_seconds()
            later = (taken.joined_at - waiter.joined_at).total_seconds()
            if later > self._order.largest - own:
                self._fates[waiter.id].overtaken_too_late.append(later)


def play(day: Day, order: Order) -> list[Fate]:
    return Play(day, order).run()

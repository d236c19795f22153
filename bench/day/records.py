"""Who takes part in a simulated day and what became of each; times are in UTC, spans in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """A conversation on its way to a human: when it joins the line and how long it keeps an agent busy.

    ``reply_after`` is how long an agent with nothing else to do takes to say the first word; ``becomes_urgent_after``
    is when the customer writes something that makes it urgent, in seconds after joining.
    """

    id: UUID
    group: str
    at: datetime
    tier: str
    urgency: str
    emotion: str
    busy_for: float
    reply_after: float
    becomes_urgent_after: float | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An agent takes nothing new; who ``vanishes`` also leaves their customers without a word."""

    start: datetime
    end: datetime
    vanishes: bool = False


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent of one group."""

    id: UUID
    group: str
    capacity: int
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """The same for every order that is tried on it."""

    callers: tuple[Caller, ...]
    workers: tuple[Worker, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """How a line is ordered: seconds of head start for a caller as they are now, and whose turn every n-th is."""

    name: str
    head_start: Callable[[Caller, bool], float]
    longest_every: int
    #: The most that `head_start` gives; None where no bound on overtaking is promised.
    largest: float | None = None


@dataclass(slots=True)
class Fate:
    """What became of one caller."""

    caller: Caller
    taken_at: datetime | None = None
    replied_at: datetime | None = None
    ended_at: datetime | None = None
    #: How many had joined before and still waited; how many the group took from its line meanwhile, this one included,
    #: and how many of them from its head, where those stand whose agent vanished.
    ahead: int = 0
    taken_meanwhile: int = 0
    from_head_meanwhile: int = 0
    #: Waits after an agent had vanished, each until somebody else took over.
    waits_after_loss: list[timedelta] = field(default_factory=list)
    #: By how many seconds somebody who came later than promised went first; empty: never.
    overtaken_too_late: list[float] = field(default_factory=list)

    @property
    def waited(self) -> float:
        """Seconds until a human took it."""
        assert self.taken_at is not None
        return (self.taken_at - self.caller.at).total_seconds()

    @property
    def first_reply(self) -> float:
        """Seconds until a human's first word."""
        assert self.replied_at is not None
        return (self.replied_at - self.caller.at).total_seconds()

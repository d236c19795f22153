"""What runs a clock, and a clock as its row has it; frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from asyncpg import Record

from router.clocks.settings import Kind
from router.payloads.clocks import ClockState

SubjectKind = Literal["conversation", "ticket"]
KINDS: tuple[Kind, ...] = ("first_reply", "next_reply", "resolution")


@dataclass(frozen=True, slots=True)
class Subject:
    """A conversation or ticket as far as its clocks go by it."""

    kind: SubjectKind
    id: UUID
    level: str = "L2"
    tier: str | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock. ``stints`` are moments of running and pausing in turn: an odd number of them means that it runs."""

    id: int
    subject: Subject
    kind: Kind
    calendar: int
    started_at: datetime
    stints: tuple[datetime, ...]
    spent_seconds: float
    target_seconds: float
    due_at: datetime | None
    warn_at: datetime | None
    next_at: datetime | None
    paused_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    escalations: tuple[str, ...]

    @classmethod
    def from_row(cls, row: Record) -> ClockRow:
        return cls(
            id=row["id"],
            subject=Subject(row["subject_kind"], row["subject_id"], row["level"], row["tier"], row["group_id"]),
            kind=row["kind"],
            calendar=row["calendar"],
            started_at=row["started_at"],
            stints=tuple(row["stints"]),
            spent_seconds=row["spent_seconds"],
            target_seconds=row["target_seconds"],
            due_at=row["due_at"],
            warn_at=row["warn_at"],
            next_at=row["next_at"],
            paused_at=row["paused_at"],
            met_at=row["met_at"],
            ended_at=row["ended_at"],
            warned_at=row["warned_at"],
            breached_at=row["breached_at"],
            escalations=tuple(row["escalations"]),
        )

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.ended_at is None

    @property
    def runs(self) -> bool:
        return self.is_open and len(self.stints) % 2 == 1

    def state(self, soon_at: datetime | None = None) -> ClockState:
        """As consoles count it down; ``soon_at`` where it is nearer than the warning."""
        return ClockState(
            kind=self.kind,
            started_at=self.started_at,
            due_at=self.due_at if self.paused_at is None else None,
            soon_at=min(filter(None, (soon_at, self.warn_at)), default=None),
            paused=self.paused_at is not None,
            breached=self.breached_at is not None,
        )

"""Tasks as plain frozen records; whom to reach never shows in a log or a traceback."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

TaskKind = Literal["follow_up", "visit", "call_back", "other"]
TaskState = Literal["open", "done", "cancelled"]
TaskOutcome = Literal["reached", "not_reached", "solved", "wants_more", "other"]


@dataclass(frozen=True)
class NewTask:
    """What is to be done; with neither assignee nor group it is for the supervisors to give out.

    ``key`` makes a repeat harmless: a task with a key that exists already is not made again. ``contact`` is a telephone
    number or address, stored sealed. ``created_by`` is the account that asked for it, ``None`` for the desk itself.
    """

    kind: TaskKind
    customer_id: UUID | None
    due_at: datetime
    assignee: UUID | None = None
    group_id: UUID | None = None
    conversation_id: UUID | None = None
    text: str = field(default="", repr=False)
    company_id: UUID | None = None
    contact: str | None = field(default=None, repr=False)
    key: str | None = None
    created_by: UUID | None = None


@dataclass(frozen=True)
class Task:
    """One task; ``overdue_told`` says that the supervisors have heard that it is late."""

    id: UUID
    kind: TaskKind
    state: TaskState
    due_at: datetime
    assignee: UUID | None
    group_id: UUID | None
    customer_id: UUID | None
    company_id: UUID | None
    company: str | None
    conversation_id: UUID | None
    text: str = field(repr=False)
    contact: str | None = field(repr=False)
    outcome: TaskOutcome | None
    outcome_text: str | None = field(repr=False)
    version: int
    created_by: UUID | None
    created_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None


@dataclass(frozen=True)
class TaskChange:
    """What to change of an open task; ``None`` leaves it. ``give_back`` takes it from its assignee."""

    due_at: datetime | None = None
    assignee: UUID | None = None
    group_id: UUID | None = None
    give_back: bool = False
    text: str | None = field(default=None, repr=False)
    state: Literal["done", "cancelled"] | None = None
    outcome: TaskOutcome | None = None
    outcome_text: str | None = field(default=None, repr=False)

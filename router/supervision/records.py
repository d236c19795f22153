"""The floor as it crosses the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from router.agents.records import Assignment
from router.payloads.clocks import ClockState
from router.payloads.desk import CustomerCard, WaitingItem
from router.payloads.log import Level, PresenceStatus


class OpenNow(Struct, kw_only=True):
    """Open conversations by state."""

    bot: int
    waiting: int
    human: int


class GroupNow(Struct, kw_only=True):
    """``agents`` take conversations now and have room for ``free`` more; ``line`` holds the first of those who wait."""

    id: UUID
    name: str
    assignment: Assignment | None
    overflow_to: UUID | None
    waiting: int
    longest_since: datetime | None
    agents: int
    free: int
    line: list[WaitingItem]


class AgentNow(Struct, kw_only=True):
    """``is_there``: a page of theirs gave a sign of life lately; ``since``: of the presence."""

    id: UUID
    name: str
    staff_number: str | None
    groups: list[UUID]
    status: PresenceStatus
    accepting: bool
    reason: str | None
    since: datetime | None
    is_there: bool
    capacity: int
    load: int
    offered: int
    last_assigned_at: datetime | None
    unanswered: int
    unanswered_since: datetime | None


class OwedAWord(Struct, kw_only=True):
    """A conversation whose customer waits for a word since ``since``, or for a promised time."""

    conversation_id: UUID
    customer: CustomerCard
    owner: UUID | None
    group_id: UUID | None
    since: datetime | None
    held_until: datetime | None
    level: Level
    last_text: str
    soured: bool
    clocks: list[ClockState]


class Floor(Struct, kw_only=True):
    at: datetime
    open: OpenNow
    groups: list[GroupNow]
    agents: list[AgentNow]
    unanswered: list[OwedAWord]


class SetPresence(Struct, kw_only=True):
    """``reason`` is for colleagues to read, e.g. ``meal``."""

    status: PresenceStatus
    accepting: bool | None = None
    reason: str | None = None


class PresenceNow(Struct, kw_only=True):
    id: UUID
    status: PresenceStatus
    accepting: bool
    reason: str | None

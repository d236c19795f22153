"""Tickets as rows: frozen records, changed only under the row's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from asyncpg import Record

from router.conversations.records import NewEvent, Statement
from router.payloads.log import Actor, Level
from router.payloads.tickets import TicketSource, TicketStatus, TrackerKind

#: Customers never see an internal comment.
Visibility = Literal["public", "internal"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One row of ``tickets``; see the migrations for what each column means."""

    id: UUID
    number: str
    customer_id: UUID
    conversation_id: UUID | None
    status: TicketStatus
    text: str
    contact_sealed: bytes | None = field(repr=False)
    created_at: datetime
    source: TicketSource
    site: str
    channel: str
    title: str
    summary: str
    level: Level
    category: str | None
    tier: str | None
    assignee: UUID | None
    group_id: UUID | None
    created_by: UUID | None
    tracker_kind: TrackerKind | None
    tracker_number: str | None
    tracker_url: str | None
    version: int
    comment_count: int
    updated_at: datetime
    first_reply_at: datetime | None
    solved_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    reopened_at: datetime | None
    reopened: int
    merged_into: UUID | None
    merged_at: datetime | None
    confirmed_at: datetime | None

    @classmethod
    def from_row(cls, row: Record) -> Ticket:
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A ticket before it has its number; what is not given is taken from the conversation.

    ``text`` are the customer's own words; ``title`` is seen by the customer, ``summary`` is not. ``contact`` holds
    phone and email; None: whatever is known of the customer.
    """

    actor: Actor
    source: TicketSource = "agent"
    text: str | None = None
    title: str | None = None
    summary: str | None = None
    level: Level | None = None
    category: str | None = None
    contact: Mapping[str, str] | None = field(default=None, repr=False)
    group_id: UUID | None = None
    assignee_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A ticket on its way into a change of its conversation: the event for the log, the statements that store it, and
    the counter whose number it took.
    """

    id: UUID
    number: str
    event: NewEvent
    statements: tuple[Statement, ...]
    counter: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, by its number within the ticket."""

    number: int
    visibility: Visibility
    actor: Actor
    text: str
    at: datetime

    @classmethod
    def from_row(cls, row: Record) -> Comment:
        actor = Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"])
        return cls(row["number"], row["visibility"], actor, row["text"], row["at"])


@dataclass(frozen=True, slots=True)
class Entry:
    """What one change did, ``{field: [before, after]}``."""

    version: int
    at: datetime
    actor: Actor
    changes: dict[str, Any]

    @classmethod
    def from_row(cls, row: Record) -> Entry:
        actor = Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"])
        return cls(row["version"], row["at"], actor, row["changes"])

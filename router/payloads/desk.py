"""What agents' pages hear: their conversations, the waiting line, offers, alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from router.payloads.base import Ok, Outgoing
from router.payloads.clocks import ClockState
from router.payloads.log import PresenceStatus, State
from router.payloads.tickets import TicketMark


class CustomerCard(Outgoing, omit_defaults=False):
    """What an agent sees of a customer."""

    id: UUID
    name: str | None = None
    tier: str = "free"
    company: str | None = None
    locale: str | None = None


class HeadStart(Outgoing):
    """One reason why a conversation stands earlier in the line than its arrival."""

    reason: str
    seconds: int
    label: str
    label_en: str | None = None


class WaitingItem(Outgoing, omit_defaults=False):
    conversation_id: UUID
    rank_at: datetime
    joined_at: datetime
    priority: int  # the whole head start, in seconds
    explanation: list[HeadStart]
    reason: str
    level: str
    topic: str
    customer: CustomerCard
    group_id: UUID
    last_text: str
    clocks: list[ClockState] = []


class WaitingLineAck(Ok):
    version: int
    items: list[WaitingItem]


class WaitingChange(Outgoing, omit_defaults=False):
    version: int
    upsert: list[WaitingItem]
    remove: list[UUID]


class Presence(Outgoing, omit_defaults=False):
    status: PresenceStatus
    accepting: bool
    capacity: int
    reason: str | None = None


class PresenceChange(Outgoing, omit_defaults=False):
    """Somebody's presence as it is now: to their own pages, and to supervisors."""

    agent_id: UUID
    status: PresenceStatus
    accepting: bool
    capacity: int
    reason: str | None = None


class AgentSelf(Outgoing, omit_defaults=False):
    id: UUID
    username: str
    name: str
    roles: list[str]
    groups: list[UUID]
    staff_number: str | None = None
    picture: str | None = None


class AgentConversation(Outgoing, omit_defaults=False):
    id: UUID
    state: State
    version: int
    last_seq: int
    last_note_seq: int
    customer: CustomerCard
    last_text: str
    unread: int
    reason: str | None = None
    page: dict[str, Any] | None = None
    started_at: datetime | None = None
    last_at: datetime | None = None
    last_by: Literal["customer", "agent"] = "customer"  # whose words `last_text` are
    owner: UUID | None = None
    topic: str | None = None  # what it seems to be about, both levels: the wrap-up's proposal
    emotion: str | None = None  # of the customer's newest message that was read
    soured: bool = False  # the customer has become angry while a human answers
    held_until: datetime | None = None  # a time promised to the customer
    level: str = "L1"
    clocks: list[ClockState] = []  # that run or pause
    tickets: list[TicketMark] = []  # that belong to it, oldest first
    customer_read_seq: int = 0  # up to where the customer has read; `read` tells of more


class AgentWelcome(Outgoing, omit_defaults=False):
    protocol: int
    agent: AgentSelf
    presence: Presence
    conversations: list[AgentConversation]
    topics: dict[str, list[str]]  # what conversations are filed under: first level → second levels


class Offer(Outgoing, omit_defaults=False):
    conversation_id: UUID
    customer: CustomerCard
    reason: str
    priority: int
    explanation: list[HeadStart]
    waited_seconds: int
    summary: str
    expires_at: datetime | None = None  # only in mode "offer"


class Unassigned(Outgoing):
    conversation_id: UUID
    reason: str


class Summary(Outgoing, omit_defaults=False):
    conversation_id: UUID
    state: State
    last_seq: int
    last_text: str
    unread: int
    topic: str | None = None
    emotion: str | None = None
    soured: bool = False
    held_until: datetime | None = None
    level: str = "L1"
    last_by: Literal["customer", "agent"] = "customer"


class Alert(Outgoing, omit_defaults=False):
    """To the owner and supervisors: something that needs somebody's eye. Pages show an unknown kind by its text."""

    kind: str  # soured, clock_warning, clock_breached, abuse, bad_rating, promise_due …: router/notifications/kinds.py
    at: datetime
    conversation_id: UUID | None = None
    ticket: str | None = None
    customer: CustomerCard | None = None
    owner: UUID | None = None
    text: str | None = None

"""The event log as it crosses the wire: events, notes, and the names that they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from router.payloads.base import Outgoing

State = Literal["bot", "waiting", "human", "closed"]
ActorKind = Literal["customer", "bot", "agent", "system"]
EventKind = Literal["message", "state", "rating", "ticket", "redact"]
NoteKind = Literal["note", "whisper", "summary", "system"]
PresenceStatus = Literal["online", "away", "offline"]
Outcome = Literal["assigned", "queued", "after_hours", "nobody"]
#: Who answers: the bot, a human, a named one.
Level = Literal["L1", "L2", "L3"]


class Actor(Outgoing):
    kind: ActorKind
    id: UUID | None = None
    name: str | None = None


class Option(Outgoing):
    id: str
    label: str


class Source(Outgoing):
    article_id: str
    title: str
    confidence: float | None = None  # never to customers


class Attachment(Outgoing):
    """A file of a message: one that somebody sent, or a picture of an article's answer, which has no id."""

    url: str  # holds for some hours; a fresh one: GET /api/v1/uploads/{id}/link
    name: str
    id: UUID | None = None
    type: str | None = None  # as found in its content
    bytes: int | None = None
    width: int | None = None  # of a picture
    height: int | None = None
    preview_url: str | None = None  # of a large picture: a small one to show first


class AgentRef(Outgoing):
    id: UUID
    name: str
    staff_number: str | None = None
    picture: str | None = None  # an address of this server


class MessageSignals(Outgoing):
    """What the bot read between the lines of a question, for agents only."""

    emotion: str
    urgency: str
    topic: str | None = None  # both levels, “使用问题/甘特图”
    topic_chance: float | None = None


class Event(Outgoing, omit_defaults=False):
    """One entry of a conversation's log; which fields are set follows from ``kind``."""

    conversation_id: UUID
    seq: int
    kind: EventKind
    at: datetime
    actor: Actor
    # message
    id: UUID | UnsetType = UNSET
    client_id: UUID | UnsetType = UNSET
    text: str | UnsetType = UNSET
    attachments: list[Attachment] | UnsetType = UNSET
    reply_to_seq: int | UnsetType = UNSET
    options: list[Option] | UnsetType = UNSET
    sources: list[Source] | UnsetType = UNSET
    confidence: float | UnsetType = UNSET  # of a bot message; never to customers
    decision: Literal["answer", "clarify", "handoff", "smalltalk"] | UnsetType = UNSET  # of a bot message
    signals: MessageSignals | UnsetType = UNSET  # of a bot message: what it read in the question; never to customers
    buttons: list[str] | UnsetType = UNSET  # of a bot message: "request_human", "describe", "leave_message", …
    option_id: str | UnsetType = UNSET  # of a customer's message: the offered option it answers
    while_waiting: bool | UnsetType = UNSET  # of a bot message: the one answer to somebody in line; clients may mark it
    redacted: bool | UnsetType = UNSET  # a message taken back; its text is empty
    # state
    state: State | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    agent: AgentRef | UnsetType = UNSET
    # rating
    csat: int | UnsetType = UNSET
    nps: int | UnsetType = UNSET
    resolved: bool | UnsetType = UNSET
    helpful: bool | UnsetType = UNSET
    comment: str | UnsetType = UNSET
    target_seq: int | UnsetType = UNSET  # also redact
    # ticket
    number: str | UnsetType = UNSET  # also of a message: the ticket that it belongs to
    status: str | UnsetType = UNSET


class Note(Outgoing, omit_defaults=False):
    """What only agents see; beside the log, at the place after ``after_seq``."""

    conversation_id: UUID
    note_seq: int
    after_seq: int
    at: datetime
    actor: Actor
    text: str
    mentions: list[UUID]
    kind: NoteKind

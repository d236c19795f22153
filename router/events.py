"""Every payload that crosses a socket, on one page; TypeScript types, asyncapi.json and checks are made from here.

Inbound structs forbid nothing (unknown fields are ignored) and check types; lengths are checked where the text is used.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

State = Literal["bot", "waiting", "human", "closed"]
ActorKind = Literal["customer", "bot", "agent", "system"]
EventKind = Literal["message", "state", "rating", "ticket", "redact"]
NoteKind = Literal["note", "whisper", "summary", "system"]
PresenceStatus = Literal["online", "away", "offline"]
Outcome = Literal["assigned", "queued", "after_hours", "nobody"]


class Outgoing(Struct, kw_only=True, omit_defaults=True):
    """What the server sends: fields that are not set are left out."""


# The event log ---------------------------------------------------------------------------------------------------


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


class Picture(Outgoing):
    """An attachment of a message; for now only pictures of an article's answer."""

    url: str
    name: str
    content_type: str | None = None


class AgentRef(Outgoing):
    id: UUID
    name: str
    staff_number: str | None = None


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
    attachments: list[Picture] | UnsetType = UNSET
    reply_to_seq: int | UnsetType = UNSET
    options: list[Option] | UnsetType = UNSET
    sources: list[Source] | UnsetType = UNSET
    confidence: float | UnsetType = UNSET  # of a bot message; never to customers
    decision: Literal["answer", "clarify", "handoff", "smalltalk"] | UnsetType = UNSET  # of a bot message
    signals: MessageSignals | UnsetType = UNSET  # of a bot message: what it read in the question; never to customers
    buttons: list[str] | UnsetType = UNSET  # of a bot message: "request_human", "describe", "leave_message", …
    option_id: str | UnsetType = UNSET  # of a customer's message: the offered option it answers
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
    number: str | UnsetType = UNSET
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


# Both namespaces, inbound ----------------------------------------------------------------------------------------


class Incoming(Struct, kw_only=True):
    """What a client sends."""


class Storing(Incoming):
    """Every client event that stores carries the sender's own id for it."""

    client_id: UUID


class Sync(Incoming):
    conversation_id: UUID
    after_seq: int
    limit: int | None = None


class Read(Incoming):
    conversation_id: UUID
    seq: int


class Typing(Incoming):
    conversation_id: UUID


class Recall(Storing):
    conversation_id: UUID
    seq: int


# Customers, inbound ----------------------------------------------------------------------------------------------


class Page(Incoming):
    url: str | None = None
    title: str | None = None


class ChatAuth(Incoming):
    protocol: int
    visitor: str | None = None
    identity: str | None = None
    site: str | None = None
    locale: str | None = None
    page: Page | None = None


class CustomerSendMessage(Storing):
    text: str
    conversation_id: UUID | None = None
    reply_to_seq: int | None = None
    upload_ids: list[UUID] | None = None
    option_id: str | None = None


class RequestHuman(Storing):
    conversation_id: UUID | None = None
    topic: str | None = None


class LeaveQueue(Storing):
    conversation_id: UUID


class Contact(Incoming):
    phone: str | None = None
    email: str | None = None


class LeaveMessage(Storing):
    text: str
    contact: Contact


class CustomerClose(Storing):
    conversation_id: UUID


class Threads(Incoming):
    before: UUID | None = None


class RateAnswer(Storing):
    conversation_id: UUID
    seq: int
    helpful: bool
    comment: str | None = None


class RateConversation(Storing):
    conversation_id: UUID
    resolved: bool | None = None
    csat: int | None = None
    nps: int | None = None
    comment: str | None = None


# Agents, inbound -------------------------------------------------------------------------------------------------


class AgentAuth(Incoming):
    protocol: int
    token: str


class SetPresence(Incoming):
    status: PresenceStatus
    reason: str | None = None
    accepting: bool | None = None
    capacity: int | None = None


class Accept(Storing):
    conversation_id: UUID


class Decline(Storing):
    conversation_id: UUID


class AgentSendMessage(Storing):
    conversation_id: UUID
    text: str
    reply_to_seq: int | None = None
    upload_ids: list[UUID] | None = None


class AddNote(Storing):
    conversation_id: UUID
    text: str
    mentions: list[UUID] | None = None
    whisper: bool = False


class TransferTarget(Incoming):
    agent_id: UUID | None = None
    group_id: UUID | None = None


class Transfer(Storing):
    conversation_id: UUID
    to: TransferTarget | Literal["bot"]
    note: str | None = None


class WrapUp(Incoming):
    category: str | None = None
    cause: str | None = None
    tags: list[str] | None = None
    note: str | None = None


class AgentClose(Storing):
    conversation_id: UUID
    resolved: bool
    wrap_up: WrapUp | None = None


class Watch(Incoming):
    conversation_id: UUID


class AgentSync(Incoming):
    conversation_id: UUID
    after_seq: int
    after_note_seq: int = 0
    limit: int | None = None


class WaitingLine(Incoming):
    pass


# Acknowledgements ------------------------------------------------------------------------------------------------


class Ok(Outgoing, omit_defaults=False, kw_only=True):
    ok: bool = True


class SendAck(Ok):
    conversation_id: UUID
    seq: int
    id: UUID
    at: datetime


class RequestHumanAck(Ok):
    conversation_id: UUID
    state: State
    outcome: Outcome
    position: int | UnsetType = UNSET
    eta: tuple[int, int] | UnsetType = UNSET  # seconds, low and high
    opens_at: datetime | UnsetType = UNSET


class StateAck(Ok):
    state: State


class TicketAck(Ok):
    ticket: str


class SyncAck(Ok):
    events: list[Event]
    more: bool
    last_seq: int
    state: State


class ThreadItem(Outgoing, omit_defaults=False):
    id: UUID
    state: State
    started_at: datetime
    last_seq: int
    previous_id: UUID | UnsetType = UNSET


class ThreadsAck(Ok):
    conversations: list[ThreadItem]


class AcceptAck(Ok):
    version: int


class NoteAck(Ok):
    note_seq: int


class AgentSyncAck(Ok):
    events: list[Event]
    notes: list[Note]
    more: bool
    last_seq: int
    last_note_seq: int
    state: State
    version: int


# Server events ---------------------------------------------------------------------------------------------------


class OpenConversation(Outgoing, omit_defaults=False):
    id: UUID
    state: State
    last_seq: int
    answered_seq: int


class Hours(Outgoing):
    open: bool
    opens_at: datetime | None = None
    text: str | None = None  # e.g. 工作日 9:00–18:00


class ChatWelcome(Outgoing):
    protocol: int
    visitor: str
    greeting: str
    suggestions: list[Option]
    hours: Hours
    conversation: OpenConversation | None = None
    announcement: str | None = None


class QueuePlace(Outgoing):
    conversation_id: UUID
    position: int | None = None  # people ahead plus one
    eta: tuple[int, int] | None = None  # seconds, low and high


class TypingNotice(Outgoing):
    conversation_id: UUID
    actor: Actor


class ReadNotice(Outgoing):
    conversation_id: UUID
    seq: int


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


class AgentSelf(Outgoing, omit_defaults=False):
    id: UUID
    username: str
    name: str
    roles: list[str]
    groups: list[UUID]
    staff_number: str | None = None


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
    owner: UUID | None = None
    topic: str | None = None  # what it seems to be about, both levels: the wrap-up's proposal
    emotion: str | None = None  # of the customer's newest message that was read
    soured: bool = False  # the customer has become angry while a human answers


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


class Alert(Outgoing, omit_defaults=False):
    """To supervisors: a conversation that needs somebody's eye."""

    conversation_id: UUID
    kind: Literal["soured"]
    at: datetime
    customer: CustomerCard
    owner: UUID | None
    last_text: str


# The two pages of contents ---------------------------------------------------------------------------------------

#: Customer events: name → (payload, acknowledgement or None).
CHAT_EVENTS: dict[str, tuple[type[Struct], type[Struct] | None]] = {
    "send_message": (CustomerSendMessage, SendAck),
    "request_human": (RequestHuman, RequestHumanAck),
    "leave_queue": (LeaveQueue, StateAck),
    "leave_message": (LeaveMessage, TicketAck),
    "close": (CustomerClose, Ok),
    "recall": (Recall, Ok),
    "sync": (Sync, SyncAck),
    "threads": (Threads, ThreadsAck),
    "rate_answer": (RateAnswer, Ok),
    "rate_conversation": (RateConversation, Ok),
    "read": (Read, Ok),
    "typing": (Typing, None),
}

#: Agent events: name → (payload, acknowledgement or None).
AGENT_EVENTS: dict[str, tuple[type[Struct], type[Struct] | None]] = {
    "set_presence": (SetPresence, Ok),
    "accept": (Accept, AcceptAck),
    "decline": (Decline, Ok),
    "send_message": (AgentSendMessage, SendAck),
    "add_note": (AddNote, NoteAck),
    "recall": (Recall, Ok),
    "transfer": (Transfer, StateAck),
    "close": (AgentClose, Ok),
    "watch": (Watch, Ok),
    "unwatch": (Watch, Ok),
    "sync": (AgentSync, AgentSyncAck),
    "waiting_line": (WaitingLine, WaitingLineAck),
    "read": (Read, Ok),
    "typing": (Typing, None),
}

#: Server events of each namespace: name → payload.
CHAT_SERVER_EVENTS: dict[str, type[Struct]] = {
    "welcome": ChatWelcome,
    "event": Event,
    "queue": QueuePlace,
    "typing": TypingNotice,
    "read": ReadNotice,
}
AGENT_SERVER_EVENTS: dict[str, type[Struct]] = {
    "welcome": AgentWelcome,
    "offer": Offer,
    "assigned": Offer,
    "unassigned": Unassigned,
    "waiting": WaitingChange,
    "event": Event,
    "note": Note,
    "typing": TypingNotice,
    "read": ReadNotice,
    "summary": Summary,
    "alert": Alert,
}

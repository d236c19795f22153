"""What customers' pages send and hear in the namespace ``/chat``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from router.payloads.base import Incoming, Ok, Outgoing, Storing
from router.payloads.log import Event, Option, Outcome, State
from router.payloads.reading import Privacy


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


class FollowUp(Storing):
    """〔转为工单跟进〕 under a conversation that the customer has called unsolved."""

    conversation_id: UUID


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
    ticket: str | None = None  # the number of a closed ticket, where that is what is rated


class RequestHumanAck(Ok):
    conversation_id: UUID
    state: State
    outcome: Outcome
    position: int | UnsetType = UNSET
    eta: tuple[int, int] | UnsetType = UNSET  # seconds, low and high
    opens_at: datetime | UnsetType = UNSET


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


class OpenConversation(Outgoing, omit_defaults=False):
    id: UUID
    state: State
    last_seq: int
    answered_seq: int


class Hours(Outgoing):
    open: bool
    opens_at: datetime | None = None
    text: str | None = None  # e.g. 工作日 9:00–18:00


class Survey(Outgoing):
    """A question for somebody who comes back; answered by `rate_conversation`."""

    kind: Literal["nps"]
    conversation_id: UUID


class ChatWelcome(Outgoing):
    protocol: int
    visitor: str
    greeting: str
    suggestions: list[Option]
    hours: Hours
    conversation: OpenConversation | None = None
    announcement: str | None = None
    tickets: bool = False  # the customer has some to look at
    transcripts: bool = False  # conversations can be mailed
    privacy: Privacy | None = None
    survey: Survey | None = None


class QueuePlace(Outgoing):
    conversation_id: UUID
    position: int | None = None  # people ahead plus one
    eta: tuple[int, int] | None = None  # seconds, low and high; held, it never grows
    slower: tuple[int, int] | None = None  # instead of eta once the wait took longer than what was told
    keep_minutes: int | None = None  # how long the place is kept for somebody who closes the page

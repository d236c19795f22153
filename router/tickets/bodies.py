"""What the ticket routes take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from router.paging import PageQuery
from router.payloads.clocks import ClockState
from router.payloads.desk import CustomerCard
from router.payloads.log import Actor, AgentRef, Attachment, Level, State
from router.payloads.tickets import TicketMark, TicketSource, TicketStatus, TrackerKind
from router.tickets.records import Visibility

Word = Annotated[str, Meta(max_length=200)]
Line = Annotated[str, Meta(max_length=1000)]


class TicketQuery(PageQuery, kw_only=True):
    """``status``: one or several with commas, ``unfinished`` for whatever is not solved; ``assignee``: an account,
    ``me`` or ``nobody``; ``category``: one level or both; ``company``: its id; ``text``: part of number, title, words
    or tracker number.
    """

    status: Word | None = None
    assignee: Word | None = None
    group_id: UUID | None = None
    level: Level | None = None
    category: Word | None = None
    customer_id: UUID | None = None
    company: Word | None = None
    overdue: bool = False
    text: Word | None = None


class Tracker(Struct, kw_only=True):
    """Where development follows the matter: 禅道, TAPD, Jira or another."""

    kind: TrackerKind
    number: Annotated[str, Meta(min_length=1, max_length=100)]
    url: Annotated[str, Meta(max_length=2000, pattern="^https?://")] | None = None


class ContactView(Struct, kw_only=True, omit_defaults=True):
    phone: Word | None = None
    email: Word | None = None


class TicketView(Struct, kw_only=True):
    """A ticket in a list. ``version`` goes with every change."""

    id: UUID
    number: str
    title: str
    status: TicketStatus
    level: Level
    category: str | None
    customer: CustomerCard
    assignee: AgentRef | None
    group_id: UUID | None
    tracker: Tracker | None
    version: int
    comments: int
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    reopened: int
    merged_into: UUID | None
    clocks: list[ClockState]  # that are still open


class TicketList(Struct, kw_only=True):
    items: list[TicketView]
    next: str | None = None


class CommentView(Struct, kw_only=True):
    number: int
    visibility: Visibility
    by: Actor
    at: datetime
    text: str  # empty where it was taken back, or where files say it all
    attachments: list[Attachment]


class EntryView(Struct, kw_only=True):
    """One change: field → before and after."""

    version: int
    at: datetime
    by: Actor
    changes: dict[str, Any]


class LinkedConversation(Struct, kw_only=True):
    id: UUID
    state: State
    started_at: datetime
    last_at: datetime
    last_text: str


class TicketDetail(TicketView, kw_only=True):
    source: TicketSource
    conversation_id: UUID | None  # that it was made from
    summary: str
    text: str
    tier: str | None
    contact: ContactView
    created_by: AgentRef | None
    first_reply_at: datetime | None
    reopened_at: datetime | None
    moves: list[TicketStatus]  # what may come next
    discussion: list[CommentView]
    history: list[EntryView]
    conversations: list[LinkedConversation]
    attachments: list[Attachment]  # what was sent in them
    watchers: list[AgentRef]
    duplicates: list[TicketMark]
    goes_on_in: TicketMark | None


class NewTicketBody(Struct, kw_only=True):
    """From a conversation, or for a customer; what is left out is filled in from the conversation."""

    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    title: Line | None = None
    summary: str | None = None
    level: Level | None = None
    category: Word | None = None
    assignee_id: UUID | None = None
    group_id: UUID | None = None
    contact: ContactView | None = None


class ChangeTicket(Struct, kw_only=True):
    """``version`` is the one that was looked at; a field left out stays, null empties it."""

    version: int
    status: TicketStatus | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    category: Word | UnsetType | None = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    group_id: UUID | UnsetType | None = UNSET
    tracker: Tracker | UnsetType | None = UNSET
    contact: ContactView | UnsetType = UNSET


class NewComment(Struct, kw_only=True):
    """Public: the customer reads it. ``status``: a move that goes with it. ``confirmed``: the colleague has read the
    warning about these words and means them. ``upload_ids``: files that were sent before; they need no text.
    """

    visibility: Visibility
    text: str = ""
    upload_ids: Annotated[list[UUID], Meta(max_length=100)] | None = None
    status: TicketStatus | None = None
    confirmed: bool = False


class MergeInto(Struct, kw_only=True):
    """``into``: id or number of the ticket that goes on."""

    into: Word


class LinkConversation(Struct, kw_only=True):
    conversation_id: UUID


class WatchTicket(Struct, kw_only=True):
    """Without an account: oneself."""

    account_id: UUID | None = None
    watching: bool = True


class TicketDraft(Struct, kw_only=True):
    """What a ticket from this conversation would hold."""

    title: str
    summary: str
    level: Level
    category: str | None
    contact: ContactView

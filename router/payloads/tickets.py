"""Tickets on the wire: what customers and agents send about them and hear of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from router.payloads.base import Incoming, Ok, Outgoing, Storing
from router.payloads.log import Actor, Attachment, Level

TicketStatus = Literal["new", "open", "waiting_customer", "waiting_development", "waiting_release", "solved", "closed"]
TicketSource = Literal["agent", "message_left", "call_back", "escalation", "unresolved"]
#: What happened to a ticket, for colleagues.
TicketDeed = Literal["created", "changed", "commented", "merged", "linked", "watched"]
TrackerKind = Literal["zentao", "tapd", "jira", "other"]


# Customers -------------------------------------------------------------------------------------------------------


class Tickets(Incoming):
    """The customer's own tickets, newest first; ``before``: the number that the next page begins below."""

    before: str | None = None


class TicketWish(Incoming):
    number: str


class AnswerTicket(Storing):
    """``solved`` answers 解决了吗; a text alone is an answer to what was asked."""

    number: str
    text: str | None = None
    solved: bool | None = None


class OwnTicket(Outgoing, omit_defaults=False):
    """A ticket as its customer sees it. ``merged_into`` is the number that goes on in its place."""

    number: str
    title: str
    status: TicketStatus
    created_at: datetime
    updated_at: datetime
    may_answer: bool  # a closed one is open again when it is answered, for some days
    closes_at: datetime | UnsetType = UNSET  # of a solved one: when it closes by itself
    answers_until: datetime | UnsetType = UNSET  # of a closed one
    merged_into: str | UnsetType = UNSET


class OwnComment(Outgoing, omit_defaults=False):
    by: Literal["customer", "agent", "system"]
    at: datetime
    text: str
    name: str | UnsetType = UNSET  # of the colleague, as customers know them
    attachments: list[Attachment] | UnsetType = UNSET


class OwnTicketDetail(OwnTicket, omit_defaults=False, kw_only=True):
    text: str  # what the customer wrote first
    comments: list[OwnComment]


class TicketsAck(Ok):
    tickets: list[OwnTicket]
    more: bool


class OwnTicketAck(Ok):
    ticket: OwnTicketDetail


class AnswerTicketAck(Ok):
    ticket: str
    status: TicketStatus
    conversation_id: UUID
    seq: int


# Agents ----------------------------------------------------------------------------------------------------------


class CreateTicket(Storing):
    """One click: what is not given is filled in from the conversation."""

    conversation_id: UUID
    title: str | None = None
    level: Level | None = None
    assignee_id: UUID | None = None


class TicketMark(Outgoing, omit_defaults=False):
    """A ticket in a list beside something else."""

    id: UUID
    number: str
    title: str
    status: TicketStatus
    level: Level


class TicketNews(Outgoing, omit_defaults=False):
    """Something happened to a ticket: to every colleague who may see it."""

    ticket: TicketMark
    what: TicketDeed
    by: Actor
    version: int
    assignee: UUID | None
    group_id: UUID | None
    updated_at: datetime
    conversations: list[UUID]  # that it belongs to
    watchers: list[UUID]

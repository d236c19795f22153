"""What helps agents, as it crosses the wire: suggested replies, promises."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing

PromiseState = Literal["proposed", "open", "kept", "dismissed"]


class Suggest(Incoming):
    conversation_id: UUID


class SuggestedReply(Outgoing, omit_defaults=False):
    """``confidence``: the probability that it fits. ``title`` is the article's question, or what was asked before."""

    text: str
    article_id: str | None
    confidence: float
    source: Literal["article", "case"]
    title: str | None = None
    internal: bool = False  # of an article that customers never see
    already: bool = False  # the bot has answered with it in this conversation
    conversation_id: UUID | None = None  # where a colleague said so
    by: str | None = None


class SuggestAck(Ok):
    replies: list[SuggestedReply]


class PromiseNews(Outgoing, omit_defaults=False):
    """A promise as agents see it; customers never do. ``text`` is empty where the message was taken back."""

    id: UUID
    conversation_id: UUID
    seq: int
    text: str
    state: PromiseState
    due_at: datetime
    is_dated: bool
    owner: UUID
    owner_name: str | None
    customer_id: UUID
    created_at: datetime
    ticket: str | None = None
    chance: float | None = None
    answered_seq: int | None = None  # what may have kept it
    broken_at: datetime | None = None
    settled_at: datetime | None = None

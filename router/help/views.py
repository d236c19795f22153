"""What agents are shown of a conversation's past and of others like it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class WrapUpView(Struct, kw_only=True):
    """A guess; None where nothing can be told."""

    category: str | None
    cause: str | None
    tags: list[str]


class BriefView(Struct, kw_only=True):
    """``summary`` is made of extracts and says so; ``first_sentence`` is a draft that nobody sends but the agent."""

    summary: str | None
    first_sentence: str
    wrap_up: WrapUpView


class SimilarCase(Struct, kw_only=True):
    """A solved conversation: what was asked, what a colleague answered, how it was filed; and the probability that it
    is about the same."""

    conversation_id: UUID
    question: str
    reply: str | None
    by: str | None
    closed_at: datetime
    wrap_up: dict[str, Any] | None
    same_customer: bool
    confidence: float


class SimilarTicket(Struct, kw_only=True):
    number: str
    title: str
    status: str
    level: str
    reply: str | None
    solved_at: datetime | None
    confidence: float


class SimilarView(Struct, kw_only=True):
    conversations: list[SimilarCase]
    tickets: list[SimilarTicket]

"""The card that goes along with a hand-off: what customers see and edit of it, and what only agents see."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing, Storing
from router.payloads.log import Attachment


class HandOverCardWish(Incoming):
    conversation_id: UUID


class EditCard(Storing):
    """What is not given stays; an empty text empties a field."""

    conversation_id: UUID
    question: str | None = None
    tried: str | None = None
    page: str | None = None


class HandOverCard(Outgoing, omit_defaults=False, kw_only=True):
    """As customers see it."""

    question: str
    tried: str
    page: str
    screenshots: list[Attachment]
    edited: list[str]  # the fields in the customer's own words
    edited_at: datetime | None = None


class HandOverCardAck(Ok):
    card: HandOverCard


class ShownArticle(Outgoing, omit_defaults=False):
    """An article that the bot showed; ``helpful`` is what the customer said of it."""

    id: str
    title: str
    helpful: bool | None = None


class AgentCard(HandOverCard, kw_only=True):
    """The same for agents, with what was read between the lines of the newest message; never sent to customers."""

    conversation_id: UUID
    articles: list[ShownArticle]
    emotion: str | None = None
    urgency: str | None = None


class AgentCardAck(Ok):
    card: AgentCard

"""What customers read beside the talk: an article that an answer came from, the talk by mail, the privacy notice."""

from __future__ import annotations

from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing, Storing


class ArticleWish(Incoming):
    """``article_id`` as it stands among the sources of an answer."""

    article_id: str


class PublicArticle(Outgoing, omit_defaults=False):
    """An article as customers read it; ``text`` is Markdown whose pictures are addresses of this server."""

    id: str
    title: str
    text: str


class ArticleAck(Ok):
    article: PublicArticle


class EmailTranscript(Storing):
    """The customer's own conversation, to an address that they give."""

    conversation_id: UUID
    email: str


class Privacy(Outgoing):
    """What is said once about the data of the talk, in the page's language; ``url`` leads to the whole policy."""

    text: str
    url: str | None = None

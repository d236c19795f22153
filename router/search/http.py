"""Searching over HTTP: one box for messages, tickets and articles, each within what the caller may see."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from router.agents.records import ROLES
from router.api import Call, Route
from router.conversations.http import DESK, colleague_of
from router.customers.customers import Customers
from router.errors import Invalid
from router.payloads.desk import CustomerCard
from router.search.looking import Place
from router.search.searching import Found, Kind, Page, Searching
from router.search.words import MAX_QUERY_CHARS, Asked

MAX_LIMIT = 50


class SearchQuery(Struct, kw_only=True):
    """Without a ``kind`` each of them gives its first few; a cursor goes on with one kind."""

    q: Annotated[str, Meta(max_length=4 * MAX_QUERY_CHARS)]
    kind: Kind | None = None
    cursor: Annotated[str, Meta(max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT)] = 10


class SearchHit(Struct, kw_only=True, omit_defaults=True):
    """``id`` is the conversation's, the ticket's number or the article's id; ``marks`` are [start, end) in `excerpt`.

    A hit in a conversation names the message (``seq``) or the note (``note_seq``).
    """

    kind: Kind
    id: str
    excerpt: str
    marks: list[tuple[int, int]]
    at: datetime
    state: str
    title: str = ""
    customer: CustomerCard | None = None
    seq: int | None = None
    note_seq: int | None = None


class SearchPage(Struct, kw_only=True):
    items: list[SearchHit]
    next: str | None = None


class SearchAnswer(Struct, kw_only=True):
    """What was found of each kind, newest first; a kind that was not asked for is empty.

    Conversations that began before ``archived_until`` and have ended are in the archive: they are read, never searched.
    """

    messages: SearchPage
    tickets: SearchPage
    articles: SearchPage
    archived_until: datetime | None = None


class SearchHttp:
    """Articles are for everybody who is signed in; messages and tickets for those who serve customers."""

    def __init__(self, searching: Searching, customers: Customers) -> None:
        self._searching = searching
        self._customers = customers

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", "/api/v1/search", self.search, ROLES, None, SearchAnswer, "Messages, tickets and articles",
                query=SearchQuery,
            )
        ]  # fmt: skip

    async def search(self, call: Call) -> SearchAnswer:
        query: SearchQuery = call.query
        asked = Asked.parse(query.q)
        if query.cursor is not None and query.kind not in ("message", "ticket"):
            raise Invalid("a cursor goes with the kind message or ticket", field="cursor")
        below = None if query.cursor is None else _place_of(query.cursor)
        account = call.signed.account
        colleague = colleague_of(account)
        pages: dict[Kind, Page] = {"message": Page([]), "ticket": Page([]), "article": Page([])}
        serves = account.has_any(DESK)
        archived_until = await self._searching.archived_until() if serves and below is None else None
        if serves and query.kind in (None, "message"):
            pages["message"] = await self._searching.messages(colleague, asked, query.limit, below)
        if serves and query.kind in (None, "ticket"):
            pages["ticket"] = await self._searching.tickets(colleague, asked, query.limit, below)
        if query.kind in (None, "article"):
            pages["article"] = await self._searching.articles(asked, query.limit)
        ids = {found.customer_id for page in pages.values() for found in page.found if found.customer_id is not None}
        cards = await self._customers.cards(ids) if ids else {}
        return SearchAnswer(
            messages=_view(pages["message"], cards),
            tickets=_view(pages["ticket"], cards),
            articles=_view(pages["article"], cards),
            archived_until=archived_until,
        )


def _view(page: Page, cards: dict[UUID, CustomerCard]) -> SearchPage:
    return SearchPage(
        items=[_hit(found, cards) for found in page.found],
        next=None if page.next is None else _cursor_of(page.next),
    )


def _hit(found: Found, cards: dict[UUID, CustomerCard]) -> SearchHit:
    return SearchHit(
        kind=found.kind,
        id=found.id,
        title=found.title,
        excerpt=found.excerpt.text,
        marks=list(found.excerpt.marks),
        at=found.at,
        state=found.state,
        customer=None if found.customer_id is None else cards.get(found.customer_id),
        seq=found.seq,
        note_seq=found.note_seq,
    )


def _cursor_of(place: Place) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode((place.at, place.id.bytes))).rstrip(b"=").decode()


def _place_of(cursor: str) -> Place:
    """Raises `Invalid` for what is no cursor of ours."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        at, id_bytes = msgspec.msgpack.decode(raw, type=tuple[datetime, bytes])
        return Place(at.astimezone(UTC), UUID(bytes=id_bytes))
    except (ValueError, OverflowError, msgspec.DecodeError) as fault:
        raise Invalid("this cursor is not one of ours", field="cursor") from fault

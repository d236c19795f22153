"""Finds conversations, tickets and articles for a colleague: only what they may see, and only what really says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from asyncpg import Record

from database.pool import Database
from database.queries import load_queries
from kb_index.articles import StoredArticle
from router.conversations.colleague import Colleague
from router.help.plain import plain
from router.retention.months import Month
from router.search.indexing import group_scope, owner_scope
from router.search.looking import Looking, Place
from router.search.words import Asked, Excerpt, excerpt

Kind = Literal["message", "ticket", "article"]

#: The index knows pairs of characters only; so many times what is wanted is looked into, so often at the most.
_LOOKED_INTO = 2
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found. ``id`` is the conversation's, the ticket's number or the article's id."""

    kind: Kind
    id: str
    title: str
    excerpt: Excerpt
    at: datetime
    state: str
    customer_id: UUID | None = None
    seq: int | None = None
    note_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What was found, newest first; ``next`` is where more may be."""

    found: list[Found]
    next: Place | None = None


#: So many rows below a place, the newest first; fewer where there are no more.
Find = Callable[[Place | None, int], Awaitable[Sequence[Record]]]
Articles = Callable[[], Awaitable[Sequence[StoredArticle]]]


class Searching:
    def __init__(self, database: Database, articles: Articles) -> None:
        self._database = database
        self._articles = articles
        self._sql = load_queries(Path(__file__))
        self._looking = Looking(database, self._sql)

    async def archived_until(self) -> datetime | None:
        """Conversations that began before and have ended are in the archive and not found; None: all are found."""
        newest = await self._database.fetchval(self._sql["newest_archived"])
        return None if newest is None else Month.of_id(newest).plus(1).begins

    async def messages(self, colleague: Colleague, asked: Asked, limit: int, below: Place | None) -> Page:
        """One entry for each conversation, with the newest message or note that says the most of it."""
        scope = None
        if not colleague.is_supervisor:
            groups = (group_scope(group_id) for group_id in (None, *sorted(colleague.group_ids)))
            scope = [*groups, owner_scope(colleague.ref.id)]
        query = asked.tsquery()
        return await self._page(
            lambda place, wanted: self._looking.find(query, scope, place, wanted),
            limit,
            below,
            asked,
            self._conversations,
        )

    async def tickets(self, colleague: Colleague, asked: Asked, limit: int, below: Place | None) -> Page:
        groups = None if colleague.is_supervisor else sorted(colleague.group_ids)
        arguments = (asked.tsquery(), groups, colleague.ref.id)

        async def find(place: Place | None, wanted: int) -> list[Record]:
            at, id_ = (place.at, place.id) if place else (None, None)
            return await self._database.fetch(self._sql["find_tickets"], *arguments, at, id_, wanted)

        return await self._page(find, limit, below, asked, self._tickets)

    async def articles(self, asked: Asked, limit: int) -> Page:
        """Those that have it in their question first, then the newest."""
        found: list[tuple[bool, Found]] = []
        for stored in await self._articles():
            article = stored.article
            texts = (article.question, *article.variants, article.answer, *article.tags)
            if not asked.all_stand_in((*texts, article.id)):
                continue
            best = max((plain(article.answer), *article.variants), key=asked.stands_in)
            shown = excerpt(best, asked)
            in_question = asked.all_stand_in((article.question,))
            found.append(
                (in_question, Found("article", article.id, article.question, shown, stored.at, article.status))
            )
        found.sort(key=lambda pair: (not pair[0], -pair[1].at.timestamp(), pair[1].id))
        return Page([each for _, each in found[:limit]])

    async def _page(
        self,
        find: Find,
        limit: int,
        below: Place | None,
        asked: Asked,
        read: Callable[[Sequence[Record], Asked], Awaitable[Mapping[UUID, Found]]],
    ) -> Page:
        found: list[Found] = []
        step = limit * _LOOKED_INTO
        for _ in range(_LOOKS):
            rows = await find(below, step)
            saying = await read(rows, asked) if rows else {}
            for row in rows:
                below = Place(row["at"], row["id"])
                if row["id"] in saying:
                    found.append(saying[row["id"]])
                    if len(found) == limit:
                        return Page(found, below)
            if len(rows) < step:
                return Page(found)
        return Page(found, below)

    async def _conversations(self, rows: Sequence[Record], asked: Asked) -> dict[UUID, Found]:
        ids = [row["id"] for row in rows]
        heads = {row["id"]: row for row in await self._database.fetch(self._sql["heads_of_conversations"], ids)}
        said: defaultdict[UUID, list[Record]] = defaultdict(list)
        for text in await self._database.fetch(self._sql["texts_of_conversations"], ids):
            said[text["conversation_id"]].append(text)
        found = {}
        for conversation_id, texts in said.items():
            if conversation_id not in heads or not asked.all_stand_in(text["text"] or "" for text in texts):
                continue
            # What was said to each other before a note about it; the newest of equals.
            best = max(texts, key=lambda text: (asked.stands_in(text["text"] or ""), text["seq"] is not None))
            head = heads[conversation_id]
            found[conversation_id] = Found(
                "message",
                str(conversation_id),
                "",
                excerpt(best["text"], asked),
                best["at"],
                head["state"],
                customer_id=head["customer_id"],
                seq=best["seq"],
                note_seq=best["note_seq"],
            )
        return found

    async def _tickets(self, rows: Sequence[Record], asked: Asked) -> dict[UUID, Found]:
        ids = [row["id"] for row in rows]
        texts = {row["id"]: row for row in await self._database.fetch(self._sql["ticket_texts"], ids)}
        found = {}
        for head in await self._database.fetch(self._sql["heads_of_tickets"], ids):
            row = texts.get(head["id"])
            if row is None or not asked.all_stand_in(row["texts"]):
                continue
            best = max(reversed(row["texts"]), key=asked.stands_in)
            found[head["id"]] = Found(
                "ticket",
                head["number"],
                head["title"],
                excerpt(best, asked),
                row["updated_at"],
                head["status"],
                customer_id=head["customer_id"],
            )
        return found

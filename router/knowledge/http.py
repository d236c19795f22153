"""Articles over HTTP: agents read, editors write; a change is answered with at once, its index version follows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from kb_index.articles import Author, StoredArticle
from kb_index.errors import ArticleConflict
from kb_index.records import FIRST_YEAR, LAST_YEAR, Article, Status, Visibility
from router.agents.records import ROLES
from router.api import Call, Route
from router.conversations.messages import checked_text
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.knowledge.contents import MAX_ANSWER, MAX_QUESTION, MAX_VARIANTS
from router.knowledge.knowledge import Knowledge
from router.knowledge.views import ArticleView, view_of
from router.security.claims import is_storable

if TYPE_CHECKING:
    from database.pool import PooledConnection

EDITORS = frozenset({"editor", "admin"})
ARTICLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ArticleQuery(Struct, kw_only=True):
    q: Annotated[str, Meta(max_length=200)] = ""
    status: Status | None = None
    cursor: Annotated[str, Meta(max_length=100)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class IndexState(Struct, kw_only=True):
    """Which version answers, whether another one is being built and how far that is, and why the newest build failed,
    if it did."""

    version: int | None
    building: bool
    failed: str | None
    doing: str | None = None
    done: int = 0
    total: int = 0


class ArticleList(Struct, kw_only=True):
    items: list[ArticleView]
    total: int
    index: IndexState
    next: str | None = None


class ArticleHistory(Struct, kw_only=True):
    items: list[ArticleView]


class ArticleChange(Struct, kw_only=True):
    """What to change; ``revision`` is the one that the editor saw."""

    revision: int | UnsetType = UNSET
    question: str | UnsetType = UNSET
    variants: list[str] | UnsetType = UNSET
    answer: str | UnsetType = UNSET
    category: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    site: str | UnsetType | None = UNSET
    audience: list[str] | UnsetType = UNSET
    editions: list[str] | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    valid_from: datetime | UnsetType | None = UNSET
    valid_to: datetime | UnsetType | None = UNSET
    answer_at: Annotated[float, Meta(ge=0, le=1)] | UnsetType | None = UNSET


class NewArticle(ArticleChange, kw_only=True):
    id: str


class KnowledgeHttp:
    """Reading is for everybody at the desk, writing for editors."""

    def __init__(self, knowledge: Knowledge, *, second_reviewer: bool = False) -> None:
        """``second_reviewer``: nothing is published here, only through a draft that somebody else has read."""
        self._knowledge = knowledge
        self._second_reviewer = second_reviewer

    def routes(self) -> list[Route]:
        path = "/api/v1/articles"
        one = f"{path}/{{id}}"
        return [
            Route("GET", path, self.listed, ROLES, None, ArticleList, "Articles by id", query=ArticleQuery),
            Route(
                "POST", path, self.create, EDITORS, NewArticle, ArticleView, "A new article", status=201, stores=True
            ),
            Route("GET", one, self.one, ROLES, None, ArticleView, "One article"),
            Route("PATCH", one, self.change, EDITORS, ArticleChange, ArticleView, "Change an article", stores=True),
            Route("GET", f"{one}/history", self.history, ROLES, None, ArticleHistory, "Its revisions, newest first"),
        ]

    async def listed(self, call: Call) -> ArticleList:
        query: ArticleQuery = call.query
        words = query.q.lower().split()
        found = [
            stored
            for stored in await self._knowledge.listed()
            if (query.status is None or stored.article.status == query.status) and _matches(stored.article, words)
        ]
        rest = [stored for stored in found if query.cursor is None or stored.article.id > query.cursor]
        page = rest[: query.limit]
        return ArticleList(
            items=[view_of(stored) for stored in page],
            total=len(found),
            index=self._index_state(),
            next=page[-1].article.id if len(rest) > len(page) else None,
        )

    async def one(self, call: Call) -> ArticleView:
        return view_of(await self._stored(path_article_id(call)))

    async def history(self, call: Call) -> ArticleHistory:
        items = [view_of(stored) for stored in await self._knowledge.history(path_article_id(call))]
        if not items:
            raise NotFound("there is no such article")
        return ArticleHistory(items=items)

    async def create(self, call: Call) -> ArticleView:
        body: NewArticle = call.body
        if not ARTICLE_ID.fullmatch(body.id):
            raise Invalid("an id has letters, digits, points, hyphens and underscores", field="id")
        if body.question is UNSET or body.answer is UNSET:
            raise Invalid("an article needs a question and an answer")
        if await self._knowledge.one(body.id, call.connection) is not None:
            raise Conflict("there is an article with this id")
        return await self._saved(call, Article(id=body.id, question="", answer=""), body)

    async def change(self, call: Call) -> ArticleView:
        stored = await self._stored(path_article_id(call), call.connection)
        body: ArticleChange = call.body
        if body.revision is not UNSET and body.revision != stored.article.revision:
            raise Conflict("somebody else changed the article meanwhile", revision=stored.article.revision)
        return await self._saved(call, stored.article, body)

    async def _saved(self, call: Call, article: Article, change: ArticleChange) -> ArticleView:
        author, changed = author_of(call), _changed(article, change)
        if self._second_reviewer and changed.status == "published":
            raise Forbidden("somebody else has to read it first: make a draft", reason="second_reviewer")
        try:
            saved = await self._knowledge.save(call.connection, changed, author)
        except ArticleConflict as error:
            raise Conflict(str(error)) from error
        call.afterwards.append(lambda: self._knowledge.publish_soon(author))
        return view_of(await self._stored(saved.id, call.connection))

    async def _stored(self, article_id: str, connection: PooledConnection | None = None) -> StoredArticle:
        stored = await self._knowledge.one(article_id, connection)
        if stored is None:
            raise NotFound("there is no such article")
        return stored

    def _index_state(self) -> IndexState:
        knowledge = self._knowledge
        return IndexState(
            version=knowledge.current.version if knowledge.current else None,
            building=knowledge.is_building,
            failed=knowledge.failure,
            doing=knowledge.progress.doing if knowledge.is_building else None,
            done=knowledge.progress.done,
            total=knowledge.progress.total,
        )


def author_of(call: Call) -> Author:
    """Who changes an article."""
    account = call.signed.account
    return Author(account.name, account.id)


def path_article_id(call: Call) -> str:
    """What cannot be an id names nothing; ids from files may hold more than those made here."""
    article_id = call.request.match_info["id"]
    if not is_storable(article_id):
        raise NotFound("there is no such article")
    return article_id


def _matches(article: Article, words: list[str]) -> bool:
    text = " ".join((article.id, article.question, *article.variants, article.answer, article.category or "")).lower()
    return all(word in text for word in words)


def _changed(article: Article, change: ArticleChange) -> Article:
    """The article with the checked changes; raises `Invalid` that names the field."""
    fields: dict[str, Any] = {}
    for name, value in structs.asdict(change).items():
        if value is UNSET or name in ("revision", "id"):
            continue
        if name in ("question", "answer"):
            limit = MAX_QUESTION if name == "question" else MAX_ANSWER
            value = checked_text(value, limit=limit, field=name)
        elif name in ("variants", "tags", "audience", "editions"):
            if len(value) > MAX_VARIANTS:
                raise Invalid(f"at most {MAX_VARIANTS} {name}", field=name)
            value = tuple(checked_text(each, limit=MAX_QUESTION, field=name) for each in value if each.strip())
        elif name in ("category", "locale", "site") and value is not None:
            value = checked_text(value, limit=100, field=name)
        elif isinstance(value, datetime) and value.tzinfo is None:
            raise Invalid("times need their zone", field=name)
        elif isinstance(value, datetime) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise Invalid(f"{name} must be in the years {FIRST_YEAR} to {LAST_YEAR}", field=name)
        fields[name] = value
    return replace(article, **fields)

"""Articles over HTTP: agents read, editors write; a change is answered with at once, its index version follows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from kb_index.articles import Author, StoredArticle
from kb_index.errors import ArticleConflict
from kb_index.records import Article, Status, Visibility
from router.agents.records import ROLES
from router.api import Call, Route
from router.conversations.messages import checked_text, media_url
from router.errors import Conflict, Invalid, NotFound
from router.knowledge.knowledge import Knowledge

EDITORS = frozenset({"editor", "admin"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MAX_QUESTION = 500
_MAX_ANSWER = 20_000
_MAX_VARIANTS = 200


class PictureView(Struct, kw_only=True):
    """A picture as the answer names it, and where browsers find it."""

    name: str
    url: str


class ArticleView(Struct, kw_only=True):
    """An article at one revision."""

    id: str
    revision: int
    origin: str
    source: str | None
    author: str | None
    at: datetime
    question: str
    variants: list[str]
    answer: str
    category: str | None
    tags: list[str]
    locale: str
    site: str | None
    status: str
    visibility: str
    audience: list[str]
    editions: list[str]
    valid_from: datetime | None
    valid_to: datetime | None
    pictures: list[PictureView]


class ArticleQuery(Struct, kw_only=True):
    q: Annotated[str, Meta(max_length=200)] = ""
    status: Status | None = None
    cursor: Annotated[str, Meta(max_length=100)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class ArticleList(Struct, kw_only=True):
    items: list[ArticleView]
    total: int
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
    status: Status | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    valid_from: datetime | UnsetType | None = UNSET
    valid_to: datetime | UnsetType | None = UNSET


class NewArticle(ArticleChange, kw_only=True):
    id: str


class KnowledgeHttp:
    """Reading is for everybody at the desk, writing for editors."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

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
            items=[_view(stored) for stored in page],
            total=len(found),
            next=page[-1].article.id if len(rest) > len(page) else None,
        )

    async def one(self, call: Call) -> ArticleView:
        return _view(await self._current(call))

    async def history(self, call: Call) -> ArticleHistory:
        items = [_view(stored) for stored in await self._knowledge.history(_path_id(call))]
        if not items:
            raise NotFound("there is no such article")
        return ArticleHistory(items=items)

    async def create(self, call: Call) -> ArticleView:
        body: NewArticle = call.body
        if not _ID.fullmatch(body.id):
            raise Invalid("an id has letters, digits, points, hyphens and underscores", field="id")
        if body.question is UNSET or body.answer is UNSET:
            raise Invalid("an article needs a question and an answer")
        if any(stored.article.id == body.id for stored in await self._knowledge.listed()):
            raise Conflict("there is an article with this id")
        return await self._saved(call, Article(id=body.id, question="", answer=""), body)

    async def change(self, call: Call) -> ArticleView:
        stored = await self._current(call)
        body: ArticleChange = call.body
        if body.revision is not UNSET and body.revision != stored.article.revision:
            raise Conflict("somebody else changed the article meanwhile", revision=stored.article.revision)
        return await self._saved(call, stored.article, body)

    async def _saved(self, call: Call, article: Article, change: ArticleChange) -> ArticleView:
        account = call.signed.account
        try:
            saved = await self._knowledge.save(_changed(article, change), Author(account.name, account.id))
        except ArticleConflict as error:
            raise Conflict(str(error)) from error
        return _view(await self._stored(saved.id))

    async def _current(self, call: Call) -> StoredArticle:
        return await self._stored(_path_id(call))

    async def _stored(self, article_id: str) -> StoredArticle:
        for stored in await self._knowledge.listed():
            if stored.article.id == article_id:
                return stored
        raise NotFound("there is no such article")


def _path_id(call: Call) -> str:
    return call.request.match_info["id"]


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
            limit = _MAX_QUESTION if name == "question" else _MAX_ANSWER
            value = checked_text(value, limit=limit, field=name)
        elif name in ("variants", "tags"):
            if len(value) > _MAX_VARIANTS:
                raise Invalid(f"at most {_MAX_VARIANTS} {name}", field=name)
            value = tuple(checked_text(each, limit=_MAX_QUESTION, field=name) for each in value if each.strip())
        elif name in ("category", "locale") and value is not None:
            value = checked_text(value, limit=100, field=name)
        elif isinstance(value, datetime) and value.tzinfo is None:
            raise Invalid("times need their zone", field=name)
        fields[name] = value
    return replace(article, **fields)


def _view(stored: StoredArticle) -> ArticleView:
    article = stored.article
    return ArticleView(
        id=article.id,
        revision=article.revision,
        origin=stored.origin,
        source=stored.source,
        author=stored.author,
        at=stored.at,
        question=article.question,
        variants=list(article.variants),
        answer=article.answer,
        category=article.category,
        tags=list(article.tags),
        locale=article.locale,
        site=article.site,
        status=article.status,
        visibility=article.visibility,
        audience=list(article.audience),
        editions=list(article.editions),
        valid_from=article.valid_from,
        valid_to=article.valid_to,
        pictures=[PictureView(name=picture.name, url=media_url(picture.path)) for picture in article.pictures],
    )

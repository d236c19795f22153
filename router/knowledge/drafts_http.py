"""Drafts over HTTP: write, hand over, send back, publish; the reviewer's difference, and what became of an article."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from database.ids import uuid7
from kb_index.records import Article
from router.agents.records import ROLES
from router.api import Call, Route
from router.conversations.messages import checked_comment
from router.errors import Conflict, Invalid, NotFound
from router.knowledge.catalogue import CatalogueQuery, CatalogueRow, Listing
from router.knowledge.contents import ArticleContent, finished
from router.knowledge.differences import FIELDS, FieldChange, changes_between
from router.knowledge.drafts import Draft, Drafts, State, StepName
from router.knowledge.http import ARTICLE_ID, EDITORS, author_of, path_article_id
from router.knowledge.knowledge import Knowledge
from router.knowledge.views import ArticleView, view_of

Tasks = Annotated[list[UUID], Meta(max_length=200)]


class DraftView(Struct, kw_only=True):
    """``base_revision`` is what it began with (0: a new article), ``current_revision`` what the article is at now.
    ``may_publish``: whether the asking account is one that may."""

    article_id: str
    version: int
    base_revision: int
    current_revision: int
    state: State
    content: ArticleContent
    task_ids: list[UUID]
    author: str
    updated_at: datetime
    may_publish: bool


class DraftList(Struct, kw_only=True):
    items: list[DraftView]
    second_reviewer: bool


class DeskArticle(Struct, kw_only=True):
    """Everything about one article: as it is served, its draft (for editors), and what waits on it."""

    row: CatalogueRow
    article: ArticleView | None
    draft: DraftView | None


class NewDraft(Struct, kw_only=True):
    """Of a new article; without an id one is made."""

    id: str | None = None
    content: ArticleContent
    task_ids: Tasks = []


class DraftSave(Struct, kw_only=True):
    """``version`` is the one that was seen, 0 where there was no draft; ``base_revision`` the article's."""

    version: Annotated[int, Meta(ge=0)]
    base_revision: Annotated[int, Meta(ge=0)]
    content: ArticleContent


class DraftStep(Struct, kw_only=True):
    version: int
    comment: str | None = None


class DraftSeen(Struct, kw_only=True):
    """The version that was seen."""

    version: int


class DraftPublication(DraftStep, kw_only=True):
    """``over``: the revision that it may take the place of although it began with another."""

    over: int | None = None


class StepView(Struct, kw_only=True):
    step: StepName
    revision: int | None
    comment: str | None
    by: str
    at: datetime


class StepList(Struct, kw_only=True):
    items: list[StepView]


class CompareQuery(Struct, kw_only=True):
    """Revisions by number, ``draft``, or ``current``."""

    before: Annotated[str, Meta(max_length=20)] = "current"
    after: Annotated[str, Meta(max_length=20)] = "draft"


class Compared(Struct, kw_only=True):
    fields: list[FieldChange]


class DraftsHttp:
    """Everything here is the editors', but for looking at an article."""

    def __init__(self, drafts: Drafts, listing: Listing, knowledge: Knowledge, pictures: Path) -> None:
        self._listing = listing
        self._drafts = drafts
        self._knowledge = knowledge
        self._pictures = pictures

    def routes(self) -> list[Route]:
        one = "/api/v1/articles/{id}"
        draft = f"{one}/draft"
        return [
            Route("GET", "/api/v1/knowledge/articles/{id}", self.whole, ROLES, None, DeskArticle,
                  "An article with its draft and what waits on it"),
            Route("GET", "/api/v1/knowledge/drafts", self.listed, EDITORS, None, DraftList,
                  "All drafts, those for review first"),
            Route("POST", "/api/v1/knowledge/drafts", self.create, EDITORS, NewDraft, DraftView,
                  "Begin a new article", status=201, stores=True, max_body_bytes=256 * 1024),
            Route("GET", draft, self.one, EDITORS, None, DraftView, "The draft of an article"),
            Route("PUT", draft, self.save, EDITORS, DraftSave, DraftView, "Save what the editor has now",
                  stores=True, max_body_bytes=256 * 1024),
            Route("DELETE", draft, self.discard, EDITORS, None, None, "Throw a draft away",
                  query=DraftSeen, stores=True),
            Route("POST", f"{draft}/submit", self.submit, EDITORS, DraftStep, DraftView, "Hand it to a reviewer",
                  stores=True),
            Route("POST", f"{draft}/return", self.give_back, EDITORS, DraftStep, DraftView, "Send it back",
                  stores=True),
            Route("POST", f"{draft}/publish", self.publish, EDITORS, DraftPublication, ArticleView,
                  "Answer with it from now on", stores=True),
            Route("POST", f"{one}/confirm", self.confirm, EDITORS, None, None, "Read, and it still holds",
                  stores=True),
            Route("GET", f"{one}/steps", self.steps, EDITORS, None, StepList, "What became of it, the latest first"),
            Route("GET", f"{one}/compare", self.compare, EDITORS, None, Compared, "What differs between two versions",
                  query=CompareQuery),
        ]  # fmt: skip

    async def whole(self, call: Call) -> DeskArticle:
        article_id = path_article_id(call)
        found = (await self._listing.page(CatalogueQuery(), article_id)).items
        if not found:
            raise NotFound("there is no such article")
        stored = await self._knowledge.one(article_id)
        edits = call.signed.account.has_any(EDITORS)
        draft = await self._drafts.of(article_id) if edits else None
        revision = stored.article.revision if stored else 0
        return DeskArticle(
            row=found[0],
            article=view_of(stored) if stored else None,
            draft=self._view(draft, revision, call) if draft else None,
        )

    async def listed(self, call: Call) -> DraftList:
        revisions = {stored.article.id: stored.article.revision for stored in await self._knowledge.listed()}
        items = [self._view(draft, revisions.get(draft.article_id, 0), call) for draft in await self._drafts.all()]
        return DraftList(items=items, second_reviewer=self._drafts.second_reviewer)

    async def create(self, call: Call) -> DraftView:
        body: NewDraft = call.body
        article_id = (body.id or "").strip() or f"a-{uuid7().hex[-10:]}"
        if not ARTICLE_ID.fullmatch(article_id):
            raise Invalid("an id has letters, digits, points, hyphens and underscores", field="id")
        if await self._knowledge.one(article_id, call.connection) is not None:
            raise Conflict("there is an article with this id", reason="id_taken")
        author = author_of(call)
        draft = await self._drafts.save(call.connection, article_id, 0, 0, body.content, author, body.task_ids)
        return self._view(draft, 0, call)

    async def one(self, call: Call) -> DraftView:
        draft = await self._drafts.of(path_article_id(call))
        if draft is None:
            raise NotFound("there is no draft of this article")
        return await self._seen(draft, call)

    async def save(self, call: Call) -> DraftView:
        body: DraftSave = call.body
        article_id = path_article_id(call)
        if body.version == 0 and await self._knowledge.one(article_id, call.connection) is None:
            raise NotFound("there is no such article")
        draft = await self._drafts.save(
            call.connection, article_id, body.version, body.base_revision, body.content, author_of(call)
        )
        return await self._seen(draft, call)

    async def discard(self, call: Call) -> None:
        query: DraftSeen = call.query
        await self._drafts.discard(call.connection, path_article_id(call), query.version, author_of(call))

    async def submit(self, call: Call) -> DraftView:
        return await self._moved(call, "review")

    async def give_back(self, call: Call) -> DraftView:
        return await self._moved(call, "draft")

    async def publish(self, call: Call) -> ArticleView:
        body: DraftPublication = call.body
        author = author_of(call)
        saved = await self._drafts.publish(
            call.connection, path_article_id(call), body.version, author, checked_comment(body.comment), body.over
        )
        call.afterwards.append(lambda: self._knowledge.publish_soon(author))
        stored = await self._knowledge.one(saved.id, call.connection)
        assert stored is not None
        return view_of(stored)

    async def confirm(self, call: Call) -> None:
        await self._drafts.confirm(call.connection, path_article_id(call), author_of(call))

    async def steps(self, call: Call) -> StepList:
        rows = await self._drafts.steps(path_article_id(call))
        return StepList(
            items=[
                StepView(
                    step=row["step"], revision=row["revision"], comment=row["comment"], by=row["actor_name"],
                    at=row["at"],
                )
                for row in rows
            ]
        )  # fmt: skip

    async def compare(self, call: Call) -> Compared:
        query: CompareQuery = call.query
        article_id = path_article_id(call)
        before, after = [await self._side(article_id, name) for name in (query.before, query.after)]
        if before is None and after is None:
            raise NotFound("there is no such article")
        return Compared(fields=await asyncio.to_thread(changes_between, before, after))

    async def _side(self, article_id: str, name: str) -> Article | None:
        if name == "draft":
            draft = await self._drafts.of(article_id)
            if draft is None:
                return None
            stored = await self._knowledge.one(article_id)
            base = stored.article if stored else Article(id=article_id, question="", answer="")
            return _as_it_is(draft.content, base, self._pictures)
        if name == "current":
            stored = await self._knowledge.one(article_id)
            return stored.article if stored else None
        if not (name.isdecimal() and name.isascii()):
            raise Invalid("a version is a revision's number, draft or current")
        history = await self._knowledge.history(article_id)
        return next((one.article for one in history if one.article.revision == int(name)), None)

    async def _moved(self, call: Call, to: State) -> DraftView:
        body: DraftStep = call.body
        draft = await self._drafts.move(
            call.connection, path_article_id(call), body.version, to, author_of(call), checked_comment(body.comment)
        )
        return await self._seen(draft, call)

    async def _seen(self, draft: Draft, call: Call) -> DraftView:
        stored = await self._knowledge.one(draft.article_id, call.connection_or_none)
        return self._view(draft, stored.article.revision if stored else 0, call)

    def _view(self, draft: Draft, revision: int, call: Call) -> DraftView:
        somebody_else = call.signed.account.id not in draft.authors and draft.state == "review"
        return DraftView(
            article_id=draft.article_id, version=draft.version, base_revision=draft.base_revision,
            current_revision=revision, state=draft.state, content=draft.content, task_ids=list(draft.task_ids),
            author=draft.author, updated_at=draft.updated_at,
            may_publish=somebody_else or not self._drafts.second_reviewer,
        )  # fmt: skip


def _as_it_is(content: ArticleContent, base: Article, pictures: Path) -> Article:
    """An unfinished draft for comparing; what cannot be published yet stands as it was typed."""
    try:
        return finished(content, base, pictures)
    except Invalid:
        fields: dict[str, Any] = {}
        for name in FIELDS:
            value = getattr(content, name, None) if name not in ("status", "pictures") else getattr(base, name)
            fields[name] = tuple(value) if isinstance(value, list) else value
        return replace(base, **fields)

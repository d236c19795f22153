"""From what was asked to what is written: tasks in clusters, one click to a new article or to one more wording."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from database.ids import uuid7
from kb_index.records import Article
from router.api import Call, Route
from router.conversations.messages import checked_text
from router.errors import Forbidden, Invalid, NotFound
from router.knowledge.contents import MAX_QUESTION, MAX_VARIANTS, ArticleContent, content_of
from router.knowledge.drafts import Drafts
from router.knowledge.http import EDITORS, author_of
from router.knowledge.knowledge import Knowledge
from router.learning.clusters import Cluster, Clusters
from router.learning.records import Kind, Outcome
from router.learning.tasks import Tasks
from router.security.claims import is_storable

_MOST = 400
TaskIds = Annotated[list[UUID], Meta(min_length=1, max_length=100)]


class ClusterQuery(Struct, kw_only=True):
    kind: Kind | None = None


class AskedQuestion(Struct, kw_only=True):
    """One wording; ``id`` is the task."""

    id: UUID
    kind: Kind
    question: str
    times: int
    at: datetime
    article_id: str | None


class ClusterView(Struct, kw_only=True):
    """Questions that ask alike, the most frequent first; ``times``: how often all of them together."""

    questions: list[AskedQuestion]
    times: int
    at: datetime


class ClusterList(Struct, kw_only=True):
    items: list[ClusterView]
    waiting: int


class Settlement(Struct, kw_only=True):
    """The same decision for several tasks."""

    task_ids: TaskIds
    outcome: Outcome
    article_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class FromTasks(Struct, kw_only=True):
    """``questions``: the wordings to write down, the first of them as the question."""

    task_ids: TaskIds
    questions: Annotated[list[str], Meta(min_length=1, max_length=MAX_VARIANTS)]
    category: str | None = None


class MoreVariants(Struct, kw_only=True):
    """``publish``: answer with them at once, where no second reviewer is asked for."""

    task_ids: TaskIds
    article_id: Annotated[str, Meta(min_length=1, max_length=200)]
    variants: Annotated[list[str], Meta(min_length=1, max_length=MAX_VARIANTS)]
    publish: bool = False


class MadeDraft(Struct, kw_only=True):
    """Where to go on; ``published``: it is answered with already."""

    article_id: str
    published: bool


class ClustersHttp:
    """Everything here is the editors'."""

    def __init__(self, tasks: Tasks, clusters: Clusters, drafts: Drafts, knowledge: Knowledge) -> None:
        self._tasks = tasks
        self._clusters = clusters
        self._drafts = drafts
        self._knowledge = knowledge

    def routes(self) -> list[Route]:
        path = "/api/v1/learning"
        return [
            Route("GET", f"{path}/clusters", self.listed, EDITORS, None, ClusterList, "Open tasks that ask alike",
                  query=ClusterQuery),
            Route("POST", f"{path}/settle", self.settle, EDITORS, Settlement, None, "Decide about several tasks",
                  stores=True),
            Route("POST", f"{path}/drafts", self.begin, EDITORS, FromTasks, MadeDraft,
                  "A new article for what was asked", status=201, stores=True),
            Route("POST", f"{path}/variants", self.add, EDITORS, MoreVariants, MadeDraft,
                  "One more wording for an article", stores=True),
        ]  # fmt: skip

    async def listed(self, call: Call) -> ClusterList:
        query: ClusterQuery = call.query
        rows = await self._tasks.listed(is_open=True, kind=query.kind, below=None, limit=_MOST)
        clusters = await self._clusters.of(rows)
        return ClusterList(items=[_view(cluster) for cluster in clusters], waiting=await self._tasks.waiting())

    async def settle(self, call: Call) -> None:
        body: Settlement = call.body
        for task_id in body.task_ids:
            await self._tasks.resolve(
                call.connection, task_id, body.outcome, _storable(body.article_id), call.signed.account.id
            )

    async def begin(self, call: Call) -> MadeDraft:
        body: FromTasks = call.body
        await self._known(call, body.task_ids)
        question, *others = _worded(body.questions)
        content = ArticleContent(question=question, variants=others, category=body.category)
        article_id = f"a-{uuid7().hex[-10:]}"
        await self._drafts.save(call.connection, article_id, 0, 0, content, author_of(call), body.task_ids)
        return MadeDraft(article_id=article_id, published=False)

    async def add(self, call: Call) -> MadeDraft:
        body: MoreVariants = call.body
        await self._known(call, body.task_ids)
        article_id, author = _storable(body.article_id) or "", author_of(call)
        stored = await self._knowledge.one(article_id, call.connection)
        if stored is None:
            raise NotFound("there is no such article")
        draft = await self._drafts.of(article_id)
        content = draft.content if draft else content_of(stored.article)
        content.variants = _added(content, stored.article, _worded(body.variants))
        if len(content.variants) > MAX_VARIANTS:
            raise Invalid(f"at most {MAX_VARIANTS} variants", field="variants")
        publish = body.publish and draft is None  # a draft under way is its author's to publish
        if publish and self._drafts.second_reviewer:
            raise Forbidden("somebody else has to read it first: make a draft", reason="second_reviewer")
        seen, base = (draft.version, draft.base_revision) if draft else (0, stored.article.revision)
        saved = await self._drafts.save(call.connection, article_id, seen, base, content, author, body.task_ids)
        if publish:
            await self._drafts.publish(call.connection, article_id, saved.version, author, None, None)
            call.afterwards.append(lambda: self._knowledge.publish_soon(author))
        return MadeDraft(article_id=article_id, published=publish)

    async def _known(self, call: Call, task_ids: list[UUID]) -> None:
        for task_id in task_ids:
            await self._tasks.one(task_id, call.connection)


def _view(cluster: Cluster) -> ClusterView:
    questions = [_asked(row) for row in cluster.rows]
    return ClusterView(questions=questions, times=cluster.times, at=max(one.at for one in questions))


def _asked(row: Any) -> AskedQuestion:
    return AskedQuestion(
        id=row["id"], kind=row["kind"], question=row["question"], times=row["times"], at=row["at"],
        article_id=row["article_id"],
    )  # fmt: skip


def _worded(questions: list[str]) -> list[str]:
    """Each once, in one line."""
    texts = [checked_text(text[:MAX_QUESTION], limit=MAX_QUESTION, field="questions") for text in questions]
    return list(dict.fromkeys(" ".join(text.split()) for text in texts))


def _added(content: ArticleContent, article: Article, variants: list[str]) -> list[str]:
    there = {content.question, article.question}
    return list(dict.fromkeys([*content.variants, *(text for text in variants if text not in there)]))


def _storable(article_id: str | None) -> str | None:
    if article_id is not None and not is_storable(article_id):
        raise NotFound("there is no such article")
    return article_id

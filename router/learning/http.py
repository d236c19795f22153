"""Learning over HTTP: agents flag answers, editors work through tasks and look at pairs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Record
from msgspec import Meta, Struct

from bot.records import Source as Suggested
from router.api import Call, Route
from router.conversations.handling import Handling
from router.conversations.http import DESK, colleague_of
from router.conversations.messages import checked_comment, checked_text
from router.errors import NotFound
from router.knowledge.http import EDITORS
from router.learning.pairs import Pairs
from router.learning.records import Kind, Outcome, Source
from router.learning.tasks import Tasks
from router.paging import PageQuery, cursor_of, id_of
from router.security.claims import is_storable

_MAX_QUESTION = 500
_MAX_SEQ = 2**31 - 1
ArticleId = Annotated[str, Meta(min_length=1, max_length=200)]

#: The best articles for a question, best first; raises nothing.
Suggest = Callable[[str], Awaitable[Sequence[Suggested]]]


class Flag(Struct, kw_only=True):
    """这条答案错了, with the right article where the agent knows it."""

    article_id: ArticleId | None = None
    comment: str | None = None


class Flagged(Struct, kw_only=True):
    task_id: UUID


class SuggestedArticle(Struct, kw_only=True):
    """An article that the bot thinks of, with the probability that it is right."""

    article_id: str
    title: str
    confidence: float


class TaskView(Struct, kw_only=True):
    """``answer`` is what the bot said, ``reply`` what an agent said later; empty where it was taken back."""

    id: UUID
    kind: Kind
    question: str
    times: int
    answer: str
    article_id: str | None
    proposed_id: str | None
    comment: str | None
    reply: str | None
    conversation_id: UUID
    by: str | None
    at: datetime
    outcome: Outcome | None
    outcome_id: str | None
    resolved_at: datetime | None
    suggestions: list[SuggestedArticle] = []


class TaskQuery(PageQuery, kw_only=True):
    open: bool = True
    kind: Kind | None = None


class TaskList(Struct, kw_only=True):
    items: list[TaskView]
    waiting: int
    next: str | None = None


class Resolution(Struct, kw_only=True):
    outcome: Outcome
    article_id: ArticleId | None = None


class PairView(Struct, kw_only=True):
    """``article_id`` None with ``reply_seq`` None: no article answers the question."""

    id: UUID
    source: Source
    question: str
    article_id: str | None
    revision: int | None
    index_version: int | None
    is_right: bool
    weight: float
    conversation_id: UUID | None
    answer_seq: int | None
    reply_seq: int | None
    by: str | None
    at: datetime
    dismissed: bool


class PairQuery(PageQuery, kw_only=True):
    source: Source | None = None
    article_id: ArticleId | None = None
    is_right: bool | None = None


class PairList(Struct, kw_only=True):
    items: list[PairView]
    next: str | None = None


class NewPair(Struct, kw_only=True):
    """A question as an editor types it; without an article: nobody's."""

    question: str
    article_id: ArticleId | None = None
    is_right: bool = True


class PairChange(Struct, kw_only=True):
    dismissed: bool


class LearningHttp:
    """Who may flag an answer is who may see its conversation; everything else is the editors'."""

    def __init__(self, tasks: Tasks, pairs: Pairs, handling: Handling, suggest: Suggest) -> None:
        self._tasks = tasks
        self._pairs = pairs
        self._handling = handling
        self._suggest = suggest

    def routes(self) -> list[Route]:
        tasks, pairs = "/api/v1/learning/tasks", "/api/v1/learning/pairs"
        return [
            Route(
                "POST", "/api/v1/conversations/{id}/events/{seq}/flag", self.flag, DESK, Flag, Flagged,
                "Call an answer of the bot wrong", status=201, stores=True,
            ),
            Route(
                "GET", tasks, self.listed_tasks, EDITORS, None, TaskList, "What editors should look at, newest first",
                query=TaskQuery,
            ),
            Route("GET", f"{tasks}/{{id}}", self.task, EDITORS, None, TaskView, "One task, with articles to choose"),
            Route(
                "POST", f"{tasks}/{{id}}/resolve", self.resolve, EDITORS, Resolution, TaskView,
                "Assign an article, say that none fits, or dismiss", stores=True,
            ),
            Route(
                "GET", pairs, self.listed_pairs, EDITORS, None, PairList, "What use has taught, newest first",
                query=PairQuery,
            ),
            Route(
                "POST", pairs, self.add_pair, EDITORS, NewPair, None, "Teach a question", status=201, stores=True,
            ),
            Route(
                "PATCH", f"{pairs}/{{id}}", self.change_pair, EDITORS, PairChange, PairView, "Set a pair aside",
                stores=True,
            ),
        ]  # fmt: skip

    async def flag(self, call: Call) -> Flagged:
        body: Flag = call.body
        account = call.signed.account
        row = await self._handling.visible(colleague_of(account), call.path_id)
        task_id = await self._tasks.flag(
            call.connection, row.id, _path_seq(call),
            agent_id=account.id, article_id=_checked_id(body.article_id), comment=checked_comment(body.comment),
        )  # fmt: skip
        return Flagged(task_id=task_id)

    async def listed_tasks(self, call: Call) -> TaskList:
        query: TaskQuery = call.query
        rows = await self._tasks.listed(
            is_open=query.open, kind=query.kind, below=id_of(query.cursor), limit=query.limit + 1
        )
        page, more = rows[: query.limit], len(rows) > query.limit
        return TaskList(
            items=[_task_view(row) for row in page],
            waiting=await self._tasks.waiting(),
            next=cursor_of(page[-1]["id"]) if more else None,
        )

    async def task(self, call: Call) -> TaskView:
        row = await self._tasks.one(call.path_id)
        if row["question"] is None:
            raise NotFound("there is no such task")
        return _task_view(row, await self._suggest(row["question"]))

    async def resolve(self, call: Call) -> TaskView:
        body: Resolution = call.body
        article_id = _checked_id(body.article_id)
        await self._tasks.resolve(call.connection, call.path_id, body.outcome, article_id, call.signed.account.id)
        return _task_view(await self._tasks.one(call.path_id, call.connection))

    async def listed_pairs(self, call: Call) -> PairList:
        query: PairQuery = call.query
        rows = await self._pairs.listed(
            source=query.source, article_id=query.article_id, is_right=query.is_right, below=id_of(query.cursor),
            limit=query.limit + 1,
        )  # fmt: skip
        page, more = rows[: query.limit], len(rows) > query.limit
        return PairList(items=[_pair_view(row) for row in page], next=cursor_of(page[-1]["id"]) if more else None)

    async def add_pair(self, call: Call) -> None:
        body: NewPair = call.body
        question = checked_text(body.question, limit=_MAX_QUESTION, field="question")
        article_id = _checked_id(body.article_id)
        await self._pairs.add(call.connection, question, article_id, body.is_right, call.signed.account.id)

    async def change_pair(self, call: Call) -> PairView:
        body: PairChange = call.body
        return _pair_view(await self._pairs.set_aside(call.connection, call.path_id, dismissed=body.dismissed))


def _path_seq(call: Call) -> int:
    text = call.request.match_info["seq"]
    if not text.isdecimal() or not text.isascii() or int(text) > _MAX_SEQ:
        raise NotFound("there is no answer of the bot at this place")
    return int(text)


def _checked_id(article_id: str | None) -> str | None:
    """An id from files may hold nearly anything, but nothing that Postgres cannot store."""
    if article_id is not None and not is_storable(article_id):
        raise NotFound("there is no such article")
    return article_id


def _task_view(row: Record, suggestions: Sequence[Suggested] = ()) -> TaskView:
    return TaskView(
        id=row["id"], kind=row["kind"], question=row["question"] or "", times=max(row["times"], 1),
        answer=row["answer"] or "", article_id=row["article_id"], proposed_id=row["proposed_id"],
        comment=row["comment"], reply=row["reply"], conversation_id=row["conversation_id"], by=row["actor_name"],
        at=row["at"], outcome=row["outcome"], outcome_id=row["outcome_id"], resolved_at=row["resolved_at"],
        suggestions=[
            SuggestedArticle(article_id=each.article_id, title=each.title, confidence=round(each.confidence, 4))
            for each in suggestions
        ],
    )  # fmt: skip


def _pair_view(row: Record) -> PairView:
    return PairView(
        id=row["id"], source=row["source"], question=row["text"] or "", article_id=row["article_id"],
        revision=row["revision"], index_version=row["index_version"], is_right=row["is_right"], weight=row["weight"],
        conversation_id=row["conversation_id"], answer_seq=row["answer_seq"], reply_seq=row["reply_seq"],
        by=row["actor_name"], at=row["at"], dismissed=row["dismissed_at"] is not None,
    )  # fmt: skip

"""Reindexing, replays, evaluations and index versions over HTTP; the editors'."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from kb_index.errors import IndexMismatch, KnowledgeError, NoSuchVersion
from kb_index.records import Article
from kb_index.versions import IndexVersions
from router.api import Call, Route
from router.errors import Conflict, Invalid, NotFound
from router.knowledge.contents import ArticleContent, finished, media_of
from router.knowledge.drafts import Drafts
from router.knowledge.http import EDITORS, author_of
from router.knowledge.knowledge import Knowledge
from router.knowledge.media import Media
from router.knowledge.runs import RunKind, Runs, RunState
from router.knowledge.trying import Trial
from router.security.claims import is_storable

_MAX_PROPOSED = 100
Chance = Annotated[float, Meta(ge=0, le=1)]


class Proposed(Struct, kw_only=True):
    """An article as it would be, saved or not."""

    id: str
    content: ArticleContent


class NewRun(Struct, kw_only=True):
    """What to run. ``reindex``: ``folder`` also reads the server's article files, ``gate`` refuses a version that
    answers worse, ``dry_run`` writes nothing, ``take_file`` overwrites what was changed at the desk. ``replay`` and
    ``try``: with these drafts and proposed articles, or another version, or other thresholds, in place of what is
    served."""

    kind: RunKind
    folder: bool = False
    gate: bool = False
    dry_run: bool = False
    take_file: bool = False
    drafts: Annotated[list[str], Meta(max_length=_MAX_PROPOSED)] = []
    articles: Annotated[list[Proposed], Meta(max_length=_MAX_PROPOSED)] = []
    version: int | None = None
    answer_at: Chance | None = None
    offer_at: Chance | None = None
    days: Annotated[float, Meta(gt=0, le=366)] = 30
    trial: Trial | None = None


class RunView(Struct, kw_only=True):
    """``result`` depends on the kind; ``error`` says why it failed or was refused; ``has_report``: there is a page."""

    id: UUID
    kind: RunKind
    state: RunState
    doing: str | None
    done: int | None
    total: int | None
    error: str | None
    by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    has_report: bool
    parameters: dict[str, Any]
    result: dict[str, Any] | None


class RunQuery(Struct, kw_only=True):
    kind: Literal["reindex", "replay", "evaluation"] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class RunList(Struct, kw_only=True):
    """The latest; of what they found only the summary."""

    items: list[RunView]


class RunReport(Struct, kw_only=True):
    """A page without scripts, to be shown in a frame that may do nothing."""

    html: str


class VersionView(Struct, kw_only=True):
    version: int
    serving: bool
    articles: int
    texts: int
    encoder: str
    learnt: bool
    tuned: bool
    note: str | None
    created_at: datetime


class VersionList(Struct, kw_only=True):
    items: list[VersionView]


class Served(Struct, kw_only=True):
    version: int


class RunsHttp:
    """Who asks is written down with each run."""

    def __init__(self, runs: Runs, versions: IndexVersions, knowledge: Knowledge, drafts: Drafts, media: Media) -> None:
        self._runs = runs
        self._versions = versions
        self._knowledge = knowledge
        self._drafts = drafts
        self._media = media

    def routes(self) -> list[Route]:
        runs, versions = "/api/v1/knowledge/runs", "/api/v1/knowledge/versions"
        return [
            Route("GET", runs, self.listed, EDITORS, None, RunList, "The latest runs", query=RunQuery),
            Route("POST", runs, self.start, EDITORS, NewRun, RunView, "Reindex, replay, evaluate, or try a draft",
                  status=201, stores=True, max_body_bytes=512 * 1024),
            Route("GET", f"{runs}/{{id}}", self.one, EDITORS, None, RunView, "How far a run is, and what it found"),
            Route("GET", f"{runs}/{{id}}/report", self.report, EDITORS, None, RunReport, "The page that a run wrote"),
            Route("POST", f"{runs}/{{id}}/stop", self.stop, EDITORS, None, None, "End a run"),
            Route("GET", versions, self.all_versions, EDITORS, None, VersionList, "Index versions, newest first"),
            Route("POST", f"{versions}/{{version}}/serve", self.serve, EDITORS, None, Served,
                  "Answer with an earlier version again, its articles included"),
        ]  # fmt: skip

    async def listed(self, call: Call) -> RunList:
        query: RunQuery = call.query
        rows = await self._runs.latest(query.kind, query.limit)
        return RunList(items=[self._view(row, row["summary"] and {"summary": row["summary"]}) for row in rows])

    async def start(self, call: Call) -> RunView:
        body: NewRun = call.body
        if body.kind == "try" and body.trial is None:
            raise Invalid("a try needs a question", field="trial")
        given = [each for each in (body.drafts or body.articles, body.version, body.answer_at, body.offer_at) if each]
        if body.kind in ("replay", "try") and not given:
            raise Invalid("name what is to change: drafts, articles, a version or a threshold")
        parameters = {
            name: value
            for name, value in msgspec.to_builtins(body).items()
            if name not in ("kind", "articles") and value not in (None, False, [])
        }
        parameters["author"] = call.signed.account.name
        parameters["articles"] = [msgspec.to_builtins(article) for article in await self._proposed(body)]
        run_id = await self._runs.ask_for(call.connection, body.kind, parameters, author_of(call))
        call.afterwards.append(lambda: self._runs.begin(run_id, body.kind))
        return self._view(await self._runs.one(run_id, call.connection), None)

    async def one(self, call: Call) -> RunView:
        row = await self._runs.one(call.path_id)
        return self._view(row, await self._runs.result(row))

    async def report(self, call: Call) -> RunReport:
        return RunReport(html=await self._runs.report(call.path_id))

    async def stop(self, call: Call) -> None:
        await self._runs.one(call.path_id)
        await self._runs.stop(call.path_id)

    async def all_versions(self, call: Call) -> VersionList:
        return VersionList(
            items=[
                VersionView(
                    version=one.number, serving=one.serving, articles=one.articles, texts=one.texts,
                    encoder=one.encoder, learnt=one.lesson_set is not None, tuned=one.tuned is not None,
                    note=one.note, created_at=one.created_at,
                )
                for one in await self._versions.all()
            ]
        )  # fmt: skip

    async def serve(self, call: Call) -> Served:
        text = call.request.match_info["version"]
        if not (text.isdecimal() and text.isascii() and len(text) < 12):
            raise NotFound("there is no such index version")
        try:
            version = await self._versions.roll_back(int(text), author_of(call))
        except NoSuchVersion as error:
            raise NotFound(str(error)) from error
        except (IndexMismatch, KnowledgeError) as error:
            raise Conflict(str(error)) from error
        await self._knowledge.follow()
        return Served(version=version)

    async def _proposed(self, body: NewRun) -> list[Article]:
        """The articles as they would be; raises `Invalid` for one that could not be published."""
        contents = {one.id: one.content for one in body.articles}
        for article_id in body.drafts:
            draft = await self._drafts.of(article_id)
            if draft is None:
                raise NotFound("there is no draft of this article", article_id=article_id)
            contents.setdefault(article_id, draft.content)
        found: list[Article] = []
        for article_id, content in contents.items():
            stored = await self._knowledge.one(article_id) if is_storable(article_id) else None
            base = stored.article if stored else Article(id=article_id, question="", answer="")
            await self._media.bring_all(media_of(content))
            found.append(replace(finished(content, base, self._media.folder), revision=base.revision))
        return found

    def _view(self, row: Any, result: Any) -> RunView:
        parameters = {name: value for name, value in row["parameters"].items() if name != "articles"}
        return RunView(
            id=row["id"], kind=row["kind"], state=self._runs.state_of(row), doing=row["doing"], done=row["done"],
            total=row["total"], error=row["error"], by=row["actor_name"], created_at=row["created_at"],
            started_at=row["started_at"], ended_at=row["ended_at"], has_report=bool(row["has_report"]),
            parameters=parameters, result=result,
        )  # fmt: skip

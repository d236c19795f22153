"""Versions of the product that came out, and which articles nobody has looked at since; the list says so, nothing is
taken down."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from kb_index.records import FIRST_YEAR, LAST_YEAR
from router.api import Call, Route
from router.conversations.messages import checked_comment, checked_text
from router.errors import Invalid, NotFound
from router.knowledge.http import EDITORS
from router.security.audit import Audit, AuditEntry

Names = Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(max_length=100)]


class NewRelease(Struct, kw_only=True):
    """``editions`` and ``categories`` empty: all of them; a category stands for all that begin with it."""

    name: str
    released_at: datetime
    note: str | None = None
    site: Annotated[str, Meta(max_length=100)] | None = None
    editions: Names = []
    categories: Names = []


class ReleaseView(Struct, kw_only=True):
    """``articles``: how many it is about; ``stale``: how many of them nobody has looked at since."""

    id: UUID
    name: str
    note: str | None
    released_at: datetime
    site: str | None
    editions: list[str]
    categories: list[str]
    author: str
    articles: int
    stale: int


class ReleaseList(Struct, kw_only=True):
    items: list[ReleaseView]


class ReleasesHttp:
    """Kept by editors."""

    def __init__(self, database: Database, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._sql = load_queries(__file__)

    def routes(self) -> list[Route]:
        path = "/api/v1/knowledge/releases"
        return [
            Route("GET", path, self.listed, EDITORS, None, ReleaseList, "Releases, the latest first"),
            Route("POST", path, self.add, EDITORS, NewRelease, ReleaseView, "A version came out", status=201,
                  stores=True),
            Route("DELETE", f"{path}/{{id}}", self.remove, EDITORS, None, None, "It was entered by mistake",
                  stores=True),
        ]  # fmt: skip

    async def listed(self, call: Call) -> ReleaseList:
        rows = await self._database.fetch(self._sql["releases"], self._clock.now())
        return ReleaseList(items=[_view(row) for row in rows])

    async def add(self, call: Call) -> ReleaseView:
        body: NewRelease = call.body
        if body.released_at.tzinfo is None or not FIRST_YEAR <= body.released_at.year <= LAST_YEAR:
            raise Invalid("released_at needs its zone and a year that calendars know", field="released_at")
        name = checked_text(body.name, limit=100, field="name")
        release_id = uuid7()
        await call.connection.execute(
            self._sql["insert_release"], release_id, name, checked_comment(body.note), body.released_at,
            (body.site or "").strip() or None, list(dict.fromkeys(body.editions)),
            list(dict.fromkeys(body.categories)), call.signed.account.name, self._clock.now(),
        )  # fmt: skip
        await self._audit.record(
            call.connection, AuditEntry(call.actor, "release.added", "release", str(release_id), {"name": name})
        )
        rows = await call.connection.fetch(self._sql["releases"], self._clock.now())
        return next(_view(row) for row in rows if row["id"] == release_id)

    async def remove(self, call: Call) -> None:
        if await call.connection.fetchval(self._sql["delete_release"], call.path_id) is None:
            raise NotFound("there is no such release")
        await self._audit.record(
            call.connection, AuditEntry(call.actor, "release.removed", "release", str(call.path_id))
        )


def _view(row: Any) -> ReleaseView:
    return ReleaseView(
        id=row["id"], name=row["name"], note=row["note"], released_at=row["released_at"], site=row["site"],
        editions=list(row["editions"]), categories=list(row["categories"]), author=row["author"],
        articles=row["articles"], stale=row["stale"],
    )  # fmt: skip

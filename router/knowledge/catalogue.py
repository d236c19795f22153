"""The editors' list of articles: light rows with what waits on each of them, found by words and filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from kb_index.records import Visibility
from router.agents.records import ROLES
from router.api import Call, Route
from router.knowledge.drafts import State

Name = Annotated[str, Meta(max_length=200)]
_USED_DAYS = 90


class CatalogueQuery(Struct, kw_only=True):
    """``status`` also takes the state of a draft; ``unused``: never answered with in the last 90 days; ``release``:
    of the stale ones those that this release made stale."""

    q: Annotated[str, Meta(max_length=200)] = ""
    status: Literal["draft", "review", "published", "archived"] | None = None
    visibility: Visibility | None = None
    audience: Name | None = None
    edition: Name | None = None
    category: Name | None = None
    locale: Name | None = None
    site: Name | None = None
    origin: Literal["file", "desk"] | None = None
    stale: bool = False
    release: UUID | None = None
    flagged: bool = False
    unused: bool = False
    order: Literal["updated", "id", "category", "flags"] = "updated"
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class DraftMark(Struct, kw_only=True):
    state: State
    author: str
    at: datetime


class CatalogueRow(Struct, kw_only=True):
    """``revision`` 0: only a draft so far; ``stale``: the releases that it was not looked at since; ``flags``: answers
    with it that agents called wrong and nobody has settled."""

    id: str
    revision: int
    question: str
    variants: int
    category: str | None
    tags: list[str]
    locale: str
    site: str | None
    status: str
    visibility: str
    audience: list[str]
    editions: list[str]
    origin: str
    valid_to: datetime | None
    author: str | None
    at: datetime
    draft: DraftMark | None
    flags: int
    stale: list[str]


class Catalogue(Struct, kw_only=True):
    items: list[CatalogueRow]
    total: int


class Facets(Struct, kw_only=True):
    """What filters may be set to, and how much waits for editors."""

    categories: list[str]
    tags: list[str]
    audiences: list[str]
    editions: list[str]
    locales: list[str]
    sites: list[str]
    reviews: int
    drafts: int
    flagged: int
    second_reviewer: bool


class UsesQuery(Struct, kw_only=True):
    days: Annotated[int, Meta(ge=1, le=366)] = 30


class Uses(Struct, kw_only=True):
    """How often the bot answered with each article; one that is not named was never used."""

    days: int
    answers: dict[str, int]


class Listing:
    """The list as a query; the words and filters of one page."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)

    async def page(self, query: CatalogueQuery, article_id: str | None = None) -> Catalogue:
        """What fits the query; with an id that one alone."""
        used = list(await self.answers(_USED_DAYS)) if query.unused else None
        rows = await self._database.fetch(
            self._sql["desk_articles"], self._clock.now(), query.q.lower().split(), query.status, query.visibility,
            query.audience, query.edition, query.category, query.locale, query.site, query.origin,
            query.stale or query.release is not None, query.flagged, used, query.release, query.order, query.limit,
            query.offset, article_id,
        )  # fmt: skip
        return Catalogue(items=[_row(row) for row in rows], total=rows[0]["total"] if rows else query.offset)

    async def answers(self, days: int) -> dict[str, int]:
        """How often the bot answered with each article."""
        rows = await self._database.fetch(self._sql["answered_with"], least_id(self._clock.now(), days))
        return {row["article_id"]: row["answers"] for row in rows}


class CatalogueHttp:
    """Everybody at the desk may look."""

    def __init__(self, database: Database, listing: Listing, sites: Sequence[str], *, second_reviewer: bool) -> None:
        self._database = database
        self._listing = listing
        self._sites = list(sites)
        self._second_reviewer = second_reviewer
        self._sql = load_queries(__file__)

    def routes(self) -> list[Route]:
        path = "/api/v1/knowledge"
        return [
            Route("GET", f"{path}/articles", self.listed, ROLES, None, Catalogue, "Articles as editors list them",
                  query=CatalogueQuery),
            Route("GET", f"{path}/facets", self.facets, ROLES, None, Facets, "What the list can be filtered by"),
            Route("GET", f"{path}/uses", self.uses, ROLES, None, Uses, "How often articles were answered with",
                  query=UsesQuery),
        ]  # fmt: skip

    async def listed(self, call: Call) -> Catalogue:
        return await self._listing.page(call.query)

    async def facets(self, call: Call) -> Facets:
        values = await self._database.fetchrow(self._sql["facets"])
        counts = await self._database.fetchrow(self._sql["desk_counts"])
        assert values is not None
        assert counts is not None
        return Facets(
            categories=list(values["categories"]),
            tags=list(values["tags"]),
            audiences=list(values["audiences"]),
            editions=list(values["editions"]),
            locales=list(values["locales"]),
            sites=self._sites,
            reviews=counts["reviews"],
            drafts=counts["drafts"],
            flagged=counts["flagged"],
            second_reviewer=self._second_reviewer,
        )

    async def uses(self, call: Call) -> Uses:
        query: UsesQuery = call.query
        return Uses(days=query.days, answers=await self._listing.answers(query.days))


def least_id(now: datetime, days: float) -> UUID:
    """The least id that something made since then can have."""
    milliseconds = int((now - timedelta(days=days)).timestamp() * 1000)
    return UUID(int=(max(milliseconds, 0) & 0xFFFF_FFFF_FFFF) << 80)


def _row(row: Any) -> CatalogueRow:
    draft = None
    if row["draft_state"] is not None:
        draft = DraftMark(state=row["draft_state"], author=row["draft_author"], at=row["drafted_at"])
    return CatalogueRow(
        id=row["id"], revision=row["revision"], question=row["question"], variants=len(row["variants"]),
        category=row["category"], tags=list(row["tags"]), locale=row["locale"], site=row["site"],
        status=row["status"], visibility=row["visibility"], audience=list(row["audience"]),
        editions=list(row["editions"]), origin=row["origin"], valid_to=row["valid_to"], author=row["author"],
        at=row["at"], draft=draft, flags=row["flags"], stale=list(row["stale"]),
    )  # fmt: skip

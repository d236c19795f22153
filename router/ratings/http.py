"""Ratings over HTTP, for supervisors: what customers said of whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from router.api import Call, Route
from router.paging import PageQuery, cursor_of, id_of
from router.ratings.ratings import Ratings

SUPERVISING = frozenset({"supervisor", "admin"})


class RatingsQuery(PageQuery, kw_only=True):
    """``bad``: 1 or 2, or not solved."""

    bad: bool = False
    agent_id: UUID | None = None


class RatingView(Struct, kw_only=True):
    """``agent_id`` is null where the bot alone was there; ``ticket`` is empty for a conversation."""

    conversation_id: UUID
    ticket: str
    customer_id: UUID
    agent_id: UUID | None
    agent_name: str | None
    csat: int | None
    resolved: bool | None
    nps: int | None
    comment: str | None
    first_at: datetime
    at: datetime


class RatingList(Struct, kw_only=True):
    items: list[RatingView]
    next: str | None


class RatingsHttp:
    """One list."""

    def __init__(self, ratings: Ratings) -> None:
        self._ratings = ratings

    def routes(self) -> list[Route]:
        path = "/api/v1/ratings"
        return [Route("GET", path, self.find, SUPERVISING, None, RatingList, "Ratings", query=RatingsQuery)]

    async def find(self, call: Call) -> RatingList:
        query: RatingsQuery = call.query
        rows = await self._ratings.listed(
            bad=query.bad, agent_id=query.agent_id, before=id_of(query.cursor), limit=query.limit
        )
        last = rows[-1]["conversation_id"] if len(rows) >= query.limit else None
        return RatingList(items=[_view(row) for row in rows], next=cursor_of(last))


def _view(row: Record) -> RatingView:
    return RatingView(**{name: row[name] for name in RatingView.__struct_fields__})

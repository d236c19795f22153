"""The dashboard and the lists behind it as they cross the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from router.payloads.desk import CustomerCard

Unit = Literal["count", "share", "seconds", "score", "points"]
#: Why there is no value: nothing to count at all, or not enough to tell.
Nothing = Literal["none", "not_yet", "few"]
Segment = Annotated[str, Meta(max_length=80)]


class Filter(Struct, kw_only=True):
    """Null: all. ``topic``: both levels (账单/退款), or a first level for everything below it."""

    group_id: UUID | None = None
    site: Annotated[str, Meta(max_length=100)] | None = None
    channel: Annotated[str, Meta(max_length=100)] | None = None
    tier: Annotated[str, Meta(max_length=100)] | None = None
    topic: Annotated[str, Meta(max_length=200)] | None = None


class DashboardQuery(Filter, kw_only=True):
    """Whole days in the desk's time zone, both included; without them the last seven."""

    since: date | None = None
    until: date | None = None


class Value(Struct, kw_only=True):
    """``value`` is null where there is nothing; ``counted`` of ``of``, where it is a share."""

    value: float | None
    counted: int
    of: int
    why: Nothing | None = None


class Figure(Struct, kw_only=True):
    """One number: ``list`` names what was counted, ``of_list`` what it is a part of; see the list's route."""

    name: str
    unit: Unit
    now: Value
    before: Value
    list: Segment | None = None
    of_list: Segment | None = None


class Part(Struct, kw_only=True):
    """One bar: ``label`` is its beginning in the desk's time zone; its list has these bounds."""

    label: str
    since: datetime
    until: datetime
    counts: dict[str, int]
    first_reply_median: float | None


class Slice(Struct, kw_only=True):
    """One of several shares of a whole, e.g. a reason or a category."""

    name: str
    label: str
    counted: int
    before: int
    list: Segment


class Slices(Struct, kw_only=True):
    """The largest ones; ``of`` counts all of them, and ``left_out`` how many slices are not shown."""

    items: list[Slice]
    of: int
    left_out: int


class Target(Struct, kw_only=True):
    """Promised times of one level and kind: ``kept`` of ``due`` in time; ``running`` are not over and not late."""

    level: str
    kind: str
    kept: int
    due: int
    running: int
    target_seconds: float | None
    median_seconds: float | None


class AgentLine(Struct, kw_only=True):
    """A colleague's part of the work. ``csat`` is null below ``csat_least`` ratings."""

    id: UUID
    name: str
    staff_number: str | None
    load: int
    capacity: int
    conversations: int
    replied: int
    first_reply_median: float | None
    csat: float | None
    csat_count: int
    promises: int
    promises_kept: int


class AskedQuestion(Struct, kw_only=True):
    """A question without an answer, and all that are put alike."""

    task_id: UUID
    question: str
    times: int
    last_at: datetime
    open: bool
    list: Segment


class Choices(Struct, kw_only=True):
    sites: list[str]
    channels: list[str]
    tiers: list[str]
    topics: dict[str, list[str]]


class Dashboard(Struct, kw_only=True):
    since: date
    until: date
    timezone: str
    at: datetime
    starts_at: datetime
    ends_at: datetime
    before_starts_at: datetime
    before_ends_at: datetime
    step: str
    reply_seconds: float
    bot_seconds: float
    back_hours: float
    csat_least: int
    choices: Choices
    figures: list[Figure]
    parts: list[Part]
    reasons: Slices
    categories: Slices
    articles: Slices
    targets: list[Target]
    agents: list[AgentLine]
    unanswered: list[AskedQuestion]
    unanswered_times: int
    unanswered_kinds: int


class ListQuery(Filter, kw_only=True):
    """``segment`` as the dashboard names it, narrowed to an agent, an article or a category where they are given."""

    segment: Segment
    since: datetime
    until: datetime
    agent_id: UUID | None = None
    article_id: Annotated[str, Meta(max_length=200)] | None = None
    category: Annotated[str, Meta(max_length=200)] | None = None
    task_id: UUID | None = None
    cursor: Annotated[str, Meta(pattern="^[0-9]{1,7}$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Counted(Struct, kw_only=True):
    """One counted thing, and the conversation it stands in. ``value``: seconds, stars or points, by the segment."""

    conversation_id: UUID
    at: datetime
    customer: CustomerCard
    state: str
    agent: str | None
    group: str | None
    topic: str | None
    text: str
    reason: str | None
    value: float | None
    late: bool
    ticket: str | None = None


class CountedList(Struct, kw_only=True):
    """``total`` is the number that the dashboard shows."""

    items: list[Counted]
    total: int
    next: str | None = None

"""Reads the dashboard of a period and of the one before it; changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.analytics.figures import CSAT_LEAST, Counted, Row, figures, reasons, slices, target
from router.analytics.period import Period, Stretch
from router.analytics.records import AgentLine, AskedQuestion, Choices, Dashboard, DashboardQuery, Filter, Part

_QUESTIONS = 10
_SEGMENTS = ("all", "bot_only", "bot_decided", "bot_resolved", "handed_off", "replied")


@dataclass(frozen=True, slots=True)
class Measures:
    """What counts as quick and as coming back, and what may be chosen to filter by; tiers from the lowest up."""

    reply_seconds: float
    bot_seconds: float
    back_within: timedelta
    tiers: tuple[str, ...]
    sites: tuple[str, ...]
    topics: Mapping[str, Sequence[str]]

    def arguments(self, stretch: Stretch, moment: Any, given: Filter) -> tuple[Any, ...]:
        """What `conversation_facts` takes."""
        return (
            stretch.since, stretch.until, moment, *self.filters(given), list(self.tiers), self.reply_seconds,
            self.bot_seconds, self.back_within,
        )  # fmt: skip

    def filters(self, given: Filter) -> tuple[Any, ...]:
        return (given.group_id, given.site, given.channel, given.tier, given.topic)


class Dashboards:
    """``measures`` and ``zone`` are asked for at every reading, since they may change while the program runs."""

    def __init__(
        self, database: Database, clock: Clock, zone: Callable[[], ZoneInfo], measures: Callable[[], Measures]
    ) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._measures = measures
        self._sql = load_queries(Path(__file__))
        self._one_at_a_time = asyncio.Lock()  # agents' work goes before

    async def read(self, query: DashboardQuery) -> Dashboard:
        """Raises `Invalid` for dates that make no period."""
        period = Period.of(query.since, query.until, self._zone(), self._clock.now())
        measures = self._measures()
        async with self._one_at_a_time:
            return await self._read(query, period, measures)

    async def _read(self, query: DashboardQuery, period: Period, measures: Measures) -> Dashboard:
        moment, whole, before = period.now, period.whole, period.before
        parts = period.parts()
        begins = [part.since for _, part in parts]

        async def found(stretch: Stretch, is_whole: bool) -> Row:
            asked = measures.arguments(stretch, moment, query)
            async with self._database.transaction() as connection:
                await connection.execute(self._sql["take_time"])
                row = await connection.fetchrow(self._sql["dashboard"], *asked, begins, _QUESTIONS, is_whole)
            assert row is not None
            return dict(row)

        now, earlier = await asyncio.gather(found(whole, True), found(before, False))
        waiting = await self._database.fetchval(
            self._sql["waiting"], moment, *measures.filters(query), list(measures.tiers)
        )
        channels = await self._database.fetch(self._sql["channels"], whole.since, whole.until)
        counted, counted_before = _counted(now), _counted(earlier)
        questions = now["questions"] or []
        return Dashboard(
            since=period.first,
            until=period.last,
            timezone=str(period.zone),
            at=moment,
            starts_at=whole.since,
            ends_at=whole.until,
            before_starts_at=before.since,
            before_ends_at=before.until,
            step=period.step,
            reply_seconds=measures.reply_seconds,
            bot_seconds=measures.bot_seconds,
            back_hours=measures.back_within / timedelta(hours=1),
            csat_least=CSAT_LEAST,
            choices=Choices(
                sites=list(measures.sites),
                channels=[row["channel"] for row in channels],
                tiers=list(measures.tiers),
                topics={first: list(seconds) for first, seconds in measures.topics.items()},
            ),
            figures=figures(counted, counted_before, waiting),
            parts=_parts(parts, now["parts"] or []),
            reasons=reasons(counted, counted_before),
            categories=slices(now["categories"] or [], _by_name(earlier["categories"]), "filed"),
            articles=slices(now["articles"] or [], _by_name(earlier["articles"]), "all"),
            targets=[target(row) for row in now["targets"] or []],
            agents=[_agent(row) for row in now["agents"] or []],
            unanswered=[_question(row) for row in questions if row["question"]],
            unanswered_times=questions[0]["all_times"] if questions else 0,
            unanswered_kinds=questions[0]["all_kinds"] if questions else 0,
        )


def _counted(row: Row) -> Counted:
    return Counted(row["counts"] or {}, row["times"])


def _by_name(rows: Sequence[Row] | None) -> dict[str, int]:
    return {row["name"]: row["counted"] for row in rows or ()}


def _parts(parts: Sequence[tuple[datetime, Stretch]], rows: Sequence[Row]) -> list[Part]:
    counts: dict[int, dict[str, int]] = {}
    medians: dict[int, float | None] = {}
    for row in rows:
        counts.setdefault(row["part"], {})[row["segment"]] = row["counted"]
        if row["segment"] == "all":
            medians[row["part"]] = row["first_reply_median"]
    return [
        Part(
            label=label.isoformat(timespec="minutes"),
            since=stretch.since,
            until=stretch.until,
            counts=dict.fromkeys(_SEGMENTS, 0) | counts.get(number, {}),
            first_reply_median=medians.get(number),
        )
        for number, (label, stretch) in enumerate(parts)
    ]


def _agent(row: Row) -> AgentLine:
    enough = row["csat_count"] >= CSAT_LEAST
    return AgentLine(
        id=UUID(row["id"]),
        name=row["name"],
        staff_number=row["staff_number"],
        load=row["load"],
        capacity=row["capacity"],
        conversations=row["conversations"],
        replied=row["replied"],
        first_reply_median=row["first_reply_median"],
        csat=float(row["csat"]) if enough else None,
        csat_count=row["csat_count"],
        promises=row["promises"],
        promises_kept=row["promises_kept"],
    )


def _question(row: Row) -> AskedQuestion:
    return AskedQuestion(
        task_id=UUID(row["id"]),
        question=row["question"],
        times=row["times"],
        last_at=datetime.fromisoformat(row["last_at"]),
        open=row["open"],
        list="questions",
    )

"""Business hours: a weekly table with holidays, make-up workdays (调休补班) and a rest, in the desk's own time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from router.waiting.hours_words import around_the_clock, weekly_text
from router.waiting.open_time import OpenTime

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Spans = tuple[tuple[time, time], ...]


def parse_spans(spans: Sequence[str]) -> Spans:
    """``["09:00-12:00", "13:30-18:00"]`` as times, in order; raises ValueError where a span is malformed or empty."""
    parsed = []
    for span in spans:
        start, separator, end = span.partition("-")
        if not separator:
            raise ValueError(f"{span!r} is not like 09:00-18:00")
        opening = time.fromisoformat(start.strip())
        closing = time.max if end.strip() == "24:00" else time.fromisoformat(end.strip())
        if opening.tzinfo is not None or closing.tzinfo is not None:
            raise ValueError(f"{span!r} names a time zone; the table has one of its own")
        if opening >= closing:
            raise ValueError(f"{span!r} ends before it begins")
        parsed.append((opening, closing))
    return tuple(sorted(parsed))


def parse_weekly(table: Mapping[str, Any]) -> dict[int, Spans]:
    """A weekly table as config.yaml has it, by weekday 0–6; a day that is not named is closed.

    Raises ValueError that names the day, also where the table comes from outside and has quite another form.
    """
    weekly = {}
    for day, spans in table.items():
        if day not in WEEKDAYS:
            raise ValueError(f"{day!r} is no weekday; they are {', '.join(WEEKDAYS)}")
        if not isinstance(spans, list | tuple) or not all(isinstance(span, str) for span in spans):
            raise ValueError(f'{day}: hours are a list like ["09:00-18:00"]')
        try:
            weekly[WEEKDAYS.index(day)] = parse_spans(spans)
        except ValueError as error:
            raise ValueError(f"{day}: {error}") from error
    return weekly


@dataclass(frozen=True)
class Calendar:
    """When humans are there; ``weekly`` is by weekday 0–6, a make-up workday takes the hours of a Monday.

    ``days`` have hours of their own, whatever else they are; ``rests`` are closed on every day (the lunch of those who
    do not cover it); ``on_holidays``: holidays are days like others.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Spans]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    always_open: bool = False
    days: Mapping[date, Spans] = field(default_factory=dict)
    rests: Spans = ()
    on_holidays: bool = False

    @classmethod
    def of(
        cls,
        timezone: str,
        weekly: Mapping[str, Sequence[str]],
        holidays: Sequence[date] = (),
        workdays: Sequence[date] = (),
        always_open: bool = False,
    ) -> Calendar:
        return cls(ZoneInfo(timezone), parse_weekly(weekly), frozenset(holidays), frozenset(workdays), always_open)

    def with_weekly(self, table: Mapping[str, Any]) -> Calendar:
        """The same holidays with hours of one's own; raises ValueError as `parse_weekly` does."""
        return replace(self, weekly=parse_weekly(table), always_open=False)

    def spans_on(self, day: date) -> Spans:
        return without(self._worked_on(day), self.rests)

    def _worked_on(self, day: date) -> Spans:
        if day in self.days:
            return self.days[day]
        if day in self.workdays:
            return self.weekly.get(day.weekday()) or self.weekly.get(0, ())
        if day in self.holidays and not self.on_holidays:
            return ()
        return self.weekly.get(day.weekday(), ())

    @cached_property
    def _open_time(self) -> OpenTime:
        return OpenTime(self.spans_on, self.zone)

    def is_open(self, at: datetime) -> bool:
        return self.always_open or self._open_time.is_open(at)

    def opens_at(self, at: datetime) -> datetime | None:
        """The next opening after ``at`` in UTC; None while open, or when nothing opens for two years."""
        return None if self.is_open(at) else self._open_time.opens_at(at)

    def open_from(self, at: datetime) -> datetime | None:
        """``at`` itself while open, else the next opening: when a clock started at ``at`` begins to run."""
        return at.astimezone(UTC) if self.is_open(at) else self._open_time.opens_at(at)

    def after(self, at: datetime, working: timedelta) -> datetime | None:
        """The moment in UTC by which the desk has been open for so long since ``at``; None beyond two years."""
        if self.always_open:
            return (at + working).astimezone(UTC)
        reached = self._open_time.after(at, working)
        return None if reached is None else reached.astimezone(UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """For how long the desk is open from one moment to another; nothing where the second is not later."""
        if self.always_open:
            return max(end - start, timedelta())
        return self._open_time.between(start, end)

    def text(self, locale: str = "zh-CN") -> str:
        """The hours in the page's language, e.g. ``工作日 9:00–18:00`` or ``Mon–Fri 9:00–18:00``."""
        text = self._texts.get(locale)
        if text is None:
            weekly = {day: without(spans, self.rests) for day, spans in self.weekly.items()}
            text = around_the_clock(locale) if self.always_open else weekly_text(weekly, locale)
            self._texts[locale] = text
        return text

    @cached_property
    def _texts(self) -> dict[str, str]:
        """By locale; every question of a customer asks."""
        return {}


def without(spans: Spans, rests: Spans) -> Spans:
    """The spans with the rests cut out of them."""
    for start, end in rests:
        cut: list[tuple[time, time]] = []
        for opening, closing in spans:
            parts = ((opening, min(closing, start)), (max(opening, end), closing))
            cut += [part for part in parts if part[0] < part[1]]
        spans = tuple(cut)
    return spans

"""Business hours: a weekly table with holidays and make-up workdays (调休补班), in the desk's own time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_HORIZON_DAYS = 60

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
        if opening >= closing:
            raise ValueError(f"{span!r} ends before it begins")
        parsed.append((opening, closing))
    return tuple(sorted(parsed))


@dataclass(frozen=True)
class Calendar:
    """When humans are there; ``weekly`` is by weekday 0–6, a make-up workday takes the hours of a Monday."""

    zone: ZoneInfo
    weekly: Mapping[int, Spans]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    always_open: bool = False

    @classmethod
    def of(
        cls,
        timezone: str,
        weekly: Mapping[str, Sequence[str]],
        holidays: Sequence[date] = (),
        workdays: Sequence[date] = (),
        always_open: bool = False,
    ) -> Calendar:
        table = {WEEKDAYS.index(day): parse_spans(spans) for day, spans in weekly.items()}
        return cls(ZoneInfo(timezone), table, frozenset(holidays), frozenset(workdays), always_open)

    def spans_on(self, day: date) -> Spans:
        if day in self.workdays:
            return self.weekly.get(day.weekday()) or self.weekly.get(0, ())
        if day in self.holidays:
            return ()
        return self.weekly.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        if self.always_open:
            return True
        local = at.astimezone(self.zone)
        return any(start <= local.time() < end for start, end in self.spans_on(local.date()))

    def opens_at(self, at: datetime) -> datetime | None:
        """The next opening after ``at`` in UTC; None while open, or when nothing opens within two months."""
        if self.is_open(at):
            return None
        local = at.astimezone(self.zone)
        for ahead in range(_HORIZON_DAYS):
            day = local.date() + timedelta(days=ahead)
            for start, _ in self.spans_on(day):
                opening = datetime.combine(day, start, self.zone)
                if opening > local:
                    return opening.astimezone(UTC)
        return None

    def text(self) -> str:
        """The hours in words, e.g. ``工作日 9:00–18:00``."""
        if self.always_open:
            return "全天 24 小时"
        groups: list[tuple[list[int], Spans]] = []
        for day in range(7):
            spans = self.weekly.get(day, ())
            if not spans:
                continue
            if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
                groups[-1][0].append(day)
            else:
                groups.append(([day], spans))
        return "；".join(f"{_days(days)} {'、'.join(_span(span) for span in spans)}" for days, spans in groups)


def _days(days: list[int]) -> str:
    if days == [0, 1, 2, 3, 4]:
        return "工作日"
    if days == list(range(7)):
        return "每天"
    return _NAMES[days[0]] if len(days) == 1 else f"{_NAMES[days[0]]}至{_NAMES[days[-1]]}"


def _span(span: tuple[time, time]) -> str:
    start, end = span
    closing = "24:00" if end == time.max else f"{end.hour}:{end.minute:02d}"
    return f"{start.hour}:{start.minute:02d}–{closing}"

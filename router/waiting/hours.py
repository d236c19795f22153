"""Business hours: a weekly table with holidays and make-up workdays (调休补班), in the desk's own time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.language import page_language

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON_DAYS = 60

Spans = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says a weekly table."""

    names: tuple[str, ...]
    workdays: str
    every_day: str
    around_the_clock: str
    never: str
    from_to: str
    between_spans: str
    between_days: str


_CHINESE = _Words(
    names=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    workdays="工作日",
    every_day="每天",
    around_the_clock="全天 24 小时",
    never="暂未安排",
    from_to="至",
    between_spans="、",
    between_days="；",
)
_TAIWANESE = replace(
    _CHINESE,
    names=("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    around_the_clock="全天 24 小時",
    never="暫未安排",
)
_ENGLISH = _Words(
    names=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    workdays="Mon–Fri",
    every_day="every day",
    around_the_clock="around the clock",
    never="none for now",
    from_to="–",
    between_spans=", ",
    between_days="; ",
)
_JAPANESE = _Words(
    names=("月", "火", "水", "木", "金", "土", "日"),
    workdays="平日",
    every_day="毎日",
    around_the_clock="24 時間",
    never="未定",
    from_to="～",
    between_spans="、",
    between_days="、",
)
_SPANISH = _Words(
    names=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    workdays="lunes a viernes",
    every_day="todos los días",
    around_the_clock="las 24 horas",
    never="ninguno por ahora",
    from_to="–",
    between_spans=", ",
    between_days="; ",
)
_WORDS = {"zh-CN": _CHINESE, "zh-TW": _TAIWANESE, "en": _ENGLISH, "ja": _JAPANESE, "es": _SPANISH}


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
        return cls(ZoneInfo(timezone), parse_weekly(weekly), frozenset(holidays), frozenset(workdays), always_open)

    def with_weekly(self, table: Mapping[str, Any]) -> Calendar:
        """The same holidays with hours of one's own; raises ValueError as `parse_weekly` does."""
        return replace(self, weekly=parse_weekly(table), always_open=False)

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
        return next((opening for opening, _ in self._spans_from(at) if opening > at), None)

    def after(self, at: datetime, working: timedelta) -> datetime | None:
        """The moment in UTC by which the desk has been open for so long since ``at``; None beyond two months."""
        if self.always_open:
            return (at + working).astimezone(UTC)
        reached = at
        for opening, closing in self._spans_from(at):
            start = max(opening, reached)
            if start + working <= closing:
                return (start + working).astimezone(UTC)
            working -= max(closing - start, timedelta())
            reached = max(reached, closing)
        return None

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing times in UTC, in order, from the day of ``at`` on."""
        today = at.astimezone(self.zone).date()
        for ahead in range(_HORIZON_DAYS):
            day = today + timedelta(days=ahead)
            for start, end in self.spans_on(day):
                closing = datetime.combine(day, end, self.zone)
                if end == time.max:
                    closing = datetime.combine(day + timedelta(days=1), time.min, self.zone)
                yield datetime.combine(day, start, self.zone).astimezone(UTC), closing.astimezone(UTC)

    def text(self, locale: str = "zh-CN") -> str:
        """The hours in the page's language, e.g. ``工作日 9:00–18:00`` or ``Mon–Fri 9:00–18:00``."""
        words = _WORDS[page_language(locale)]
        if self.always_open:
            return words.around_the_clock
        groups: list[tuple[list[int], Spans]] = []
        for day in range(7):
            spans = self.weekly.get(day, ())
            if not spans:
                continue
            if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
                groups[-1][0].append(day)
            else:
                groups.append(([day], spans))
        said = (f"{_days(days, words)} {words.between_spans.join(map(_span, spans))}" for days, spans in groups)
        return words.between_days.join(said) or words.never


def _days(days: list[int], words: _Words) -> str:
    if days == [0, 1, 2, 3, 4]:
        return words.workdays
    if days == list(range(7)):
        return words.every_day
    if len(days) == 1:
        return words.names[days[0]]
    return f"{words.names[days[0]]}{words.from_to}{words.names[days[-1]]}"


def _span(span: tuple[time, time]) -> str:
    start, end = span
    closing = "24:00" if end == time.max else f"{end.hour}:{end.minute:02d}"
    return f"{start.hour}:{start.minute:02d}–{closing}"

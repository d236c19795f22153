"""From words about a time to a moment: what was said, piece by piece, and the hour that it means at this desk; reads no
language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from router.waiting.hours import Calendar

Part = Literal["early", "forenoon", "noon", "afternoon", "dusk", "evening", "opening", "opened"]

#: When a part of the day is over; the afternoon and the day end when the desk closes.
_ENDS = {"early": time(10), "forenoon": time(12), "noon": time(13), "dusk": time(19), "evening": time(21)}
_BY_OPENING: tuple[Part, ...] = ("opening", "opened")
_CLOSE = time(18)  # of a day on which the desk is closed
_LAST = time(23, 59)
_SETTLES_IN = timedelta(hours=1)  # after opening: 上班后
_SEARCHED_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One word about time and its place in the text; exactly what it says is set."""

    start: int
    end: int
    day: date | None = None
    part: Part | None = None
    clock: time | None = None
    #: The hour was said without forenoon or afternoon, as on a dial: 三点.
    on_dial: bool = False
    closes: bool = False
    #: The day that closes is the one that was named, else today (今天下班前, end of day), not the next one that opens.
    is_days_end: bool = False
    after: timedelta | None = None
    working_days: int | None = None
    #: 几天, 下周初, 12/03 in English: the figure is ours, somebody should look at it.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A moment to come in UTC, the words that named it, and whether they named it closely."""

    at: datetime
    said: str
    is_exact: bool


Reader = Callable[[str, date, Calendar], Iterable[Piece]]


def settle(pieces: list[Piece], now: datetime, calendar: Calendar) -> datetime | None:
    """The moment in UTC that adjoining pieces mean together; None where it has passed."""
    for piece in pieces:
        if piece.after is not None:
            return now + piece.after
        if piece.working_days is not None:
            return _utc(_nth_working_day(now, piece.working_days, calendar), None, calendar)
    day = next((piece.day for piece in pieces if piece.day is not None), None)
    parts = [piece.part for piece in pieces if piece.part is not None]
    part = next((part for part in parts if part in _BY_OPENING), parts[0] if parts else None)  # 明早一上班
    clocked = next((piece for piece in pieces if piece.clock is not None), None)
    today = now.astimezone(calendar.zone).date()
    if clocked is not None and clocked.clock is not None:
        return _at_clock(clocked.clock, clocked.on_dial, part, day, now, calendar)
    if part is not None:
        at = _utc(day or today, _end_of(part, day or today, calendar), calendar)
        if at <= now and day is None:
            following = _nth_working_day(now, 1, calendar)
            at = _utc(following, _end_of(part, following, calendar), calendar)
        return at if at > now else None
    if day is not None:
        at = _utc(day, None, calendar)
        return at if at > now else (_utc(day, _LAST, calendar) if day == today else None)
    at = _utc(today, None, calendar)  # 下班前
    if at <= now and any(piece.is_days_end for piece in pieces):
        return _utc(today, _LAST, calendar)
    return at if at > now else _utc(_nth_working_day(now, 1, calendar), None, calendar)


def close_of(day: date, calendar: Calendar) -> time:
    """When the desk closes on a day; a usual hour where it does not open."""
    spans = calendar.spans_on(day)
    if not spans:
        return _CLOSE
    return _LAST if spans[-1][1] == time.max else spans[-1][1]


def last_working_day(first: date, last: date, calendar: Calendar) -> date:
    """The last day of a stretch on which the desk opens; its last day where it never does."""
    day = last
    while day >= first:
        if calendar.spans_on(day):
            return day
        day -= timedelta(days=1)
    return last


def _at_clock(
    clock: time, on_dial: bool, part: Part | None, day: date | None, now: datetime, calendar: Calendar
) -> datetime | None:
    today = now.astimezone(calendar.zone).date()
    if (part in ("afternoon", "dusk", "evening") and clock.hour < 12) or (part == "noon" and clock.hour < 3):
        clock = clock.replace(hour=clock.hour + 12)
    elif part is None and on_dial and clock.hour <= 12:
        return _on_dial(clock, day, now, calendar)
    at = _utc(day or today, clock, calendar)
    if at <= now and day is None:
        at = _utc(today + timedelta(days=1), clock, calendar)
    return at if at > now else None


def _on_dial(clock: time, day: date | None, now: datetime, calendar: Calendar) -> datetime | None:
    """三点: the first such hour to come at which the desk is open, else the first to come."""
    today = now.astimezone(calendar.zone).date()
    hours = [clock, clock.replace(hour=(clock.hour + 12) % 24)]
    days = [day] if day is not None else [today, today + timedelta(days=1)]
    to_come = sorted(at for each in days for hour in hours if (at := _utc(each, hour, calendar)) > now)
    minute = timedelta(minutes=1)  # 六点前 ends a day that closes at six
    within = (at for at in to_come if calendar.is_open(at) or calendar.is_open(at - minute))
    return next(within, to_come[0] if to_come else None)


def _end_of(part: Part, day: date, calendar: Calendar) -> time:
    if part == "afternoon":
        return max(close_of(day, calendar), time(15))
    if part in _BY_OPENING:
        spans = calendar.spans_on(day)
        opening = spans[0][0] if spans else time(9)
        return opening if part == "opening" else (datetime.combine(day, opening) + _SETTLES_IN).time()
    return _ENDS[part]


def _nth_working_day(now: datetime, count: int, calendar: Calendar) -> date:
    day = now.astimezone(calendar.zone).date()
    for _ in range(_SEARCHED_DAYS):
        day += timedelta(days=1)
        if calendar.spans_on(day):
            count -= 1
        if count <= 0:
            break
    return day


def _utc(day: date, clock: time | None, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock or close_of(day, calendar), calendar.zone).astimezone(UTC)

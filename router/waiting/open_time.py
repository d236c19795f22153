"""Reckoning with open time: how much of it lies between two moments, and when a given amount of it has passed.

The spans of a year are laid out once and then searched, so that a question costs microseconds however far it reaches.
Whole numbers of microseconds since 1970: nothing is lost by rounding.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Nothing that opens later than in the year after next is looked for.
_YEARS_AHEAD = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Year:
    """The open spans of one local year, in order and apart; ``before`` is the open time before each of them."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def passed(self, at: int) -> int:
        """The open time of this year before a moment."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        return self.before[place] + min(at, self.ends[place]) - self.starts[place]


class OpenTime:
    """The open time of a calendar; ``spans_on`` gives the local spans of a day, in order."""

    def __init__(self, spans_on: Callable[[date], Iterable[tuple[time, time]]], zone: ZoneInfo) -> None:
        self._spans_on = spans_on
        self._zone = zone
        self._years: dict[int, _Year] = {}

    def is_open(self, at: datetime) -> bool:
        year, moment = self._year_of(at), _ticks(at)
        place = bisect_right(year.starts, moment) - 1
        return place >= 0 and moment < year.ends[place]

    def opens_at(self, at: datetime) -> datetime | None:
        """The first opening after a moment; None where nothing opens for years."""
        moment, number = _ticks(at), self._number_of(at)
        for ahead in range(_YEARS_AHEAD + 1):
            year = self._year(number + ahead)
            place = bisect_right(year.starts, moment)
            if place < len(year.starts):
                return _moment(year.starts[place])
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time from one moment to another; none where the second one is not later."""
        if end <= start:
            return timedelta()
        first, last = self._number_of(start), self._number_of(end)
        passed = self._year(last).passed(_ticks(end)) - self._year(first).passed(_ticks(start))
        return (passed + sum(self._year(number).total for number in range(first, last))) * _TICK

    def after(self, at: datetime, working: timedelta) -> datetime | None:
        """The first moment by which so much open time has passed since ``at``; None where that takes years."""
        if working <= timedelta():
            return at
        number = self._number_of(at)
        wanted = self._year(number).passed(_ticks(at)) + working // _TICK
        for ahead in range(_YEARS_AHEAD + 1):
            year = self._year(number + ahead)
            if wanted <= year.total:
                place = bisect_left(year.before, wanted) - 1
                return _moment(year.starts[place] + wanted - year.before[place])
            wanted -= year.total
        return None

    def _number_of(self, at: datetime) -> int:
        return at.astimezone(self._zone).year

    def _year_of(self, at: datetime) -> _Year:
        return self._year(self._number_of(at))

    def _year(self, number: int) -> _Year:
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = self._laid_out(number)
        return known

    def _laid_out(self, number: int) -> _Year:
        starts: list[int] = []
        ends: list[int] = []
        day = date(number, 1, 1)
        while day.year == number:
            for opening, closing in self._spans_on(day):
                start, end = _ticks(datetime.combine(day, opening, self._zone)), self._closing(day, closing)
                if ends and start <= ends[-1]:  # spans that touch or overlap are one
                    ends[-1] = max(ends[-1], end)
                elif start < end:
                    starts.append(start)
                    ends.append(end)
            day += timedelta(days=1)
        before: list[int] = []
        total = 0
        for start, end in zip(starts, ends, strict=True):
            before.append(total)
            total += end - start
        return _Year(starts, ends, before, total)

    def _closing(self, day: date, closing: time) -> int:
        if closing == time.max:
            return _ticks(datetime.combine(day + timedelta(days=1), time.min, self._zone))
        return _ticks(datetime.combine(day, closing, self._zone))


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK

"""A stretch of days in the desk's time zone as moments, its parts for charts, and the stretch before it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from router.errors import Invalid

Step = Literal["hour", "day", "week", "month"]

MOST_DAYS = 400
_DAYS_BY_DAY, _DAYS_BY_WEEK = 62, 190


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``since`` on and before ``until``, in UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days ``first`` to ``last``, the last one as far as it has come; ``before`` is as long, just before it."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, first: date | None, last: date | None, zone: ZoneInfo, now: datetime, *, days: int = 7) -> Period:
        """Without dates the last ``days`` days; raises `Invalid` for dates in the wrong order or too far apart."""
        today = now.astimezone(zone).date()
        last = last or max(today, first or today)
        first = first or last - timedelta(days=days - 1)
        if first > last:
            raise Invalid("since must not be after until", field="since")
        if (last - first).days >= MOST_DAYS:
            raise Invalid(f"at most {MOST_DAYS} days at once", field="since", limit=MOST_DAYS)
        return cls(first, last, zone, now)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole(self) -> Stretch:
        return Stretch(self._midnight(self.first), max(self._midnight(self.first), self._reached))

    @property
    def before(self) -> Stretch:
        """The same number of days before, up to the same moment of its last day."""
        length = timedelta(days=self.days)
        reached = self._reached.astimezone(self.zone)
        until = (reached.replace(tzinfo=None) - length).replace(tzinfo=self.zone).astimezone(UTC)
        since = self._midnight(self.first - length)
        return Stretch(since, max(since, until))

    @property
    def step(self) -> Step:
        """How long one part of a chart is."""
        if self.days == 1:
            return "hour"
        if self.days <= _DAYS_BY_DAY:
            return "day"
        return "week" if self.days <= _DAYS_BY_WEEK else "month"

    def parts(self) -> list[tuple[datetime, Stretch]]:
        """Each part with its local beginning; the first and the last end where the period does."""
        whole, found = self.whole, []
        begins = _begin(datetime.combine(self.first, time()), self.step)
        while (since := begins.replace(tzinfo=self.zone).astimezone(UTC)) < self._end:
            following = _next(begins, self.step)
            until = following.replace(tzinfo=self.zone).astimezone(UTC)
            part = Stretch(max(since, whole.since), max(min(until, whole.until), max(since, whole.since)))
            found.append((begins, part))
            begins = following
        return found

    @property
    def _end(self) -> datetime:
        return self._midnight(self.last + timedelta(days=1))

    @property
    def _reached(self) -> datetime:
        return min(self._end, self.now)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def _begin(at: datetime, step: Step) -> datetime:
    if step == "week":
        return at - timedelta(days=at.weekday())
    return at.replace(day=1) if step == "month" else at


def _next(at: datetime, step: Step) -> datetime:
    if step == "month":
        return (at.replace(day=1) + timedelta(days=32)).replace(day=1)
    return at + {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}[step]

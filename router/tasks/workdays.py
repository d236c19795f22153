"""When work is due, in working days of the desk's calendar; pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from router.waiting.hours import Calendar

#: A calendar that has no working day for so long has none at all.
_HORIZON_DAYS = 400


def in_working_hours(calendar: Calendar, at: datetime) -> datetime:
    """``at`` itself while the desk is open, else its next opening; ``at`` where it never opens."""
    return calendar.open_from(at) or at


def working_days_later(calendar: Calendar, at: datetime, days: int) -> datetime:
    """The same time of day so many working days later, within that day's hours.

    Outside the hours the next opening counts as ``at``. A desk without working days counts every day.
    """
    start = in_working_hours(calendar, at)
    if calendar.always_open:
        return start + timedelta(days=days)
    local = start.astimezone(calendar.zone)
    day, left = local.date(), days
    for _ in range(_HORIZON_DAYS):
        if left == 0:
            break
        day += timedelta(days=1)
        left -= 1 if calendar.spans_on(day) else 0
    else:
        return start + timedelta(days=days)
    wanted = datetime.combine(day, local.time(), calendar.zone)
    spans = calendar.spans_on(day)
    if spans and wanted.time() >= spans[-1][1]:
        wanted = datetime.combine(day, _before(spans[-1][1]), calendar.zone)
    return in_working_hours(calendar, wanted.astimezone(start.tzinfo))


def _before(closing: time) -> time:
    """The last whole minute of a day's hours."""
    if closing == time.max:
        return time(23, 59)
    minutes = closing.hour * 60 + closing.minute - 1
    return time(minutes // 60, minutes % 60)

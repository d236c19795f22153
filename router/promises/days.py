"""Days by the calendar on the wall: weekdays, dates without a year, ends of months, what lies around a holiday; knows
no language."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from router.waiting.hours import Calendar

#: Longer than any holiday.
_SEARCHED_DAYS = 30


def weekday_of(weekday: int, weeks: int | None, today: date) -> date:
    """The weekday 0–6 of this week (`weeks` 0), of the next (1) and so on; None: the next one to come, today too."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)


def date_of(year: str | None, month: str | int, day: str | int, today: date) -> date | None:
    """A date as it was said; without a year the next one to come, unless it has only just passed. None: there is no
    such day."""
    try:
        if year:
            return date(int(year), int(month), int(day))
        found = date(today.year, int(month), int(day))
        return found if (today - found).days < 180 else found.replace(year=today.year + 1)
    except ValueError:
        return None


def next_day_of_month(day: int, today: date) -> date:
    """25号: of this month while it is to come, else of the next one that has such a day."""
    first = today.replace(day=1)
    for _ in range(3):
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
        first = month_end(first) + timedelta(days=1)
    return today


def day_in_month(day: int, months: int, today: date) -> date | None:
    """下个月5号: the day of this month (`months` 0) or of one of the next; None where that month has no such day."""
    last = month_end(today, months)
    return last.replace(day=day) if 1 <= day <= last.day else None


def holiday_ahead(today: date, calendar: Calendar) -> tuple[date, date] | None:
    """The last working day before the holiday that is on or comes next, and the first after it; None: none is known."""
    holiday = min((day for day in calendar.holidays if day >= today), default=None)
    if holiday is None:
        return None
    before, after = holiday, holiday
    for _ in range(_SEARCHED_DAYS):
        before -= timedelta(days=0 if calendar.spans_on(before) else 1)
        after += timedelta(days=0 if calendar.spans_on(after) else 1)
    return before, after


def month_end(today: date, months: int = 0) -> date:
    """The last day of this month or of one of the next."""
    month = today.month - 1 + months
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, monthrange(year, month)[1])

"""Working days: the same time of day, moved into the hours, over weekends, holidays and make-up workdays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from router.tasks.workdays import in_working_hours, working_days_later
from router.waiting.hours import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = Calendar.of("Asia/Shanghai", WEEK)
NEVER = Calendar.of("Asia/Shanghai", {})


def at(text: str) -> datetime:
    """November 2026, the desk's own time: the 23rd is a Monday, the 31st is the 1st of December."""
    day, clock = text.split()
    first = datetime.fromisoformat(f"2026-11-01T{clock}").replace(tzinfo=ZONE)
    return (first + timedelta(days=int(day) - 1)).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("23 10:00", 1, "24 10:00"),
        ("23 10:00", 0, "23 10:00"),
        ("27 17:30", 1, "30 17:30"),  # Friday: over the weekend
        ("28 11:00", 1, "31 09:00"),  # Saturday counts as Monday's opening
        ("23 20:00", 1, "25 09:00"),  # after hours counts as the next opening
        ("23 12:30", 1, "24 13:00"),  # lunch
        ("23 10:00", 5, "30 10:00"),
    ],
)
def test_the_same_time_so_many_working_days_later(start: str, days: int, due: str) -> None:
    assert working_days_later(CALENDAR, at(start), days) == at(due)


def test_a_holiday_is_no_working_day_and_a_make_up_workday_is_one() -> None:
    calendar = replace(CALENDAR, holidays=frozenset({date(2026, 11, 24)}), workdays=frozenset({date(2026, 11, 28)}))
    assert working_days_later(calendar, at("23 10:00"), 1) == at("25 10:00")
    assert working_days_later(calendar, at("27 10:00"), 1) == at("28 10:00")


def test_a_shorter_day_ends_it_before_it_closes() -> None:
    calendar = Calendar.of("Asia/Shanghai", {"mon": ["09:00-18:00"], "tue": ["09:00-12:00"]})
    assert working_days_later(calendar, at("23 17:00"), 1) == at("24 11:59")


def test_a_desk_that_is_always_or_never_open_counts_every_day() -> None:
    for calendar in (replace(CALENDAR, always_open=True), NEVER):
        assert working_days_later(calendar, at("27 22:00"), 1) == at("28 22:00")
        assert in_working_hours(calendar, at("28 22:00")) == at("28 22:00")


def test_what_falls_outside_the_hours_moves_to_the_next_opening() -> None:
    assert in_working_hours(CALENDAR, at("28 10:00")) == at("30 09:00")
    assert in_working_hours(CALENDAR, at("23 10:00")) == at("23 10:00")

"""Business hours: the weekly table, holidays and make-up workdays, said in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from router.waiting.hours import WEEKDAYS, Calendar, parse_spans

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_WORKDAYS = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def _calendar(**more: list[date]) -> Calendar:
    return Calendar.of("Asia/Shanghai", _WORKDAYS, **more)  # type: ignore[arg-type]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens_at"),
    [
        ("2026-11-23 08:59", False, "2026-11-23 09:00"),
        ("2026-11-23 09:00", True, None),
        ("2026-11-23 12:00", False, "2026-11-23 13:30"),
        ("2026-11-23 17:59", True, None),
        ("2026-11-23 18:00", False, "2026-11-24 09:00"),
        ("2026-11-27 20:00", False, "2026-11-30 09:00"),  # Friday evening
        ("2026-11-29 10:00", False, "2026-11-30 09:00"),  # Sunday
    ],
)
def test_the_week_as_it_stands_in_the_table(moment: str, is_open: bool, opens_at: str | None) -> None:
    calendar = _calendar()
    assert calendar.is_open(_at(moment)) is is_open
    assert calendar.opens_at(_at(moment)) == (_at(opens_at) if opens_at else None)


def test_a_holiday_is_closed_and_a_make_up_sunday_is_open() -> None:
    calendar = _calendar(holidays=[date(2026, 10, 1), date(2026, 10, 2)], workdays=[date(2026, 9, 27)])
    assert not calendar.is_open(_at("2026-10-01 10:00"))
    assert calendar.opens_at(_at("2026-09-30 19:00")) == _at("2026-10-05 09:00")
    assert calendar.is_open(_at("2026-09-27 10:00"))  # a Sunday with the hours of a Monday


def test_nothing_opens_where_there_are_no_hours() -> None:
    assert Calendar.of("UTC", {}).opens_at(_at("2026-11-23 09:00")) is None


def test_always_open_is_always_open() -> None:
    calendar = Calendar.of("Asia/Shanghai", {}, always_open=True)
    assert calendar.is_open(_at("2026-11-29 03:00"))
    assert calendar.text() == "全天 24 小时"


def test_the_hours_are_said_in_words() -> None:
    assert _calendar().text() == "工作日 9:00–12:00、13:30–18:00"
    every_day = Calendar.of("Asia/Shanghai", {day: ["00:00-24:00"] for day in WEEKDAYS})
    assert every_day.text() == "每天 0:00–24:00"
    assert Calendar.of("Asia/Shanghai", {"sat": ["10:00-12:00"]}).text() == "周六 10:00–12:00"


@pytest.mark.parametrize(
    ("weekly", "words"),
    [
        (_WORKDAYS, "Mon–Fri 9:00–12:00, 13:30–18:00"),
        (
            {"mon": ["09:00-18:00"], "tue": ["09:00-18:00"], "sat": ["10:00-12:00"]},
            "Mon–Tue 9:00–18:00; Sat 10:00–12:00",
        ),
        ({day: ["00:00-24:00"] for day in WEEKDAYS}, "every day 0:00–24:00"),
        ({}, "none for now"),
    ],
)
def test_whoever_reads_no_chinese_reads_the_hours_in_english(weekly: dict[str, list[str]], words: str) -> None:
    assert Calendar.of("Asia/Shanghai", weekly).text("en-GB") == words
    assert Calendar.of("Asia/Shanghai", weekly, always_open=True).text("fr") == "around the clock"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-TW", "週一 9:00–12:00"),
        ("ja", "月 9:00–12:00"),
        ("es", "lun 9:00–12:00"),
    ],
)
def test_the_hours_are_said_in_the_language_of_the_page(locale: str, words: str) -> None:
    assert Calendar.of("Asia/Shanghai", {"mon": ["09:00-12:00"]}).text(locale) == words


@pytest.mark.parametrize(
    ("now", "an_hour_later"),
    [
        ("2026-11-23 10:00", "2026-11-23 11:00"),
        ("2026-11-23 11:30", "2026-11-23 14:00"),  # over lunch
        ("2026-11-23 17:00", "2026-11-23 18:00"),
        ("2026-11-23 17:50", "2026-11-24 09:50"),
        ("2026-11-27 17:50", "2026-11-30 09:50"),  # over the weekend
        ("2026-11-28 12:00", "2026-11-30 10:00"),
    ],
)
def test_an_hour_of_work_is_an_hour_in_which_the_desk_is_open(now: str, an_hour_later: str) -> None:
    assert _calendar().after(_at(now), timedelta(hours=1)) == _at(an_hour_later)


def test_an_hour_of_work_goes_on_after_midnight_and_never_comes_where_nothing_opens() -> None:
    every_day = Calendar.of("Asia/Shanghai", {day: ["00:00-24:00"] for day in WEEKDAYS})
    assert every_day.after(_at("2026-11-23 23:30"), timedelta(hours=1)) == _at("2026-11-24 00:30")
    always = Calendar.of("Asia/Shanghai", {}, always_open=True)
    assert always.after(_at("2026-11-23 23:30"), timedelta(hours=1)) == _at("2026-11-24 00:30")
    assert Calendar.of("UTC", {}).after(_at("2026-11-23 10:00"), timedelta(hours=1)) is None


@pytest.mark.parametrize("span", ["09:00+08:00-18:00", "9-18", "18:00-09:00", "09:00", "09:00-09:00", "25:00-26:00"])
def test_a_malformed_span_is_refused(span: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_spans([span])

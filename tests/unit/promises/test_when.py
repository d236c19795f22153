"""Times that agents name, by the desk's clock: a Wednesday, twenty past ten, with a rest at noon."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from router.promises.when import read
from router.waiting.hours import Calendar

_ZONE = ZoneInfo("Asia/Shanghai")
_NOW = datetime(2026, 11, 18, 10, 20, tzinfo=_ZONE)
_DAYS = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
_AWAY = datetime(2026, 11, 30).date()  # noqa: DTZ001
_HOLIDAY, _MADE_UP = datetime(2026, 11, 19).date(), datetime(2026, 11, 21).date()  # noqa: DTZ001
_CALENDAR = Calendar.of("Asia/Shanghai", _DAYS)


def _read(text: str, calendar: Calendar = _CALENDAR, now: datetime = _NOW) -> str | None:
    found = read(text, now, calendar)
    return None if found is None else f"{found.at.astimezone(_ZONE):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("今天下班前给您回复", "11-18 18:00"),
        ("明天上午答复您", "11-19 12:00"),
        ("后天给您消息", "11-20 18:00"),
        ("大后天中午前", "11-21 13:00"),
        ("下周一给您结果", "11-23 18:00"),
        ("本周五下午两点半", "11-20 14:30"),
        ("周三前给您方案", "11-18 18:00"),
        ("两小时内回您", "11-18 12:20"),
        ("一个半小时后", "11-18 11:50"),
        ("一两个小时", "11-18 12:20"),
        ("月底前上线", "11-30 18:00"),
        ("下个月初", "12-05 18:00"),
        ("11月25日之前", "11-25 18:00"),
        ("3月2号给您", "03-02 18:00"),
        ("15号之前", "12-15 18:00"),
        ("15:30 给您回电", "11-18 15:30"),
        ("三点前回您", "11-18 15:00"),
        ("9点给您", "11-19 09:00"),
        ("明天 9 点", "11-19 09:00"),
        ("今晚八点前", "11-18 20:00"),
        ("明早一上班就办", "11-19 09:00"),
        ("明天上班后给您", "11-19 10:00"),
        ("3个工作日内", "11-23 18:00"),
        ("两天内", "11-20 18:00"),
        ("上周五的问题，下周三答复您", "11-25 18:00"),
        ("by 3 pm tomorrow", "11-19 15:00"),
        ("within two hours", "11-18 12:20"),
        ("by end of day", "11-18 18:00"),
        ("next Monday morning", "11-23 12:00"),
        ("before noon on Friday", "11-20 12:00"),
        ("in 2-3 business days", "11-23 18:00"),
        ("on Nov 25th", "11-25 18:00"),
        ("in half an hour", "11-18 10:50"),
    ],
)
def test_a_time_to_come_is_the_desks_hour(text: str, at: str) -> None:
    assert _read(text) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("星期天上午给您", "11-22 12:00"),
        ("礼拜天给您", "11-22 18:00"),
        ("下周天给您", "11-29 18:00"),
        ("二十六号下午两点半给您回电", "11-26 14:30"),
        ("廿一号前", "11-21 18:00"),
        ("三十号之前", "11-30 18:00"),
        ("下个月5号", "12-05 18:00"),
        ("下月十五号上午", "12-15 12:00"),
        ("十二月三号", "12-03 18:00"),
        ("12月3日下午3点", "12-03 15:00"),
        ("十二月底", "12-31 18:00"),
        ("十一点前", "11-18 11:00"),
        ("节后第一天上班给您", "12-02 18:00"),
        ("假期后第一个工作日", "12-02 18:00"),
        ("节前给您", "11-27 18:00"),
        ("12/03前", "12-03 18:00"),
        ("on the 30th", "11-30 18:00"),
        ("by the 30th at 3 pm", "11-30 15:00"),
        ("the 5th of next month", "12-05 18:00"),
        ("by 12/25", "12-25 18:00"),
        ("by end of day tomorrow", "11-19 18:00"),
        ("the first day after the holiday", "12-02 18:00"),
    ],
)
def test_days_are_found_however_they_are_written(text: str, at: str) -> None:
    calendar = Calendar.of("Asia/Shanghai", _DAYS, holidays=[_AWAY, _AWAY + timedelta(days=1)])
    assert _read(text, calendar) == at
    found = read(text, _NOW, calendar)
    assert found is not None
    assert found.is_exact


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("下周初给您", "11-24 18:00"),
        ("下周中给您", "11-25 18:00"),
        ("下月中旬", "12-20 18:00"),
        ("下午两三点", "11-18 15:00"),
        ("两三天内", "11-21 18:00"),
        ("by 12/03", "12-03 18:00"),
        ("early next week", "11-24 18:00"),
        ("by the beginning of next week", "11-24 18:00"),
        ("late next week", "11-27 18:00"),
    ],
)
def test_a_time_that_may_mean_another_one_is_asked_for(text: str, at: str) -> None:
    found = read(text, _NOW, _CALENDAR)
    assert found is not None
    assert f"{found.at.astimezone(_ZONE):%m-%d %H:%M}" == at
    assert not found.is_exact


@pytest.mark.parametrize(
    "text",
    [
        "昨天已经答复您", "上周五发布的", "每两小时同步一次", "快一点回复您", "我有三点建议", "第3号楼", "版本 3.12.4",
        "尽快给您回复", "last Friday", "two hours ago", "every Monday", "as soon as possible",
        "昨天上午说的", "上周五下午三点的会", "每月5号出账单", "三号楼",
        "节后给您", "24/7 support", "3/4 of them", "on the 3rd floor",
    ],
)  # fmt: skip
def test_what_has_passed_comes_again_or_is_no_time_says_nothing(text: str) -> None:
    assert _read(text) is None


def test_what_was_today_is_tomorrow_once_it_is_over() -> None:
    evening = _NOW.replace(hour=19)
    assert _read("下班前给您回复", now=evening) == "11-19 18:00"
    assert _read("三点前回您", now=evening) == "11-19 15:00"
    assert _read("今天上午给您", now=evening) is None
    for said in ("今天之内给您", "今天下班前给您", "今天结束前给您", "by end of day", "by EOD today"):
        assert _read(said, now=evening) == "11-18 23:59"
    assert _read("by close of business", now=evening) == "11-19 18:00"


def test_holidays_and_days_made_up_count_as_the_calendar_has_them() -> None:
    calendar = Calendar.of("Asia/Shanghai", _DAYS, holidays=[_HOLIDAY], workdays=[_MADE_UP])
    assert _read("1个工作日内", calendar) == "11-20 18:00"
    assert _read("2个工作日内", calendar) == "11-21 18:00"
    assert _read("这周内给您", calendar) == "11-21 18:00"


def test_a_time_that_is_only_about_so_long_says_so() -> None:
    found = read("几分钟后给您回复", _NOW, _CALENDAR)
    assert found is not None
    assert not found.is_exact

"""Times to be called back: whole slots within the hours, not at once, not too many at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from router.callbacks.slots import SlotRules, free, slot_at, slots
from router.waiting.hours import Calendar

_WEEK = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
_HOLIDAY = date(2026, 11, 24)
_CALENDAR = Calendar.of("Asia/Shanghai", _WEEK, holidays=[_HOLIDAY])
_RULES = SlotRules(minutes=30, per_slot=2, days=2, lead_minutes=30)
#: Monday, 16:10 in Shanghai.
_NOW = datetime(2026, 11, 23, 8, 10, tzinfo=UTC)


def _local(at: datetime) -> str:
    return at.astimezone(_CALENDAR.zone).strftime("%m-%d %H:%M")


def test_slots_begin_after_the_lead_time_and_skip_lunch_and_holidays() -> None:
    found = [_local(slot.starts_at) for slot in slots(_CALENDAR, _NOW, _RULES)]

    assert found[:2] == ["11-23 17:00", "11-23 17:30"]
    assert found[2] == "11-25 09:00"
    assert "11-25 11:30" in found
    assert "11-25 12:00" not in found
    assert "11-25 13:30" in found
    assert {day[:5] for day in found} == {"11-23", "11-25"}


def test_a_slot_lies_wholly_within_the_hours() -> None:
    for slot in slots(_CALENDAR, _NOW, SlotRules(minutes=45, days=3)):
        assert _CALENDAR.is_open(slot.starts_at)
        assert _CALENDAR.is_open(slot.ends_at - timedelta(seconds=1))
        assert slot.ends_at - slot.starts_at == timedelta(minutes=45)


def test_a_desk_that_never_closes_calls_nobody_at_night() -> None:
    always = Calendar.of("Asia/Shanghai", {}, always_open=True)

    found = slots(always, _NOW, _RULES)

    assert {slot.starts_at.minute for slot in found} == {0, 30}
    assert all(8 <= slot.starts_at.astimezone(always.zone).hour < 21 for slot in found)


def test_a_desk_without_hours_has_no_slots() -> None:
    assert slots(Calendar.of("Asia/Shanghai", {}), _NOW, _RULES) == []


def test_a_slot_that_is_full_is_not_offered() -> None:
    offered = slots(_CALENDAR, _NOW, _RULES)
    first, second = offered[0].starts_at, offered[1].starts_at

    left = free(offered, {first: 2, second: 1}, _RULES)

    assert slot_at(left, first) is None
    assert slot_at(left, second) == offered[1]

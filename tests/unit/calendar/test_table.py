"""Which hours hold for whom, out of one calendar document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from router.calendar.document import check_document, read_document
from router.calendar.table import GroupHours, HoursTable
from router.settings import load_settings
from router.settings_sources import DEFAULT_FILE, SettingsError
from router.waiting.hours import Calendar

_TIERS = ("free", "standard", "enterprise", "strategic")
_WEEK = ("mon", "tue", "wed", "thu", "fri")
_BASE = Calendar.of("Asia/Shanghai", {day: ["09:00-18:00"] for day in _WEEK})
_SUPPORT, _BILLING, _NOON = (GroupHours(UUID(int=n), name) for n, name in enumerate(("支持", "账务", "午间")))


def _table(*groups: GroupHours, **document: Any) -> HoursTable:
    known = {group.id: group for group in groups or (_SUPPORT, _BILLING, _NOON)}
    return HoursTable(_BASE, check_document(document, _TIERS), known)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def test_the_calendar_that_ships_knows_the_make_up_days_of_2026() -> None:
    text = (DEFAULT_FILE.parent / "calendar.yaml").read_text(encoding="utf-8")
    table = HoursTable(_BASE, read_document(text, "calendar.yaml", load_settings([], {}).tiers))
    desk = table.desk()
    assert desk.opens_at(_at("2026-02-13 18:00")) == _at("2026-02-14 09:00")  # a Saturday that is worked
    assert desk.opens_at(_at("2026-02-14 18:00")) == _at("2026-02-24 09:00")  # nine days of spring festival
    assert desk.opens_at(_at("2026-09-30 18:00")) == _at("2026-10-08 09:00")
    assert desk.is_open(_at("2026-10-10 10:00"))
    assert table.holiday_names()[date(2026, 10, 7)] == "国庆节"


def test_a_day_with_hours_of_its_own_has_them_whatever_else_it_is() -> None:
    table = _table(
        holidays=[{"name": "春节", "from": "2027-02-05", "to": "2027-02-11"}],
        workdays=[{"name": "除夕", "date": "2027-02-05", "hours": ["09:00-12:00"]}],
    )
    assert table.desk().opens_at(_at("2027-02-05 08:00")) == _at("2027-02-05 09:00")
    assert table.desk().opens_at(_at("2027-02-05 12:00")) == _at("2027-02-12 09:00")


def test_the_hours_of_a_tier_go_over_those_of_a_group_and_those_over_the_desks() -> None:
    own = GroupHours(_BILLING.id, _BILLING.name, {"mon": ["10:00-11:00"]})
    table = _table(
        _SUPPORT, own, _NOON,
        groups={"账务": {"weekly": {"mon": ["12:00-13:00"]}}, "午间": {"weekly": {"mon": ["14:00-15:00"]}}},
        tiers={"strategic": {"weekly": {"sun": ["08:00-22:00"]}, "on_holidays": True}},
        holidays=["2026-11-29"],
    )  # fmt: skip
    assert table.of(_SUPPORT.id).text() == "工作日 9:00–18:00"
    assert table.of(own.id).text() == "周一 10:00–11:00"  # set with the group itself
    assert table.of(_NOON.id, "free").text() == "周一 14:00–15:00"
    assert table.of(own.id, "strategic").is_open(_at("2026-11-29 21:00"))  # a Sunday and a holiday
    assert not table.of(own.id, "enterprise").is_open(_at("2026-11-29 21:00"))


def test_at_noon_those_who_do_not_cover_rest_and_the_desk_is_open() -> None:
    table = _table(
        lunch={"hours": ["12:00-13:30"], "groups": ["没有的", "午间"]},
        groups={"账务": {"weekly": {"mon": ["09:00-18:00"]}}},
    )
    noon, later, sunday = _at("2026-11-23 12:30"), _at("2026-11-23 13:30"), _at("2026-11-29 12:30")
    assert [table.of(each.id).is_open(noon) for each in (_SUPPORT, _BILLING, _NOON)] == [False, True, True]
    assert table.desk().is_open(noon)
    assert table.cover(_SUPPORT.id, noon) == _NOON.id
    for group, at in ((_SUPPORT, later), (_SUPPORT, sunday), (_BILLING, noon), (_NOON, noon)):
        assert table.cover(group.id, at) is None
    assert table.unknown_groups() == ("没有的",)


def test_without_a_covering_group_everybody_rests() -> None:
    table = _table(lunch={"hours": ["12:00-13:30"]})
    assert not table.desk().is_open(_at("2026-11-23 12:30"))
    assert table.cover(_SUPPORT.id, _at("2026-11-23 12:30")) is None


def test_the_rota_says_who_is_on_call_from_which_day_on() -> None:
    table = _table(
        on_call={
            "tiers": ["strategic"], "accounts": ["chief"],
            "weeks": {"2026-11-23": ["lin"], "2026-11-30": ["chen", "chief"]},
        }
    )  # fmt: skip
    assert table.on_call("strategic", _at("2026-11-22 23:59")) == ("chief",)
    assert table.on_call("strategic", _at("2026-11-23 00:00")) == ("lin", "chief")
    assert table.on_call("strategic", _at("2026-12-05 00:00")) == ("chen", "chief")
    assert table.on_call("free", _at("2026-11-23 00:00")) == ()
    night = _at("2026-11-24 03:00")
    assert table.of(_SUPPORT.id, "strategic", night).is_open(night)
    assert not table.of(_SUPPORT.id, "strategic").is_open(night)
    assert not table.of(_SUPPORT.id, "enterprise", night).is_open(night)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("holidays:\n  - {from: 2026-02-23, to: 2026-02-15}\n", "c.yaml:2: holidays.0.to: is before from"),
        (
            "holidays:\n  - {from: 2026-01-01, to: 2027-01-01}\n",
            "c.yaml:2: holidays.0.to: a holiday has at most 60 days",
        ),
        ("workdays: [2026-01-04, 2026-01-04]\n", "c.yaml:1: workdays: 2026-01-04 stands here twice"),
        ("tiers:\n  gold: {weekly: {}}\n", "c.yaml:1: tiers: there is no tier 'gold'"),
        ("on_call:\n  tiers: [gold]\n", "c.yaml:1: on_call: there is no tier 'gold'"),
        ("weekly:\n  monday: []\n", "c.yaml:2: weekly.monday: should be 'mon'"),
        ("timezone: Asia/Peking\n", "c.yaml:1: timezone: there is no time zone"),
        ("lunsh: {}\n", "c.yaml:1: lunsh: there is no such setting"),
        ("- a\n", "c.yaml:1: should hold sections such as holidays:"),
        ("holidays: [2026-01-01\n", "c.yaml:2: not valid YAML"),
    ],
)
def test_a_fault_names_its_line(text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_document(text, "c.yaml", _TIERS)
    assert caught.value.faults[0].startswith(fault)

"""The business calendar: read again without a restart, edited at the console, by group and tier, at noon, on call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.people import People, eventually, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_HOUR = 3600.0
_MINUTE = 60.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.yaml"
    path.write_text("holidays: []\n", encoding="utf-8")
    return path


@pytest.fixture
async def house(open_house: OpenHouse, file: Path) -> House:
    return await open_house(
        HOURS__CALENDAR_FILE=str(file),
        ROUTING__SILENT_AGENT_MINUTES="100000",
        IDLE__WARN_MINUTES="100000",
        WAITING__KEEP_MINUTES="100000",
    )


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    async with people_of(house) as made:
        yield made


async def _asked(people: People, group: dict[str, Any], **auth: Any) -> dict[str, Any]:
    customer = await people.customer(**auth)
    return await customer.do("request_human", topic=group["name"])


async def _set(people: People, **document: Any) -> dict[str, Any]:
    """Edits the calendar as a supervisor's console does."""
    revision = (await people.api("GET", "/calendar"))["revision"]
    made: dict[str, Any] = await people.api("PUT", "/calendar", {"document": document, "revision": revision})
    return made


async def test_a_changed_file_holds_without_a_restart_and_a_faulty_one_changes_nothing(
    house: House, people: People, file: Path
) -> None:
    group = await people.group("pick")
    assert (await _asked(people, group))["outcome"] == "nobody"  # Monday, ten o'clock

    file.write_text("holidays:\n  - {name: 校庆, from: 2026-11-23}\n", encoding="utf-8")
    await house.pass_time()
    ack = await _asked(people, group)
    assert (ack["outcome"], ack["opens_at"]) == ("after_hours", "2026-11-24T01:00:00Z")

    for text, faults in (
        ("workdays:\n  - {name: 补班,\n     date: 2026-13-01}\n", ["calendar.yaml:3: workdays: month must be"]),
        (
            "workdays:\n  - {date: soon}\nlunch: {hours: [noon]}\n",
            ["calendar.yaml:2: workdays.0.date: ", "calendar.yaml:3: lunch.hours.0: 'noon' is not like"],
        ),
    ):
        file.write_text(text, encoding="utf-8")
        await house.pass_time()
        assert (await _asked(people, group))["outcome"] == "after_hours"
        seen = (await people.api("GET", "/calendar"))["faults"]
        assert [fault[: len(expected)] for fault, expected in zip(seen, faults, strict=True)] == faults

    file.write_text("holidays: []\n", encoding="utf-8")
    await house.pass_time()
    assert (await _asked(people, group))["outcome"] == "nobody"
    assert (await people.api("GET", "/calendar"))["faults"] == []


async def test_a_supervisor_edits_it_at_the_console_and_whoever_was_last_wins(
    house: House, people: People, file: Path
) -> None:
    boss, agent = await people.staff(role="supervisor"), await people.staff()
    before = await people.api("GET", "/calendar", token=agent.token)
    assert (before["origin"], before["file"], before["open_now"]) == ("file", "calendar.yaml", True)
    change = {"document": {"workdays": [{"date": "2026-11-28", "name": "补班"}]}, "revision": before["revision"]}
    assert await people.api_error("PUT", "/calendar", change, token=agent.token) == (403, "forbidden")

    await people.api("PUT", "/calendar", change, token=boss.token)
    assert await people.api_error("PUT", "/calendar", change, token=boss.token) == (409, "conflict")
    seen = await people.api("GET", "/calendar", token=boss.token)
    assert (seen["origin"], seen["changed_by"]) == ("desk", boss.username)
    saturday = next(day for day in seen["days"] if day["date"] == "2026-11-28")
    assert saturday == {"date": "2026-11-28", "open": ["09:00-18:00"], "kind": "workday", "name": "补班"}
    audited = await house.rows("select actor_id, detail from audit where action = 'calendar.changed'")
    assert [(str(row["actor_id"]), '"workdays"' in row["detail"]) for row in audited] == [(boss.id, True)]

    faulty = {
        "document": {"tiers": {"gold": {"weekly": {}}}, "weekly": {"mon": ["9-18"]}},
        "revision": seen["revision"],
    }
    error = await people.refused("PUT", "/calendar", faulty, token=boss.token)
    assert [fault.split(": ")[0] for fault in error["details"]["faults"]] == ["weekly.mon.0", "tiers"]

    await house.restart()
    assert (await people.api("GET", "/calendar"))["document"]["workdays"] == [{"date": "2026-11-28", "name": "补班"}]
    file.write_text("holidays: [2026-11-28]\n", encoding="utf-8")
    await house.pass_time()
    assert (await people.api("GET", "/calendar"))["origin"] == "file"


async def test_at_noon_a_smaller_group_stays_open_and_takes_what_comes(house: House, people: People) -> None:
    group, noon = await people.group("pick"), await people.group("pick")
    await _set(people, lunch={"hours": ["12:00-13:30"], "groups": [noon["name"]]})
    seat = await people.agent(noon)
    await house.pass_time(2 * _HOUR)

    ack = await _asked(people, group)
    assert (ack["outcome"], ack["state"]) == ("queued", "waiting")
    (item,) = (await seat.client.ask("waiting_line"))["items"]
    assert (item["conversation_id"], item["group_id"]) == (ack["conversation_id"], noon["id"])
    # Its clock is that of those who are there.
    first = next(clock for clock in item["clocks"] if clock["kind"] == "first_reply")
    assert first["due_at"] == "2026-11-23T04:30:00Z"

    await house.pass_time(1.5 * _HOUR)
    ack = await _asked(people, group)
    assert ack["outcome"] == "nobody"  # its own group works again


async def test_a_tier_has_hours_of_its_own_and_somebody_on_call_outside_them(house: House, people: People) -> None:
    group, duty = await people.group("pick"), await people.staff()
    week = {day: ["08:00-22:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    await _set(
        people,
        tiers={"enterprise": {"weekly": week}},
        on_call={"tiers": ["strategic"], "weeks": {"2026-11-23": [duty.username], "2026-11-30": ["nobody-yet"]}},
    )
    assert (await people.api("GET", "/calendar"))["unknown"] == ["nobody-yet"]
    await house.pass_time(10 * _HOUR)  # 20:00

    assert (await _asked(people, group))["outcome"] == "after_hours"
    enterprise = people.identity("e-1", tier="enterprise")
    assert (await _asked(people, group, identity=enterprise))["outcome"] == "nobody"
    assert await house.rows("select kind from notices where kind = 'on_call'") == []

    strategic = people.identity("s-1", tier="strategic")
    ack = await _asked(people, group, identity=strategic)
    assert (ack["outcome"], ack["state"]) == ("nobody", "waiting")
    (told,) = await house.rows("select recipient_id from notices where kind = 'on_call'")
    assert str(told["recipient_id"]) == duty.id
    (clock,) = await house.rows(
        "select due_at - started_at as target from clocks where subject_id = $1::uuid and kind = 'first_reply'",
        ack["conversation_id"],
    )
    assert clock["target"].total_seconds() == 15 * _MINUTE  # around the clock, while somebody is on call

    # Where the desk stays closed for them, they leave a message like everybody, and somebody knows at once.
    await _set(people, on_call={"tiers": ["strategic"], "accounts": [duty.username], "open": False})
    customer = await people.customer(identity=people.identity("s-2", tier="strategic"))
    await customer.do("leave_message", text="服务器打不开", contact={"phone": "13800138000"})
    assert len(await house.rows("select 1 from notices where kind = 'on_call'")) == 2
    (ticket,) = await house.rows("select tier from tickets")
    assert ticket["tier"] == "strategic"


async def test_another_calendar_moves_the_deadlines_that_it_concerns(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    await house.pass_time(7.75 * _HOUR)  # 17:45
    await people.waiting_customer(group["name"])

    def due() -> Any:
        items = [item for change in seat.client.all("waiting") for item in change["upsert"]]
        clocks = [clock for clock in items[-1]["clocks"] if clock["kind"] == "first_reply"] if items else []
        return clocks[0]["due_at"] if clocks else None

    await eventually(lambda: due() == "2026-11-24T01:15:00Z")
    await _set(people, holidays=[{"name": "调休", "from": "2026-11-24"}])
    await house.pass_time()
    await house.pass_time(1)
    await eventually(lambda: due() == "2026-11-25T01:15:00Z")

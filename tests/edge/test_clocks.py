"""Clocks as agents, supervisors and the database see them, with a clock moved by hand and a server that restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from tests.acceptance.people import People, Seat, people_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_MINUTE = 60.0
_HOUR = 3600.0
#: Silent agents keep what they have and closed pages their place: here the clocks are looked at.
_SETTINGS = {
    "ROUTING__SILENT_AGENT_MINUTES": "100000",
    "IDLE__WARN_MINUTES": "100000",
    "WAITING__KEEP_MINUTES": "100000",
}


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(**_SETTINGS)


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    async with people_of(house) as made:
        yield made


async def clocks_of(people: People, seat: Seat, conversation_id: str) -> dict[str, dict[str, Any]]:
    """The open clocks of a conversation by kind, as the console reads them."""
    token = await people.token(seat.staff)
    found = await people.api("GET", f"/conversations/{conversation_id}", token=token)
    return {each["kind"]: each for each in found["conversation"]["clocks"]}


def _minutes_between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds() / 60


def _alerts(seat: Seat, kind: str) -> list[dict[str, Any]]:
    return [alert for alert in seat.client.all("alert") if alert["kind"] == kind]


async def _rows(house: House, conversation_id: str, kind: str) -> list[Any]:
    return await house.rows(
        "select * from clocks where subject_id = $1::uuid and kind = $2 order by id", conversation_id, kind
    )


async def _taken(people: People, group: dict[str, Any], seat: Seat, **auth: Any) -> tuple[ChatClient, str]:
    """A customer whom the agent has, and nothing said yet."""
    customer, conversation_id = await people.waiting_customer(group["name"], **auth)
    await seat.client.do("accept", conversation_id=conversation_id)
    await customer.state("human")
    return customer, conversation_id


async def test_the_first_reply_is_counted_down_warned_broken_and_told_once_whatever_restarts(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    seat, boss = await people.agent(group), await people.agent(role="supervisor")
    _, conversation_id = await people.waiting_customer(group["name"])
    waiting = (await seat.client.ask("waiting_line"))["items"][0]
    states = {each["kind"]: each for each in waiting["clocks"]}
    assert set(states) == {"first_reply", "resolution"}
    first = states["first_reply"]
    assert _minutes_between(first["started_at"], first["due_at"]) == 30
    assert _minutes_between(first["started_at"], first["soon_at"]) == 2  # what the desk wants in live chat
    assert waiting["level"] == "L2"

    await seat.client.do("accept", conversation_id=conversation_id)
    await house.pass_time(23 * _MINUTE)
    assert _alerts(boss, "clock_warning") == []
    await house.pass_time(1 * _MINUTE)
    warning = await boss.client.until("alert", lambda alert: alert["kind"] == "clock_warning")
    assert (warning["conversation_id"], warning["owner"]) == (conversation_id, seat.id)
    assert "首次响应还有 6 分钟超时" in warning["text"]
    assert (await seat.client.until("alert"))["kind"] == "clock_warning"  # and the agent hears it too

    await house.restart()
    seat, boss = await people.seat(seat.staff), await people.seat(boss.staff)
    await house.pass_time(5 * _MINUTE)
    assert _alerts(boss, "clock_breached") == []
    await house.pass_time(1 * _MINUTE)
    breach = await boss.client.until("alert", lambda alert: alert["kind"] == "clock_breached")
    assert "首次响应已超时" in breach["text"]
    live = await seat.client.until("clocks", lambda told: any(each["breached"] for each in told["clocks"]))
    assert live["conversation_id"] == conversation_id

    await house.restart()
    boss = await people.seat(boss.staff)
    for _ in range(3):
        await house.pass_time(10)
    assert _alerts(boss, "clock_warning") == []
    assert _alerts(boss, "clock_breached") == []
    (row,) = await _rows(house, conversation_id, "first_reply")
    assert (row["warned_at"] is not None, row["breached_at"] is not None, row["met_at"]) == (True, True, None)
    audited = await house.rows("select action from audit where subject_id = $1", conversation_id)
    assert [row["action"] for row in audited].count("clock.breached") == 1


async def test_greetings_and_please_wait_stop_no_clock_and_an_answer_does(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await _taken(people, group, seat)

    for text in ("您好，我是小林，很高兴为您服务", "请稍等，我帮您查一下", "好的，收到"):
        await seat.client.do("send_message", conversation_id=conversation_id, text=text)
    await house.pass_time(90)
    assert "first_reply" in await clocks_of(people, seat, conversation_id)

    await seat.client.do("send_message", conversation_id=conversation_id, text="请点右上角的导出")
    await house.pass_time()
    clocks = await clocks_of(people, seat, conversation_id)
    assert set(clocks) == {"resolution"}
    assert (clocks["resolution"]["paused"], clocks["resolution"]["due_at"]) == (True, None)  # the customer's turn
    (row,) = await _rows(house, conversation_id, "first_reply")
    assert row["spent_seconds"] == 90

    await house.pass_time(2 * _HOUR)
    await customer.say("点了没有反应", conversation_id=conversation_id)
    await house.pass_time()
    clocks = await clocks_of(people, seat, conversation_id)
    assert set(clocks) == {"next_reply", "resolution"}
    assert _minutes_between(clocks["next_reply"]["started_at"], clocks["next_reply"]["due_at"]) == 15
    # Eight hours less the ninety seconds that were used; what the customer took does not count.
    assert _minutes_between(clocks["next_reply"]["started_at"], clocks["resolution"]["due_at"]) % (24 * 60) == (
        pytest.approx((8 * 60 - 1.5 + 15 * 60) % (24 * 60))
    )

    await seat.client.do("send_message", conversation_id=conversation_id, text="稍等，核查中")
    assert "next_reply" in await clocks_of(people, seat, conversation_id)
    await seat.client.do("send_message", conversation_id=conversation_id, text="不客气")
    assert "next_reply" not in await clocks_of(people, seat, conversation_id)

    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await house.pass_time()
    assert await clocks_of(people, seat, conversation_id) == {}
    (row,) = await _rows(house, conversation_id, "resolution")
    assert (row["met_at"] is not None, row["breached_at"], row["spent_seconds"]) == (True, None, 90)


async def test_no_transfer_and_no_restart_sets_a_clock_back(house: House, people: People) -> None:
    group, other = await people.group("pick"), await people.group("pick")
    seat, colleague = await people.agent(group), await people.agent(other)
    _, conversation_id = await _taken(people, group, seat)
    before = await clocks_of(people, seat, conversation_id)

    await house.pass_time(10 * _MINUTE)
    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})
    await house.restart()
    colleague = await people.seat(colleague.staff)
    await colleague.client.do("accept", conversation_id=conversation_id)
    await house.pass_time(60)

    assert await clocks_of(people, colleague, conversation_id) == before


async def test_who_leaves_the_line_takes_the_clocks_along(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group, role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await customer.do("leave_queue", conversation_id=conversation_id)
    await house.pass_time(40 * _MINUTE)
    assert await clocks_of(people, seat, conversation_id) == {}
    (row,) = await _rows(house, conversation_id, "first_reply")
    assert (row["met_at"], row["breached_at"], row["spent_seconds"]) == (None, None, 0)

    await customer.do("request_human", conversation_id=conversation_id, topic=group["name"])
    again = (await clocks_of(people, seat, conversation_id))["first_reply"]
    assert datetime.fromisoformat(again["started_at"]) == house.clock.now()


async def test_a_clock_that_starts_in_the_evening_runs_from_opening_on(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    await house.pass_time(10 * _HOUR)  # 20:00, and somebody works late
    _, conversation_id = await people.waiting_customer(group["name"])
    clocks = await clocks_of(people, seat, conversation_id)
    assert clocks["first_reply"]["due_at"] == "2026-11-24T01:30:00Z"  # 9:30 in Shanghai

    await house.pass_time(13 * _HOUR + 29 * _MINUTE)
    assert (await _rows(house, conversation_id, "first_reply"))[0]["breached_at"] is None
    await house.pass_time(_MINUTE)
    assert (await _rows(house, conversation_id, "first_reply"))[0]["breached_at"] is not None


async def test_what_is_late_is_escalated_by_rule_and_each_rule_once(house: House, people: People) -> None:
    wide = await people.group("pick")
    group = await people.group("pick")
    await people.api("PATCH", f"/groups/{group['id']}", {"overflow_to": wide["id"], "overflow_after_seconds": 86_400})
    boss, helper = await people.agent(role="supervisor"), await people.agent(wide)
    _, conversation_id = await people.waiting_customer(group["name"])
    (before,) = (await boss.client.ask("waiting_line"))["items"]

    await house.pass_time(30 * _MINUTE)
    (raised,) = (await boss.client.ask("waiting_line"))["items"]
    assert raised["priority"] - before["priority"] == 600
    assert raised["group_id"] == group["id"]

    await house.restart()
    boss, helper = await people.seat(boss.staff), await people.seat(helper.staff)
    await house.pass_time(5 * _MINUTE)
    assert [item["group_id"] for item in (await helper.client.ask("waiting_line"))["items"]] == [wide["id"]]

    await house.pass_time(10 * _MINUTE)
    await boss.client.until("alert", lambda alert: alert["kind"] == "clock_breached")
    for _ in range(3):
        await house.pass_time(_MINUTE)

    audited = await house.rows(
        "select detail from audit where subject_id = $1 and action = 'clock.escalated' order by id", conversation_id
    )
    assert len(audited) == 3
    token = await people.token(boss.staff)
    notes = (await people.api("GET", f"/conversations/{conversation_id}", token=token))["notes"]
    texts = [note["text"] for note in notes if note["kind"] == "system"]
    assert [text.split("）")[0] for text in texts] == [
        "超时升级（提前排队", "超时升级（扩大技能组", "超时升级（通知值班",
    ]  # fmt: skip
    assert "排队提前 10 分钟" in texts[0]
    assert wide["name"] in texts[1]
    assert "已通知主管" in texts[2]


async def test_two_servers_on_one_database_find_what_is_due_once(open_house: OpenHouse) -> None:
    house, other = await open_house(**_SETTINGS), await open_house(**_SETTINGS)
    async with people_of(house) as people:
        group = await people.group("pick")
        for _ in range(3):
            await people.waiting_customer(group["name"])
        house.clock.advance(31 * _MINUTE)
        await asyncio.gather(house.desk.timetable.run_once(), other.desk.timetable.run_once())
        await asyncio.gather(house.desk.timetable.run_once(), other.desk.timetable.run_once())

    done = await house.rows("select action, count(*) from audit where action like 'clock.%' group by action order by 1")
    assert [(row["action"], row["count"]) for row in done] == [("clock.breached", 3), ("clock.escalated", 3)]
    notices = await house.rows("select count(*) from notices where kind = 'clock_breached'")
    assert notices[0]["count"] == 3


async def test_a_late_ticket_is_told_by_its_number_and_noted_where_colleagues_read_it(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    seat, boss = await people.agent(group), await people.agent(role="supervisor")
    _, conversation_id = await _taken(people, group, seat)
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)

    await house.pass_time(24 * _MINUTE)
    await house.pass_time(21 * _MINUTE)

    breach = await boss.client.until(
        "alert", lambda alert: alert["kind"] == "clock_breached" and alert.get("ticket") == number
    )
    assert f"工单 {number}（L2）首次响应已超时" in breach["text"]
    token = await people.token(boss.staff)
    (comment,) = (await people.api("GET", f"/tickets/{number}", token=token))["discussion"]
    assert (comment["visibility"], comment["by"]["kind"]) == ("internal", "system")
    assert "已通知主管" in comment["text"]
    # What the conversation owed ended with it.
    audited = await house.rows("select 1 from audit where subject_kind = 'conversation' and action like 'clock.%'")
    assert audited == []

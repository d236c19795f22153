"""Levels: by rule at the hand-off and later, by an agent's hand, L3 with a named owner, when L1 counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acceptance.people import KNOWN, UNKNOWN, People, Seat, Staff, people_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_MINUTE = 60.0
_DAY = 86_400.0
_LOST = "我们项目的数据丢失了"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(ROUTING__SILENT_AGENT_MINUTES="100000", WAITING__KEEP_MINUTES="100000")


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    async with people_of(house) as made:
        yield made


async def _managed(people: People, sub: str = "vip") -> tuple[Staff, dict[str, Any]]:
    """A success manager, and what signs in a customer of their company."""
    manager = await people.staff()
    company = {"id": f"c-{sub}", "name": f"公司 {sub}"}
    await people.api("POST", "/companies", {"external_id": company["id"], "name": company["name"],
                                           "success_manager": manager.id})  # fmt: skip
    return manager, {"identity": people.identity(sub, tier="enterprise", company=company)}


async def _ticket_of(people: People, customer: ChatClient) -> dict[str, Any]:
    event = await customer.until("event", lambda event: event["kind"] == "ticket")
    found: dict[str, Any] = await people.api("GET", f"/tickets/{event['number']}")
    return found


async def _level(people: People, conversation_id: str) -> tuple[str, str]:
    found = (await people.api("GET", f"/conversations/{conversation_id}"))["conversation"]
    return found["level"], found["state"]


async def _notes(people: People, conversation_id: str) -> list[str]:
    found = await people.api("GET", f"/conversations/{conversation_id}")
    return [note["text"] for note in found["notes"]]


async def test_what_the_rules_call_l3_is_owned_by_the_success_manager_and_leaves_the_line(
    house: House, people: People
) -> None:
    manager, signed = await _managed(people)
    customer = await people.customer(**signed)
    said = await customer.say(_LOST)
    await customer.answer_to(said)

    ack = await customer.do("request_human", conversation_id=said["conversation_id"])

    assert (ack["outcome"], ack["state"]) == ("assigned", "bot")
    ticket = await _ticket_of(people, customer)
    assert (ticket["level"], ticket["assignee"]["id"], ticket["source"]) == ("L3", manager.id, "escalation")
    words = await customer.until("event", lambda event: manager.name in event.get("text", ""))
    assert ticket["number"] in words["text"]
    assert "今天 12:00" in words["text"]  # two hours from ten o'clock
    assert "VIP" not in words["text"]
    (clock,) = await house.rows(
        "select due_at - started_at as target from clocks where subject_kind = 'ticket' and kind = 'first_reply'"
    )
    assert clock["target"].total_seconds() == 120 * _MINUTE

    # Who insists gets a human in the chat all the same.
    again = await customer.do("request_human", conversation_id=said["conversation_id"])
    assert (again["state"], again["outcome"]) == ("waiting", "nobody")


async def test_what_is_written_below_it_reaches_the_owner_and_who_asks_for_a_human_comes_to_them(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    manager, signed = await _managed(people, "below")
    await people.api("PATCH", f"/groups/{group['id']}", {"members": [manager.id]})
    customer = await people.customer(**signed)
    said = await customer.say(_LOST)
    await customer.answer_to(said)
    await customer.do("request_human", conversation_id=said["conversation_id"])
    number = (await _ticket_of(people, customer))["number"]

    last = said
    for text in ("补充一下：报错码是 TH01-A", "那大概什么时候能好"):
        last = await customer.say(text)
        await house.pass_time(60)
    ticket = await people.api("GET", f"/tickets/{number}")
    assert [(each["text"], each["visibility"], each["by"]["kind"]) for each in ticket["discussion"]] == [
        ("补充一下：报错码是 TH01-A", "public", "customer"),
        ("那大概什么时候能好", "public", "customer"),
    ]
    told = "select recipient_id::text from notices where kind = 'ticket_replied'"
    assert [row["recipient_id"] for row in await house.rows(told)] == [manager.id] * 2
    events = customer.events(said["conversation_id"])
    assert not [event for event in events if event["actor"]["kind"] == "bot" and event["seq"] > last["seq"]]

    asked = await customer.say("有人吗")
    words = await customer.until("event", lambda event: f"已经告诉{manager.name}" in event.get("text", ""))
    assert words["seq"] > asked["seq"]
    assert [row["recipient_id"] for row in await house.rows(told)] == [manager.id] * 3
    (row,) = await house.rows("select state, group_id::text from conversations where level = 'L3'")
    assert (row["state"], row["group_id"]) == ("waiting", group["id"])


async def test_without_a_success_manager_the_line_takes_the_customer(people: People) -> None:
    customer = await people.customer(identity=people.identity("alone", tier="enterprise"))
    said = await customer.say(_LOST)
    await customer.answer_to(said)
    ack = await customer.do("request_human", conversation_id=said["conversation_id"])
    assert ack["state"] == "waiting"
    assert await _level(people, said["conversation_id"]) == ("L2", "waiting")


async def test_what_a_waiting_customer_adds_may_bring_it_to_l3(house: House, people: People) -> None:
    manager, signed = await _managed(people)
    group = await people.group("pick")
    customer, conversation_id = await people.waiting_customer(group["name"], **signed)
    await customer.say(_LOST, conversation_id=conversation_id)
    await house.pass_time()

    left = await customer.until("event", lambda event: event.get("state") == "bot")
    assert "reason" not in left  # that is the house's own affair
    assert (await _ticket_of(people, customer))["assignee"]["id"] == manager.id
    assert await _level(people, conversation_id) == ("L3", "bot")
    assert f"级别由 L2 改为 L3，由{manager.name}负责" in await _notes(people, conversation_id)
    clocks = await house.rows("select kind, ended_at from clocks where subject_id = $1::uuid", conversation_id)
    assert all(clock["ended_at"] is not None for clock in clocks)


async def test_an_agent_sets_the_level_and_no_clock_is_set_back(house: House, people: People) -> None:
    group = await people.group("pick")
    seat: Seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(
        group["name"], identity=people.identity("plain", tier="enterprise")
    )
    await seat.client.do("accept", conversation_id=conversation_id)
    clock = "select due_at, level from clocks where subject_id = $1::uuid and kind = 'first_reply'"
    (before,) = await house.rows(clock, conversation_id)
    await house.pass_time(20 * _MINUTE)
    token = await people.token(seat.staff)
    path = f"/conversations/{conversation_id}"
    assert await people.api_error("PATCH", path, {"level": "L1"}, token=token) == (400, "invalid")
    outsider = await people.staff(await people.group("pick"))
    assert await people.api_error("PATCH", path, {"level": "L3"}, token=outsider.token) == (404, "not_found")

    assert await people.api("PATCH", path, {"level": "L3"}, token=token) == {"id": conversation_id, "level": "L3"}
    await house.pass_time()

    assert await _level(people, conversation_id) == ("L3", "human")
    ticket = await _ticket_of(people, customer)
    assert ticket["assignee"]["id"] == seat.id  # nobody manages this customer: whoever said so owns it
    (after,) = await house.rows(clock, conversation_id)
    assert (after["due_at"], after["level"]) == (before["due_at"], "L3")
    await people.api("PATCH", path, {"level": "L2"}, token=token)
    await customer.say(_LOST, conversation_id=conversation_id)  # a rule would say L3
    await house.pass_time()
    assert await _level(people, conversation_id) == ("L2", "human")
    audited = await house.rows(
        "select actor_kind from audit where action = 'conversation.levelled' and subject_id = $1", conversation_id
    )
    assert [row["actor_kind"] for row in audited] == ["agent", "agent"]


async def test_l1_counts_when_it_was_confirmed_or_not_asked_again(house: House, people: People) -> None:
    async def asked(text: str) -> tuple[ChatClient, dict[str, Any]]:
        customer = await people.customer()
        said = await customer.say(text)
        answer = await customer.answer_to(said)
        return customer, {"conversation_id": said["conversation_id"], "seq": answer["seq"]}

    confirmed, answer = await asked(KNOWN)
    await confirmed.do("rate_answer", **answer, helpful=True)
    silent, _ = await asked(KNOWN)
    unhappy, answer = await asked(KNOWN)
    await unhappy.do("rate_answer", **answer, helpful=False)
    handed, answer = await asked(KNOWN)
    await handed.do("request_human", conversation_id=answer["conversation_id"])
    unanswered, _ = await asked(UNKNOWN)
    again, _ = await asked(KNOWN)
    for customer in (confirmed, silent, unhappy, handed, unanswered, again):
        conversation_id = customer.all("event")[0]["conversation_id"]
        await customer.do("close", conversation_id=conversation_id)
    await again.say(KNOWN)
    await house.pass_time(60)
    sql = "select reason, solved from l1_verdicts order by reason nulls last"
    assert [tuple(row) for row in await house.rows(sql)] == [
        ("confirmed", True), ("handed_off", False), ("unanswered", False), ("unhelpful", False),
        (None, None), (None, None),
    ]  # fmt: skip

    await house.restart()
    await house.pass_time(_DAY)

    decided = {row["reason"]: row["solved"] for row in await house.rows(sql) if row["reason"]}
    assert decided == {
        "confirmed": True, "not_asked_again": True, "asked_again": False,
        "handed_off": False, "unanswered": False, "unhelpful": False,
    }  # fmt: skip
    figures = (await people.api("GET", "/clocks/figures?hours=48"))["bot"]
    assert (figures["solved"], figures["in_time"]) == (3, 3)  # what was asked again was not asked a third time


async def test_live_chat_is_measured_by_its_first_human_reply(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    for seconds in (30, 150):
        _, conversation_id = await people.waiting_customer(group["name"])
        await seat.client.do("accept", conversation_id=conversation_id)
        await house.pass_time(seconds)
        await seat.client.do("send_message", conversation_id=conversation_id, text="请点右上角的导出")
    await house.pass_time()

    agent = await people.token(seat.staff)
    assert await people.api_error("GET", "/clocks/figures", token=agent) == (403, "forbidden")
    live = (await people.api("GET", "/clocks/figures"))["live_chat"]
    assert (live["replies"], live["average_seconds"], live["within_target"], live["within_aim"]) == (2, 90.0, 1, 1)
    assert (live["target_seconds"], live["aim_seconds"]) == (120, 60)

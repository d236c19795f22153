"""The order of the line and where it goes on to, as customers and agents meet it; restarts included."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.acceptance.people import URGENT, People
from tests.edge.floor import in_time, item, line, reasons, state, waits
from tests.edge.house import House


async def test_tier_urgency_and_a_push_order_the_line_and_say_why(house: House, people: People) -> None:
    group = await people.group("pick")
    seat, boss = await people.agent(group), await people.agent(role="supervisor")
    _, plain = await people.waiting_customer(group["name"])
    house.clock.advance(10)
    _, enterprise = await waits(people, group, "big", "enterprise")
    house.clock.advance(10)
    late, urgent = await people.waiting_customer(group["name"])

    assert await line(seat) == [enterprise, plain, urgent]
    explained = (await item(seat, enterprise))["explanation"]
    assert [part["label"] for part in explained] == ["企业版客户 +600 秒"]
    assert [part["label_en"] for part in explained] == ["Enterprise customer +600 s"]

    await late.say(URGENT)  # what a waiting customer adds is read, and moves them at once
    told = await seat.client.until(
        "waiting",
        lambda change: any(each["priority"] >= 300 for each in change["upsert"] if each["conversation_id"] == urgent),
    )
    assert told["version"] > 0
    assert await line(seat) == [enterprise, urgent, plain]

    first = await boss.client.do("push", conversation_id=plain)
    again = await boss.client.do("push", conversation_id=plain)
    assert (first["added_seconds"], again["added_seconds"], again["priority"]) == (900, 0, 900)
    assert await line(seat) == [plain, enterprise, urgent]

    await house.restart()
    boss = await people.seat(boss.staff)
    assert await line(boss) == [plain, enterprise, urgent]
    audited = await house.rows("select subject_id, detail from audit where action = 'conversation.pushed'")
    assert [(row["subject_id"], row["detail"]) for row in audited] == [(plain, '{"seconds": 900}')]


async def test_whatever_is_said_of_the_tier_counts_only_where_it_is_signed(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    _, liar = await people.waiting_customer(group["name"], tier="strategic", attributes={"tier": "strategic"})
    assert (await item(seat, liar))["priority"] == 0


async def test_abuse_earns_nothing_and_a_feeling_counts_once(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    rude, swears = await people.waiting_customer(group["name"])
    await rude.say("你们这群傻逼，滚")

    async def was_read() -> bool:
        rows = await house.rows("select signals ->> 'abusive' as it from conversations where id = $1::uuid", swears)
        return bool(rows[0]["it"] == "true")

    await in_time(was_read)
    assert (await item(seat, swears))["priority"] == 0


async def test_a_line_overflows_where_somebody_is_there_and_keeps_the_place(house: House, people: People) -> None:
    first, second = await people.group("pick"), await people.group("pick")
    await people.api("PATCH", f"/groups/{first['id']}", {"overflow_to": second["id"], "overflow_after_seconds": 120})
    customer, conversation_id = await waits(people, first, "over", "enterprise")

    await house.pass_time(121)
    assert await state(house, conversation_id) == ("waiting", "asked")  # nobody is there

    await house.restart()
    seat = await people.agent(second)
    await house.pass_time()
    found = await item(seat, conversation_id)
    assert (found["group_id"], found["priority"]) == (second["id"], 600)
    assert await state(house, conversation_id) == ("waiting", "overflow")
    assert "overflow" not in str(customer.received)


async def test_groups_do_not_overflow_in_a_circle(people: People) -> None:
    first, second = await people.group("pick"), await people.group("pick")
    await people.api("PATCH", f"/groups/{first['id']}", {"overflow_to": second["id"], "overflow_after_seconds": 60})
    with pytest.raises(AssertionError, match="circle"):
        await people.api("PATCH", f"/groups/{second['id']}", {"overflow_to": first["id"], "overflow_after_seconds": 60})


async def test_every_third_conversation_is_the_longest_waiters(house: House, people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group, capacity=1)
    _, filler = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")
    _, patient = await people.waiting_customer(group["name"])
    important = []
    for n in range(4):
        house.clock.advance(1)
        important.append((await waits(people, group, f"vip{n}", "strategic"))[1])

    order, at_hand = [], filler
    for _ in range(4):
        await seat.client.do("close", conversation_id=at_hand, resolved=True)
        at_hand = await _owned_by(house, seat.id)
        order.append(at_hand)

    # The filler was the first dispatch of the group, so the second of these is the third.
    assert order == [important[0], patient, important[1], important[2]]
    assert await reasons(house, patient) == ["asked", "assigned", "resolved"]


async def _owned_by(house: House, agent: str) -> str:
    rows = await house.rows("select id from conversations where owner = $1::uuid and state = 'human'", UUID(agent))
    assert len(rows) == 1
    return str(rows[0]["id"])

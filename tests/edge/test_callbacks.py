"""A call back: booked in free times, confirmed in the window, changed and cancelled by the customer, done by agents."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from tests.acceptance.people import People, people_of, refusal_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_PHONE = "13800138000"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_call_is_booked_changed_and_cancelled(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer = await people.customer()
    ack = await customer.do("request_human", topic=group["name"])
    offered = await customer.ask("callback_slots")
    assert offered["timezone"] == "Asia/Shanghai"
    assert offered["callbacks"] == []
    slots = offered["slots"]
    assert _at(slots[0]["at"]) >= house.clock.now() + timedelta(minutes=30)
    assert all(_at(slot["until"]) - _at(slot["at"]) == timedelta(minutes=30) for slot in slots)

    booked = await customer.do("book_callback", at=slots[0]["at"], phone=_PHONE, text="导出按钮是灰的")

    call = booked["callback"]
    assert call["phone"] == "138****8000"
    said = await customer.until("event", lambda e: "已为您预约" in (e.get("text") or ""))
    assert "已为您预约今天 10:30–11:00 回电，号码 138****8000" in said["text"]
    assert said["buttons"] == ["change_callback", "cancel_callback"]
    assert (await customer.state("bot"))["reason"] == "left_queue"  # who is called back does not wait as well
    (task,) = (await people.api("GET", "/tasks?kind=call_back", token=await people.token(seat.staff)))["items"]
    assert (task["id"], task["contact"], task["text"], task["group_id"]) == (
        call["id"], _PHONE, "导出按钮是灰的", group["id"],
    )  # fmt: skip
    assert task["conversation_id"] == ack["conversation_id"]
    (stored,) = await house.rows("select contact_sealed, text from tasks where id = $1", call["id"])
    assert _PHONE.encode() not in stored["contact_sealed"]

    await house.restart()
    customer = await people.customer(visitor=customer.all("welcome")[0]["visitor"])
    moved = await customer.do("book_callback", callback_id=call["id"], at=slots[3]["at"])
    assert (moved["callback"]["id"], moved["callback"]["at"]) == (call["id"], slots[3]["at"])
    await customer.until("event", lambda e: "回电改到" in (e.get("text") or ""))
    assert [each["at"] for each in (await customer.ask("callback_slots"))["callbacks"]] == [slots[3]["at"]]

    end = {"client_id": str(uuid4()), "callback_id": call["id"]}
    first = await customer.call("cancel_callback", end)
    assert first["ok"]
    assert await customer.call("cancel_callback", end) == first
    await customer.until("event", lambda e: "已经取消" in (e.get("text") or ""))
    (task,) = await house.rows("select state, version from tasks where id = $1", call["id"])
    assert task["state"] == "cancelled"
    refusal = await refusal_of(customer, "book_callback", {**end, "client_id": str(uuid4()), "at": slots[4]["at"]})
    assert refusal["code"] == "not_found"


async def test_a_time_that_is_taken_or_never_was_is_refused(open_house: OpenHouse) -> None:
    house = await open_house(CALLBACKS__PER_SLOT="1")
    async with people_of(house) as people:
        first, second = await people.customer(), await people.customer()
        slots = (await first.ask("callback_slots"))["slots"]
        await first.do("book_callback", at=slots[0]["at"], phone=_PHONE)

        assert slots[0] not in (await second.ask("callback_slots"))["slots"]
        midnight = (house.clock.now() + timedelta(days=1)).replace(hour=16, minute=0).isoformat()
        for at in (slots[0]["at"], midnight):
            wish = {"client_id": str(uuid4()), "at": at, "phone": _PHONE}
            assert (await refusal_of(second, "book_callback", wish))["code"] == "conflict"
        for phone in (None, "call me"):
            wish = {"client_id": str(uuid4()), "at": slots[1]["at"], **({"phone": phone} if phone else {})}
            assert (await refusal_of(second, "book_callback", wish))["code"] == "invalid"
        calls = (await first.ask("callback_slots"))["callbacks"]
        stolen = {"client_id": str(uuid4()), "callback_id": calls[0]["id"]}
        assert (await refusal_of(second, "cancel_callback", stolen))["code"] == "not_found"


async def test_at_night_a_call_is_offered_for_the_morning_and_said_in_their_language(
    house: House, people: People
) -> None:
    house.clock.advance(12 * 3600)
    customer = await people.customer(locale="en")
    await customer.do("request_human")
    slots = (await customer.ask("callback_slots"))["slots"]
    assert _at(slots[0]["at"]).astimezone(house.clock.now().tzinfo).isoformat().startswith("2026-11-24T01:00")

    await customer.do("book_callback", at=slots[0]["at"], phone="+44 20 7946 0958")

    said = await customer.until("event", lambda e: "We will call you" in (e.get("text") or ""))
    assert "tomorrow 9:00–9:30" in said["text"]
    assert "7946" not in said["text"]


async def test_beside_a_human_the_bot_says_nothing_of_it(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    slots = (await customer.ask("callback_slots"))["slots"]

    await customer.do("book_callback", at=slots[0]["at"], phone=_PHONE, conversation_id=conversation_id)

    said = await seat.client.until("event", lambda e: "已为您预约" in (e.get("text") or ""))
    assert said["actor"]["kind"] == "system"
    (task,) = await house.rows("select assignee from tasks where conversation_id = $1", conversation_id)
    assert str(task["assignee"]) == seat.id

"""What agents see of a conversation beside its words: what it is about, and that it sours; customers see none of it."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import ANGRY, People, Seat
from tests.clients import ChatClient

_CALM = "好的，我在项目设置那一页"
_INVOICE = "发票抬头写错了怎么改"


async def _with_a_human(people: People) -> tuple[ChatClient, Seat, str]:
    group = await people.group()
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    await customer.state("human")
    return customer, seat, conversation_id


def _soured(alert: dict[str, Any], conversation_id: str) -> bool:
    return alert["kind"] == "soured" and alert.get("conversation_id") == conversation_id


async def test_a_conversation_that_sours_alerts_the_supervisors_once(people: People) -> None:
    customer, seat, conversation_id = await _with_a_human(people)
    supervisor = await people.agent(role="supervisor", online=False)

    await customer.say(_CALM)
    said = await customer.say(ANGRY)

    alert = await supervisor.client.until("alert", lambda one: _soured(one, conversation_id))
    assert (alert["owner"], alert["text"]) == (seat.id, ANGRY)
    note = await seat.client.until("note", lambda one: one["conversation_id"] == conversation_id)
    assert (note["kind"], note["after_seq"]) == ("system", said["seq"])
    await seat.client.until("summary", lambda one: one["conversation_id"] == conversation_id and one["soured"])

    again = await customer.say("垃圾软件，什么都不会，骗子")
    await seat.client.until("summary", lambda one: one["last_seq"] == again["seq"] and one["emotion"] == "angry")
    shown = await people.api("GET", f"/conversations/{conversation_id}")
    assert shown["conversation"]["soured"]
    assert len([one for one in supervisor.client.all("alert") if _soured(one, conversation_id)]) == 1
    assert not customer.all("alert")
    assert not seat.client.all("alert")


async def test_what_a_question_is_about_reaches_agents_and_no_customer(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer = await people.customer()
    asked = await customer.say(_INVOICE)
    answer = await customer.answer_to(asked)
    conversation_id = asked["conversation_id"]
    await customer.do("request_human", topic=group["name"])

    await seat.client.do("accept", conversation_id=conversation_id)
    shown = await people.api("GET", f"/conversations/{conversation_id}")
    assert shown["conversation"]["topic"] == "账单/发票"
    read = next(event for event in shown["events"] if event["seq"] == answer["seq"])
    assert read["signals"]["topic"] == "账单/发票"
    assert "signals" not in answer
    welcome = seat.client.all("welcome")[0]
    assert "发票" in welcome["topics"]["账单"]


async def test_what_waits_says_what_it_is_about(people: People) -> None:
    supervisor = await people.agent(role="supervisor", online=False)
    customer = await people.customer()
    asked = await customer.say(_INVOICE)
    await customer.answer_to(asked)
    await customer.do("request_human")

    change = await supervisor.client.until(
        "waiting", lambda one: asked["conversation_id"] in [item["conversation_id"] for item in one["upsert"]]
    )
    item = next(item for item in change["upsert"] if item["conversation_id"] == asked["conversation_id"])
    assert item["topic"] == "账单/发票"

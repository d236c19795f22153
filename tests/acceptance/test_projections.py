"""Nothing for colleagues only reaches a customer: every kind has its projection, and `sync` shows what came live."""

from __future__ import annotations

from typing import Any, get_args
from uuid import uuid4

import pytest

from router.conversations.projections import FOR_CUSTOMERS
from router.payloads.log import EventKind
from tests.acceptance.leaks import leaks_in
from tests.acceptance.people import (
    ALSO_UNKNOWN,
    AMBIGUOUS,
    ANGRY,
    UNKNOWN,
    URGENT,
    People,
    Seat,
    identity,
)
from tests.clients import ChatClient

_NOTE = "密语：客户是战略级，合同月底到期"
_TRANSFER_NOTE = "密语：请先看前面两条"
_WRAP_UP_NOTE = "密语：下次直接给表格"
_SECRETS = ("密语", "战略级", "合同月底")


def _log(customer: ChatClient, conversation_id: str) -> list[dict[str, Any]]:
    """What came live, with the texts that were taken back meanwhile taken out, as `sync` shows them."""
    events = customer.events(conversation_id)
    taken_back = {event["target_seq"] for event in events if event["kind"] == "redact"}
    for event in events:
        if event["seq"] in taken_back:
            event |= {"text": "", "attachments": [], "options": [], "sources": [], "redacted": True}
    return events


async def _rich_conversation(people: People) -> tuple[ChatClient, Seat, str]:
    """Answer, options, misses, hand-off, notes, transfer, wrap-up, ratings, a recall and a ticket."""
    group, other = await people.group("pick"), await people.group("pick")
    first, second = await people.agent(group), await people.agent(other)
    supervisor = await people.agent(role="supervisor", online=False)
    claims: dict[str, Any] = {"name": "王芳", "email": "fang@example.com", "tier": "strategic"}
    customer = await people.customer(identity=identity(f"user-{uuid4()}", **claims))
    asked = await customer.say(AMBIGUOUS)
    conversation_id = asked["conversation_id"]
    option = (await customer.answer_to(asked))["options"][0]
    chosen = await customer.say(option["label"], option_id=option["id"])
    answer = await customer.answer_to(chosen)
    target = {"conversation_id": conversation_id}
    await customer.do("rate_answer", **target, seq=answer["seq"], helpful=True)
    for text in (UNKNOWN, ALSO_UNKNOWN):
        await customer.answer_to(await customer.say(text))
    await customer.state("waiting")
    await supervisor.client.do("add_note", **target, text=_NOTE, mentions=[first.id])
    await supervisor.client.do("accept", **target)
    await supervisor.client.do("transfer", **target, to={"agent_id": first.id}, note=_TRANSFER_NOTE)
    slip = await first.client.do("send_message", **target, text="发错了")
    await first.client.do("recall", **target, seq=slip["seq"])
    await first.client.do("send_message", **target, text="您好，正在看")
    await first.client.do("transfer", **target, to={"group_id": other["id"]}, note=_TRANSFER_NOTE)
    await customer.do("leave_message", text="请回电", contact={"phone": "13800138000"})
    await customer.do("request_human", **target, topic=other["name"])
    await second.client.do("accept", **target)
    await second.client.do("close", **target, resolved=True, wrap_up={"category": "导出", "note": _WRAP_UP_NOTE})
    await customer.state("closed")
    await customer.do("rate_conversation", **target, resolved=True, csat=5, comment="谢谢")
    await customer.until("event", lambda event: event.get("csat") == 5)
    return customer, supervisor, conversation_id


async def test_a_rich_conversation_leaks_nothing_to_its_customer(people: People) -> None:
    customer, supervisor, conversation_id = await _rich_conversation(people)

    await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
    await customer.ask("threads")

    assert leaks_in([customer.received, customer.acknowledged], _SECRETS) == []
    seen_by_colleagues = await supervisor.client.ask(
        "sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0
    )
    found = leaks_in(seen_by_colleagues, _SECRETS)  # there was something to leak, and it would have been found
    assert any(".confidence" in leak for leak in found)
    assert sum("密语" in leak for leak in found) >= 3


async def test_sync_brings_every_kind_exactly_as_it_came_live(people: People) -> None:
    customer, supervisor, conversation_id = await _rich_conversation(people)

    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)

    assert {event["kind"] for event in page["events"]} == set(get_args(EventKind))
    assert page["events"] == _log(customer, conversation_id)
    inside = await supervisor.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0)
    assert [event["seq"] for event in inside["events"]] == [event["seq"] for event in page["events"]]


@pytest.mark.parametrize(("text", "reason"), [(ANGRY, "emotion"), (URGENT, "urgent")])
async def test_the_reason_of_a_hand_off_stays_inside(people: People, text: str, reason: str) -> None:
    supervisor = await people.agent(role="supervisor", online=False)
    customer = await people.customer()
    ack = await customer.say(text)

    waiting = await customer.state("waiting")

    assert "reason" not in waiting
    inside = await supervisor.client.ask("sync", conversation_id=ack["conversation_id"], after_seq=0, after_note_seq=0)
    assert [event["reason"] for event in inside["events"] if event["kind"] == "state"] == [reason]
    line = await supervisor.client.ask("waiting_line")
    item = next(item for item in line["items"] if item["conversation_id"] == ack["conversation_id"])
    assert item["reason"] == reason
    await customer.ask("sync", conversation_id=ack["conversation_id"], after_seq=0)
    assert leaks_in([customer.received, customer.acknowledged]) == []


async def test_back_on_the_same_matter_a_rule_skips_the_bot_and_says_nothing_of_it(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await customer.state("closed")

    ack = await customer.say(UNKNOWN)

    again = await customer.until(
        "event", lambda e: e["conversation_id"] == ack["conversation_id"] and e.get("state") == "waiting"
    )
    assert "reason" not in again
    supervisor = await people.agent(role="supervisor", online=False)
    inside = await supervisor.client.ask("sync", conversation_id=ack["conversation_id"], after_seq=0, after_note_seq=0)
    assert [event["reason"] for event in inside["events"] if event["kind"] == "state"] == ["rule"]
    assert leaks_in([customer.received, customer.acknowledged]) == []


async def test_refusals_to_customers_do_not_name_colleagues(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    target = {"client_id": str(uuid4()), "conversation_id": conversation_id}

    for event, more in (("leave_queue", {}), ("recall", {"seq": 2}), ("rate_answer", {"seq": 2, "helpful": True})):
        answer = await customer.call(event, {**target, "client_id": str(uuid4()), **more})
        assert seat.id not in str(answer)


def test_every_kind_of_event_has_a_projection_for_customers() -> None:
    assert set(FOR_CUSTOMERS) == set(get_args(EventKind))


def test_the_search_for_leaks_finds_them() -> None:
    event = {"kind": "state", "reason": "urgent", "sources": [{"title": "a", "confidence": 0.9}], "text": "密语"}

    assert leaks_in(("event", event), ["密语"]) == [
        "[1].reason = urgent",
        "[1].sources[0].confidence",
        "[1].text: 密语",
    ]

"""With a human: both sides talk, notes stay inside, a conversation is passed on, closed with a wrap-up and rated."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.people import KNOWN, People, Seat, refusal_of
from tests.clients import ChatClient


async def _owned(people: People) -> tuple[ChatClient, Seat, str, dict[str, Any]]:
    """A customer with an agent: customer, agent, conversation, group."""
    group = await people.group()
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    await customer.state("human")
    return customer, seat, conversation_id, group


async def test_both_sides_talk_and_the_bot_is_silent(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)

    asked = await customer.say(KNOWN)
    heard = await seat.client.until("event", lambda event: event.get("id") == asked["id"])
    replied = await seat.client.do("send_message", conversation_id=conversation_id, text="您好，我来看看")

    answer = await customer.until("event", lambda event: event.get("id") == replied["id"])
    assert heard["text"] == KNOWN
    assert answer["actor"] == {"kind": "agent", "id": seat.id, "name": seat.staff.name}
    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=asked["seq"] - 1)
    assert [event["actor"]["kind"] for event in page["events"]] == ["customer", "agent"]


async def test_typing_reaches_the_other_side(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)

    await seat.client.tell("typing", {"conversation_id": conversation_id})
    assert (await customer.until("typing"))["actor"]["kind"] == "agent"
    await customer.tell("typing", {"conversation_id": conversation_id})
    assert (await seat.client.until("typing"))["conversation_id"] == conversation_id


async def test_what_the_customer_has_read_reaches_the_agents_who_watch(people: People) -> None:
    customer, seat, conversation_id, group = await _owned(people)
    colleague = await people.agent(group)
    said = await seat.client.do("send_message", conversation_id=conversation_id, text="您好")

    await customer.ask("read", conversation_id=conversation_id, seq=said["seq"])
    await customer.ask("read", conversation_id=conversation_id, seq=1)  # another page of theirs is behind
    await customer.ask("read", conversation_id=conversation_id, seq=said["seq"] + 100)

    await seat.client.ask("watch", conversation_id=conversation_id)
    assert seat.client.all("read") == [{"conversation_id": conversation_id, "seq": said["seq"]}]
    assert not colleague.client.all("read")


async def test_only_the_owner_talks_to_the_customer(people: People) -> None:
    _, _, conversation_id, group = await _owned(people)
    colleague = await people.agent(group)
    payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, "text": "我也来"}

    refusal = await refusal_of(colleague.client, "send_message", payload)

    assert refusal["code"] == "conflict"


async def test_notes_have_numbers_of_their_own_and_never_reach_the_customer(people: People) -> None:
    customer, seat, conversation_id, group = await _owned(people)
    colleague = await people.agent(group)
    await colleague.client.ask("watch", conversation_id=conversation_id)
    before = (await customer.ask("sync", conversation_id=conversation_id, after_seq=0))["last_seq"]

    first = await seat.client.do("add_note", conversation_id=conversation_id, text="密语一", mentions=[colleague.id])
    second = await colleague.client.do("add_note", conversation_id=conversation_id, text="密语二")
    said = await customer.say("还在吗")

    assert (first["note_seq"], second["note_seq"]) == (1, 2)
    note = await colleague.client.until("note", lambda note: note["note_seq"] == 1)
    assert (note["after_seq"], note["text"], note["mentions"]) == (before, "密语一", [colleague.id])
    assert said["seq"] == before + 1
    page = await seat.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=1)
    assert [note["text"] for note in page["notes"]] == ["密语二"]
    assert page["last_note_seq"] == 2
    assert "密语" not in str(customer.received)


async def test_a_transfer_to_a_colleague_with_room_is_immediate(people: People) -> None:
    customer, seat, conversation_id, group = await _owned(people)
    colleague = await people.agent(group)

    ack = await seat.client.do(
        "transfer", conversation_id=conversation_id, to={"agent_id": colleague.id}, note="密语：懂行"
    )

    assert ack["state"] == "human"
    assert (await colleague.client.until("assigned"))["conversation_id"] == conversation_id
    assert (await seat.client.until("unassigned"))["reason"] == "transferred"
    changed = await customer.until("event", lambda event: event.get("reason") == "transferred")
    assert changed["agent"]["id"] == colleague.id
    page = await colleague.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0)
    assert [note["text"] for note in page["notes"]] == ["密语：懂行"]
    assert "密语：懂行" not in str(customer.received)


async def test_a_transfer_to_a_full_colleague_waits_in_line(people: People) -> None:
    customer, seat, conversation_id, group = await _owned(people)
    colleague = await people.agent(group, capacity=0)

    ack = await seat.client.do("transfer", conversation_id=conversation_id, to={"agent_id": colleague.id})

    assert ack["state"] == "waiting"
    assert (await customer.until("event", lambda event: event.get("reason") == "transferred"))["state"] == "waiting"


async def test_a_transfer_to_a_group_keeps_the_time_of_joining(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)
    other = await people.group()
    reader = await people.agent(other)
    joined = (await customer.state("waiting"))["at"]

    ack = await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})

    assert ack["state"] == "waiting"
    line = await reader.client.ask("waiting_line")
    assert [item["conversation_id"] for item in line["items"]] == [conversation_id]
    assert line["items"][0]["joined_at"][:19] == joined[:19]


async def test_a_conversation_goes_to_the_bot_only_with_the_customers_consent(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)

    assert (await seat.client.do("transfer", conversation_id=conversation_id, to="bot"))["state"] == "human"
    question = await customer.until("event", lambda event: len(event.get("options") or []) == 2)
    yes, no = (option["id"] for option in question["options"])
    await customer.say("继续人工", option_id=no)
    late = await customer.say("让机器人来吧", option_id=yes)  # the question is answered: this is only a message
    assert (await customer.ask("sync", conversation_id=conversation_id, after_seq=late["seq"]))["state"] == "human"

    await seat.client.do("transfer", conversation_id=conversation_id, to="bot")
    again = await customer.until("event", lambda e: bool(e.get("options")) and e["seq"] > late["seq"])
    await customer.say("好的", option_id=again["options"][0]["id"])

    await customer.state("bot")
    asked = await customer.say(KNOWN)
    assert (await customer.answer_to(asked))["sources"]


@pytest.mark.parametrize("to", [{}, {"agent_id": "x"}, "human", None, {"group_id": 7}])
async def test_a_transfer_to_nowhere_is_invalid(people: People, to: object) -> None:
    _, seat, conversation_id, _ = await _owned(people)
    payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, "to": to}

    assert (await refusal_of(seat.client, "transfer", payload))["code"] == "invalid"


async def test_a_transfer_to_somebody_who_does_not_exist_is_not_found(people: People) -> None:
    _, seat, conversation_id, _ = await _owned(people)

    for to in ({"agent_id": str(uuid4())}, {"group_id": str(uuid4())}):
        payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, "to": to}
        assert (await refusal_of(seat.client, "transfer", payload))["code"] == "not_found"


async def test_closing_with_a_wrap_up_and_rating(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)
    wrap_up = {"category": "甘特图/导出", "cause": "权限", "tags": ["导出"], "note": "密语：教会了"}

    await seat.client.do("close", conversation_id=conversation_id, resolved=True, wrap_up=wrap_up)

    closed = await customer.state("closed")
    assert closed["reason"] == "resolved"
    await customer.do("rate_conversation", conversation_id=conversation_id, resolved=True, csat=4)
    detail = await people.api("GET", f"/conversations/{conversation_id}")
    assert detail["wrap_up"] == wrap_up
    assert "密语：教会了" not in str(customer.received)
    payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, "text": "还有"}
    assert (await refusal_of(seat.client, "send_message", payload))["code"] == "conflict"


async def test_back_within_a_day_a_linked_conversation_prefers_the_same_agent(people: People) -> None:
    customer, seat, conversation_id, group = await _owned(people)
    await people.agent(group)
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await customer.state("closed")
    await people.api("PATCH", f"/groups/{group['id']}", {"assignment": "auto"})

    ack = await customer.do("request_human", topic=group["name"])

    assert ack["conversation_id"] != conversation_id
    human = await customer.until(
        "event", lambda e: e["conversation_id"] == ack["conversation_id"] and e.get("state") == "human"
    )
    assert human["agent"]["id"] == seat.id


async def test_an_agents_page_finds_its_conversations_again(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)
    await seat.client.close()

    back = await people.seat(seat.staff, online=False)

    welcome = back.client.all("welcome")[0]
    assert [each["id"] for each in welcome["conversations"]] == [conversation_id]
    assert welcome["presence"]["status"] == "online"
    said = await customer.say("还在吗")
    await back.client.until("event", lambda event: event.get("id") == said["id"])  # watched without asking


async def test_an_agents_send_repeated_is_one_message(people: People) -> None:
    customer, seat, conversation_id, _ = await _owned(people)
    payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, "text": "您好"}

    first = await seat.client.call("send_message", payload)
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)

    assert await seat.client.call("send_message", payload) == first
    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
    assert [event.get("text") for event in page["events"]].count("您好") == 1


async def test_what_an_agent_repeats_has_the_first_answer_whatever_happened_since(people: People) -> None:
    """A note, a transfer and an acceptance whose acknowledgements were lost."""
    group, other = await people.group(), await people.group()
    seat = await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    accept = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    note = {"client_id": str(uuid4()), "conversation_id": conversation_id, "text": "一"}
    transfer = {"client_id": str(uuid4()), "conversation_id": conversation_id, "to": {"group_id": other["id"]}}

    sent = [("accept", accept), ("add_note", note), ("transfer", transfer)]
    first = [await seat.client.call(event, payload) for event, payload in sent]

    assert all(answer["ok"] for answer in first), first
    assert [await seat.client.call(event, payload) for event, payload in sent] == first

"""From the bot to a human: places in line, and the three ways in which an agent gets somebody."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.acceptance.people import KNOWN, People, Seat, refusal_of

# The line


async def test_a_wish_for_a_human_names_place_and_expected_wait(people: People) -> None:
    group = await people.group()
    await people.agent(group)
    await people.waiting_customer(group["name"])
    customer = await people.customer()

    ack = await customer.do("request_human", topic=group["name"])

    assert (ack["outcome"], ack["state"], ack["position"]) == ("queued", "waiting", 2)
    low, high = ack["eta"]
    assert 0 <= low < high


async def test_with_nobody_there_the_wish_says_so_and_still_keeps_the_place(people: People) -> None:
    group = await people.group()
    customer = await people.customer()

    ack = await customer.do("request_human", topic=group["name"])

    assert (ack["outcome"], ack["state"]) == ("nobody", "waiting")


async def test_a_wish_repeated_has_the_same_answer_and_one_place(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer = await people.customer()
    payload = {"client_id": str(uuid4()), "topic": group["name"]}

    first = await customer.call("request_human", payload)

    assert await customer.call("request_human", payload) == first
    again = await customer.do("request_human", topic=group["name"])
    assert again["conversation_id"] == first["conversation_id"]
    line = await seat.client.ask("waiting_line")
    assert [item["conversation_id"] for item in line["items"]] == [first["conversation_id"]]


async def test_leaving_the_line_goes_back_to_the_bot_who_answers_again(people: People) -> None:
    group = await people.group()
    customer, conversation_id = await people.waiting_customer(group["name"])

    ack = await customer.do("leave_queue", conversation_id=conversation_id)

    assert ack["state"] == "bot"
    assert (await customer.state("bot"))["reason"] == "left_queue"
    said = await customer.say(KNOWN)
    assert (await customer.answer_to(said))["sources"]


async def test_leaving_the_line_twice_changes_nothing_more(people: People) -> None:
    group = await people.group()
    customer, conversation_id = await people.waiting_customer(group["name"])
    await customer.do("leave_queue", conversation_id=conversation_id)

    await customer.do("leave_queue", conversation_id=conversation_id)

    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
    assert [event["state"] for event in page["events"] if event["kind"] == "state"] == ["waiting", "bot"]


async def test_leaving_a_message_gives_the_place_up(people: People) -> None:
    group = await people.group()
    customer, _ = await people.waiting_customer(group["name"])

    ack = await customer.do("leave_message", text="请回电", contact={"email": "fang@example.com"})

    back = await customer.state("bot")
    assert back["reason"] == "message_left"
    assert (await customer.until("event", lambda event: event["kind"] == "ticket"))["number"] == ack["ticket"]


async def test_while_waiting_the_bot_is_silent_and_the_agent_reads_what_was_added(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    added = await customer.say("补充：只有 Safari 上不行")

    await seat.client.do("accept", conversation_id=conversation_id)

    page = await seat.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0)
    assert "补充：只有 Safari 上不行" in [event.get("text") for event in page["events"]]
    assert not [e for e in page["events"] if e["actor"]["kind"] == "bot" and e["seq"] > added["seq"]]


# Three ways to get an agent


async def test_auto_the_agent_simply_gets_it(people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])

    assigned = await seat.client.until("assigned", lambda it: it["conversation_id"] == conversation_id)

    assert assigned["reason"] == "asked"
    assert assigned["waited_seconds"] >= 0
    human = await customer.state("human")
    assert human["reason"] == "assigned"
    assert human["agent"]["name"] == seat.staff.name


async def test_auto_an_agent_gets_no_more_than_fits(people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group, capacity=2)
    customers = [await people.waiting_customer(group["name"]) for _ in range(3)]

    for customer, _ in customers[:2]:
        await customer.state("human")

    line = await seat.client.ask("waiting_line")
    assert [item["conversation_id"] for item in line["items"]] == [customers[2][1]]
    await seat.client.do("close", conversation_id=customers[0][1], resolved=True)
    await customers[2][0].state("human")


async def test_auto_who_is_not_there_or_takes_nothing_gets_nothing(people: People) -> None:
    group = await people.group("auto")
    absent = await people.agent(group, online=False)
    busy = await people.agent(group, online=False)
    await busy.client.ask("set_presence", status="online", accepting=False, reason="会议")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await busy.client.until("waiting", lambda it: conversation_id in [item["conversation_id"] for item in it["upsert"]])

    await absent.client.ask("set_presence", status="online")

    assert (await customer.state("human"))["agent"]["id"] == absent.id


async def test_an_agent_whose_last_page_closed_counts_as_gone(people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    await seat.client.close()
    outcomes: list[str] = []
    while "nobody" not in outcomes:  # the server notices within moments that a page has closed
        assert len(outcomes) < 20, outcomes
        outcomes.append((await (await people.customer()).do("request_human", topic=group["name"]))["outcome"])


async def test_offer_the_agent_is_asked_and_after_a_no_the_next_one(people: People) -> None:
    group = await people.group("offer")
    seats = [await people.agent(group), await people.agent(group)]
    customer, conversation_id = await people.waiting_customer(group["name"])
    first = await _offered(seats, conversation_id)
    offer = first.client.all("offer")[0]
    assert offer["expires_at"]
    assert "assigned" not in [name for name, _ in first.client.received]

    await first.client.do("decline", conversation_id=conversation_id)

    second = next(seat for seat in seats if seat is not first)
    await second.client.until("offer", lambda it: it["conversation_id"] == conversation_id)
    withdrawn = await first.client.until("unassigned", lambda it: it["conversation_id"] == conversation_id)
    assert withdrawn["reason"]
    await second.client.do("accept", conversation_id=conversation_id)
    assert (await customer.state("human"))["agent"]["id"] == second.id


async def test_offer_a_page_opened_anew_still_shows_it(people: People) -> None:
    group = await people.group("offer")
    seat = await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    asked = await seat.client.until("offer")

    again = await people.seat(seat.staff, online=False)

    shown = await again.client.until("offer")
    assert {**shown, "waited_seconds": 0} == {**asked, "waited_seconds": 0}
    assert [name for name, _ in again.client.received if name in ("welcome", "offer")] == ["welcome", "offer"]
    await again.client.do("accept", conversation_id=conversation_id)
    other = await people.seat(seat.staff, online=False)
    await other.client.ask("waiting_line")
    assert not other.client.all("offer")


async def _offered(seats: list[Seat], conversation_id: str) -> Seat:
    """Who was asked first."""
    waits = {
        asyncio.create_task(seat.client.until("offer", lambda it: it["conversation_id"] == conversation_id)): seat
        for seat in seats
    }
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return waits[done.pop()]


async def test_pick_nobody_gets_anything_unasked(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    change = await seat.client.until(
        "waiting", lambda it: conversation_id in [item["conversation_id"] for item in it["upsert"]]
    )
    item = next(item for item in change["upsert"] if item["conversation_id"] == conversation_id)
    assert set(item) >= {"rank_at", "joined_at", "priority", "explanation", "level", "topic", "customer"}
    assert not seat.client.all("assigned")
    assert not seat.client.all("offer")

    ack = await seat.client.do("accept", conversation_id=conversation_id)

    assert ack["version"] >= 2
    assert (await customer.state("human"))["reason"] == "accepted"
    await seat.client.until("waiting", lambda it: conversation_id in it["remove"])


@pytest.mark.parametrize("assignment", ["auto", "offer", "pick"])
async def test_accepting_works_in_every_mode(people: People, assignment: str) -> None:
    group = await people.group(assignment)
    customer, conversation_id = await people.waiting_customer(group["name"])
    away = await people.agent(group, online=False)
    await away.client.ask("set_presence", status="away")

    await away.client.do("accept", conversation_id=conversation_id)

    await customer.state("human")


async def test_a_group_can_change_its_way_while_people_wait(people: People) -> None:
    group = await people.group("pick")
    await people.agent(group)
    customer, _ = await people.waiting_customer(group["name"])

    await people.api("PATCH", f"/groups/{group['id']}", {"assignment": "auto"})

    await customer.state("human")


async def test_a_conversation_of_another_group_is_not_found(people: People) -> None:
    group, other = await people.group(), await people.group()
    stranger = await people.agent(other)
    _, conversation_id = await people.waiting_customer(group["name"])

    for event, more in (
        ("accept", {}),
        ("add_note", {"text": "?"}),
        ("sync", {"after_seq": 0, "after_note_seq": 0}),
        ("watch", {}),
        ("recall", {"seq": 1}),
    ):
        payload = {"client_id": str(uuid4()), "conversation_id": conversation_id, **more}
        assert (await refusal_of(stranger.client, event, payload))["code"] == "not_found", event
    line = await stranger.client.ask("waiting_line")
    assert conversation_id not in [item["conversation_id"] for item in line["items"]]

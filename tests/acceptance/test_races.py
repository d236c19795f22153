"""Races: many agents for one conversation, one agent for many, a customer against an agent; always one winner."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from tests.acceptance.people import People, Seat

T = TypeVar("T")

_ROUNDS = 300
_AGENTS = 10


async def _accept(seat: Seat, conversation_id: str) -> dict[str, Any]:
    return await seat.client.call("accept", {"client_id": str(uuid4()), "conversation_id": conversation_id})


async def _at_some_moment(doing: Awaitable[T]) -> T:
    """Within a few milliseconds, so that not always the same one is first."""
    await asyncio.sleep(random.random() * 0.004)
    return await doing


def _states(events: list[dict[str, Any]]) -> list[str]:
    return [event["state"] for event in events if event["kind"] == "state"]


@pytest.mark.slow
async def test_of_ten_agents_one_gets_the_conversation_three_hundred_times(people: People) -> None:
    group = await people.group("pick")
    seats = [await people.agent(group, capacity=50) for _ in range(_AGENTS)]
    customer = await people.customer()
    wins: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        conversation_id = (await customer.do("request_human", topic=group["name"]))["conversation_id"]

        answers = await asyncio.gather(*(_at_some_moment(_accept(seat, conversation_id)) for seat in seats))

        winners = [seat for seat, answer in zip(seats, answers, strict=True) if answer["ok"]]
        assert len(winners) == 1, answers
        refusals = [answer["error"] for answer in answers if not answer["ok"]]
        assert {refusal["code"] for refusal in refusals} == {"conflict"}
        assert {refusal["details"]["owner"] for refusal in refusals} == {winners[0].id}
        await winners[0].client.do("close", conversation_id=conversation_id, resolved=True)
        page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
        assert _states(page["events"]) == ["waiting", "human", "closed"]
        wins[winners[0].id] += 1
    print(f"{_ROUNDS} races of {_AGENTS}: one owner each time; wins {sorted(wins.values(), reverse=True)}")


async def test_at_full_capacity_the_conflict_names_the_capacity(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group, capacity=1)
    ids = [(await people.waiting_customer(group["name"]))[1] for _ in range(3)]

    answers = await asyncio.gather(*(_accept(seat, conversation_id) for conversation_id in ids))

    assert sorted(answer["ok"] for answer in answers) == [False, False, True]
    for answer in answers:
        if not answer["ok"]:
            assert answer["error"]["code"] == "conflict"
            assert answer["error"]["details"]["capacity"] == 1
    line = await seat.client.ask("waiting_line")
    assert len(line["items"]) == 2


async def test_two_pages_of_one_agent_share_its_capacity(people: People) -> None:
    group = await people.group("pick")
    first = await people.agent(group, capacity=2)
    pages = [first, *[await people.seat(first.staff) for _ in range(3)]]
    ids = [(await people.waiting_customer(group["name"]))[1] for _ in range(8)]

    answers = await asyncio.gather(*(_accept(pages[n % 4], conversation_id) for n, conversation_id in enumerate(ids)))

    assert sum(answer["ok"] for answer in answers) == 2


async def test_handing_out_and_accepting_at_once_exceed_nobodys_capacity(people: People) -> None:
    group = await people.group("auto")
    seats = [await people.agent(group, capacity=2) for _ in range(3)]
    customers = await asyncio.gather(*(people.waiting_customer(group["name"]) for _ in range(12)))

    await asyncio.gather(*(_accept(seat, customer[1]) for seat in seats for customer in customers))

    line = await seats[0].client.ask("waiting_line")
    assert len(line["items"]) == 12 - 6
    owners: Counter[str] = Counter()
    for customer, conversation_id in customers:
        page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
        humans = [event for event in page["events"] if event.get("state") == "human"]
        assert len(humans) <= 1
        owners.update(event["agent"]["id"] for event in humans)
    assert set(owners.values()) == {2}


async def test_accepting_against_leaving_the_line(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group, capacity=100)
    outcomes: Counter[str] = Counter()
    for _ in range(20):
        customer, conversation_id = await people.waiting_customer(group["name"])

        accepted, left = await asyncio.gather(
            _at_some_moment(_accept(seat, conversation_id)),
            _at_some_moment(customer.do("leave_queue", conversation_id=conversation_id)),
        )

        page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
        states = _states(page["events"])
        assert states == (["waiting", "human"] if accepted["ok"] else ["waiting", "bot"])
        assert left["state"] == states[-1]
        outcomes[states[-1]] += 1
    print(f"accepting against leaving: {dict(outcomes)}")


async def test_what_a_customer_says_while_the_agent_closes_is_never_lost(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group, capacity=100)
    where: Counter[str] = Counter()
    for _ in range(20):
        customer, conversation_id = await people.waiting_customer(group["name"])
        assert (await _accept(seat, conversation_id))["ok"]

        said, closed = await asyncio.gather(
            _at_some_moment(customer.say("还有一个问题", conversation_id=conversation_id)),
            _at_some_moment(seat.client.do("close", conversation_id=conversation_id, resolved=True)),
        )

        page = await customer.ask("sync", conversation_id=said["conversation_id"], after_seq=said["seq"] - 1)
        assert closed["ok"]
        assert page["events"][0]["id"] == said["id"]
        if said["conversation_id"] == conversation_id:
            assert _states(page["events"]) == ["closed"]
            where["before the end"] += 1
        else:
            threads = (await customer.ask("threads"))["conversations"]
            assert threads[0]["previous_id"] == conversation_id
            where["in a new conversation"] += 1
    print(f"saying against closing: {dict(where)}")


async def test_one_wish_for_a_human_from_many_pages_is_one_place(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    first = await people.customer()
    visitor = first.all("welcome")[0]["visitor"]
    pages = [first, *[await people.customer(visitor=visitor) for _ in range(4)]]

    acks = await asyncio.gather(*(page.do("request_human", topic=group["name"]) for page in pages))

    assert len({ack["conversation_id"] for ack in acks}) == 1
    page = await first.ask("sync", conversation_id=acks[0]["conversation_id"], after_seq=0)
    assert _states(page["events"]) == ["waiting"]
    assert len((await seat.client.ask("waiting_line"))["items"]) == 1

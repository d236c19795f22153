"""The waiting line: head starts, the longest waiter's turn, places that never rise, steps without gaps."""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.people import People, Seat, eventually, identity, people_of
from tests.acceptance.program import Program

#: Settings that let several processes serve the same accounts and customers.
_SHARED = {
    f"SECURITY__{name}": base64.b64encode(secrets.token_bytes(32)).decode()
    for name in ("TOKEN_KEY", "SEALING_KEYS", "LOOKUP_KEY")
}


def _signed(tier: str) -> str:
    return identity(f"user-{uuid4()}", tier=tier)


async def _line(seat: Seat) -> list[str]:
    return [item["conversation_id"] for item in (await seat.client.ask("waiting_line"))["items"]]


async def test_the_line_is_ordered_by_head_start_then_by_arrival(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    joined = {}
    for n, tier in enumerate(("free", "standard", "enterprise", "strategic", "free", "strategic")):
        _, joined[f"{tier} {n}"] = await people.waiting_customer(group["name"], identity=_signed(tier))

    answer = await seat.client.ask("waiting_line")

    names = {conversation_id: name for name, conversation_id in joined.items()}
    ordered = [names[item["conversation_id"]] for item in answer["items"]]
    assert ordered == ["strategic 3", "strategic 5", "enterprise 2", "standard 1", "free 0", "free 4"]
    assert [item["priority"] for item in answer["items"]] == [1200, 1200, 600, 60, 0, 0]
    assert [item["rank_at"] for item in answer["items"]] == sorted(item["rank_at"] for item in answer["items"])
    first = answer["items"][0]
    assert [(part["reason"], part["seconds"]) for part in first["explanation"]] == [("tier", 1200)]
    assert answer["items"][-1]["explanation"] == []


async def test_only_signed_claims_raise_a_priority(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    await people.waiting_customer(group["name"], tier="strategic", page={"url": "https://a.example/?tier=strategic"})
    await people.waiting_customer(group["name"], identity=_signed("emperor"))

    items = (await seat.client.ask("waiting_line"))["items"]

    assert [item["priority"] for item in items] == [0, 0]


async def test_every_third_dispatch_is_the_longest_waiters(people: People) -> None:
    group = await people.group("auto")
    order = []
    for tier in ("free", "free", "strategic", "strategic", "strategic", "strategic", "strategic"):
        customer = await people.waiting_customer(group["name"], identity=_signed(tier))
        order.append(customer[1])
    free_1, free_2, *strategic = order
    seat = await people.agent(group, capacity=1)

    handed_out = []
    for n in range(len(order)):
        await seat.client.until("assigned", lambda _, n=n: len(seat.client.all("assigned")) > n)  # type: ignore[misc]
        handed_out.append(seat.client.all("assigned")[n]["conversation_id"])
        await seat.client.do("close", conversation_id=handed_out[-1], resolved=True)

    assert handed_out == [*strategic[:2], free_1, *strategic[2:4], free_2, strategic[4]]


@pytest.mark.slow
async def test_a_place_never_rises_and_is_never_below_one(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group, capacity=10)
    ahead = [await people.waiting_customer(group["name"]) for _ in range(3)]
    customer = await people.customer()
    ack = await customer.do("request_human", topic=group["name"])
    assert ack["position"] == 4
    for _ in range(3):  # they overtake, which nobody is told
        await people.waiting_customer(group["name"], identity=_signed("strategic"))
    assert (await customer.do("request_human"))["position"] <= 4

    for _, conversation_id in ahead:
        await seat.client.do("accept", conversation_id=conversation_id)
    for conversation_id in (await _line(seat))[:3]:
        await seat.client.do("accept", conversation_id=conversation_id)
    await customer.until("queue", lambda place: place.get("position") == 1, timeout=20)

    places = [place["position"] for place in customer.all("queue") if "position" in place]
    assert places == sorted(places, reverse=True)
    assert min(places) >= 1
    assert max(places) <= 4
    for place in customer.all("queue"):
        assert place["conversation_id"] == ack["conversation_id"]


async def test_steps_of_the_line_have_no_gaps_and_add_up_to_the_line(people: People) -> None:
    group = await people.group("pick")
    watcher, worker = await people.agent(group, online=False), await people.agent(group, capacity=50)
    start = await watcher.client.ask("waiting_line")
    customers = await asyncio.gather(*(people.waiting_customer(group["name"]) for _ in range(8)))
    await asyncio.gather(
        *(customer.do("leave_queue", conversation_id=conversation_id) for customer, conversation_id in customers[:3]),
        *(worker.client.do("accept", conversation_id=conversation_id) for _, conversation_id in customers[3:5]),
    )
    _, last = await people.waiting_customer(group["name"])
    await watcher.client.until("waiting", lambda change: last in [each["conversation_id"] for each in change["upsert"]])
    whole = await watcher.client.ask("waiting_line")

    changes = sorted(watcher.client.all("waiting"), key=lambda change: change["version"])
    versions = [change["version"] for change in changes if start["version"] < change["version"]]
    assert versions == list(range(start["version"] + 1, versions[-1] + 1))
    built = {item["conversation_id"]: item for item in start["items"]}
    for change in changes:
        if start["version"] < change["version"] <= whole["version"]:
            built |= {item["conversation_id"]: item for item in change["upsert"]}
            for conversation_id in change["remove"]:
                built.pop(conversation_id, None)
    ranked = sorted(built, key=lambda each: (built[each]["rank_at"], each))
    assert ranked == [item["conversation_id"] for item in whole["items"]]
    assert set(ranked) == {last, *(conversation_id for _, conversation_id in customers[5:])}


@pytest.mark.slow
async def test_what_was_taken_after_a_restart_leaves_the_lines_all_the_same(
    make_program: MakeProgram, dsn: str
) -> None:
    """The new life shows no number that could follow one of the old life's."""
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        group = await people.group("pick")
        watcher, taker = await people.agent(group), await people.agent(group)
        _, first = await people.waiting_customer(group["name"])
        _, second = await people.waiting_customer(group["name"])
        before = (await watcher.client.ask("waiting_line"))["version"]

        await program.killed_and_started()

        watcher, taker = await people.seat(watcher.staff), await people.seat(taker.staff)
        await taker.client.do("accept", conversation_id=first)
        change = await watcher.client.until("waiting", lambda change: first in change["remove"])
        assert change["version"] > before + 1
        await taker.client.do("accept", conversation_id=second)
        following = await watcher.client.until("waiting", lambda change: second in change["remove"])
        assert following["version"] == change["version"] + 1


async def test_a_conversation_passed_on_leaves_the_lines_of_its_old_group(people: People) -> None:
    group, other, third = await people.group("pick"), await people.group("pick"), await people.group("pick")
    old, new, stranger = await people.agent(group), await people.agent(other), await people.agent(third)
    boss = await people.agent(role="supervisor")
    _, conversation_id = await people.waiting_customer(group["name"])
    await boss.client.do("accept", conversation_id=conversation_id)
    await boss.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})

    await new.client.until("waiting", lambda it: conversation_id in [each["conversation_id"] for each in it["upsert"]])
    await old.client.until("waiting", lambda it: conversation_id in it["remove"])
    assert await _line(new) == [conversation_id]
    assert await _line(old) == []
    assert conversation_id not in str(stranger.client.received)


# Two processes, one database


async def _log_states(dsn: str) -> dict[str, list[str]]:
    """The states that each conversation went through."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "select conversation_id::text as id, body ->> 'state' as state from events where kind = 'state' order by seq"
    )
    await connection.close()
    states: dict[str, list[str]] = {}
    for row in rows:
        states.setdefault(row["id"], []).append(row["state"])
    return states


async def _until_owned(dsn: str, number: int) -> dict[str, list[str]]:
    """Waits until so many conversations have an owner."""
    async with asyncio.timeout(30):
        while True:
            states = await _log_states(dsn)
            if sum(each[-1] == "human" for each in states.values()) >= number:
                return states
            await asyncio.sleep(0.1)


async def _two(make_program: MakeProgram, dsn: str) -> tuple[Program, Program]:
    """A program that dispatches, and another one on the same database that stands by."""
    first = make_program(dsn, name="first", **_SHARED)
    await first.started()
    second = make_program(dsn, name="second", **_SHARED)
    await second.started()
    return first, second


async def _assigned_by(seat: Seat, conversation_ids: list[str], seconds: float) -> None:
    for conversation_id in conversation_ids:
        await seat.client.until("assigned", lambda it, id=conversation_id: it["conversation_id"] == id, timeout=seconds)  # type: ignore[misc]


@pytest.mark.slow
async def test_when_the_dispatching_process_is_killed_the_other_one_takes_over(
    make_program: MakeProgram, dsn: str
) -> None:
    first, second = await _two(make_program, dsn)
    async with people_of(second) as people:
        group = await people.group("auto")
        seat = await people.agent(group, capacity=50)

        await asyncio.to_thread(first.kill)
        ids = [(await people.waiting_customer(group["name"]))[1] for _ in range(5)]
        await _assigned_by(seat, ids, 30)

        assert await _log_states(dsn) == {conversation_id: ["waiting", "human"] for conversation_id in ids}


@pytest.mark.slow
async def test_a_dispatcher_that_was_paused_assigns_nothing_a_second_time(make_program: MakeProgram, dsn: str) -> None:
    first, second = await _two(make_program, dsn)
    async with people_of(second) as people:
        group = await people.group("auto")
        seats = [await people.agent(group, capacity=4) for _ in range(2)]
        first.pause()
        ids = [(await people.waiting_customer(group["name"]))[1] for _ in range(12)]
        await eventually(lambda: sum(len(seat.client.all("assigned")) for seat in seats) == 8, seconds=30)

        first.go_on()
        for seat in seats:
            await seat.client.do(
                "close", conversation_id=seat.client.all("assigned")[0]["conversation_id"], resolved=True
            )
        await people.waiting_customer(group["name"])
        states = await _until_owned(dsn, 8)

        assert all(each.count("human") <= 1 for each in states.values())
        assert sum(each[-1] == "human" for each in states.values()) == 8
        assert sum(each == ["waiting"] for each in states.values()) == 3
        assert set(ids) <= set(states)


@pytest.mark.slow
async def test_handing_out_from_two_processes_gives_each_conversation_once(make_program: MakeProgram, dsn: str) -> None:
    first, second = await _two(make_program, dsn)
    async with people_of(first) as here, people_of(second) as there:
        group = await here.group("auto")
        await here.agent(group, capacity=6)
        await there.agent(group, capacity=6)

        ids = await asyncio.gather(
            *(people.waiting_customer(group["name"]) for people in (here, there) for _ in range(10))
        )

        states = await _until_owned(dsn, 12)
        assert all(each.count("human") <= 1 for each in states.values())
        assert sum(each[-1] == "human" for each in states.values()) == 12
        assert {conversation_id for _, conversation_id in ids} == set(states)
    owners = await _owners(dsn)
    assert sorted(owners.values()) == [6, 6]


async def _owners(dsn: str) -> dict[Any, int]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("select owner, count(*) as n from conversations where state = 'human' group by owner")
    await connection.close()
    return {row["owner"]: row["n"] for row in rows}

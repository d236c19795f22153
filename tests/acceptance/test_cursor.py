"""One cursor heals everything: pages by `sync`, cursors that are wrong, and threads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.people import KNOWN, People, refusal_of
from tests.clients import ChatClient


@pytest.fixture
async def long_log(people: People) -> tuple[ChatClient, str, int]:
    """A waiting customer with a log of more than one page."""
    customer, conversation_id = await people.waiting_customer("无")
    for n in range(210):
        last = await customer.say(f"第 {n} 条")
    return customer, conversation_id, last["seq"]


@pytest.mark.slow
async def test_pages_end_at_two_hundred_events_and_together_are_the_log(
    people: People, long_log: tuple[ChatClient, str, int]
) -> None:
    customer, conversation_id, last_seq = long_log
    target = {"conversation_id": conversation_id}

    first = await customer.ask("sync", **target, after_seq=0)
    second = await customer.ask("sync", **target, after_seq=first["events"][-1]["seq"])

    assert len(first["events"]) == 200
    assert first["more"] is True
    assert second["more"] is False
    assert [event["seq"] for event in first["events"] + second["events"]] == list(range(1, last_seq + 1))
    assert first["last_seq"] == second["last_seq"] == last_seq
    assert first["state"] == "waiting"
    asked_for_more = await customer.ask("sync", **target, after_seq=0, limit=10_000)
    assert len(asked_for_more["events"]) == 200
    few = await customer.ask("sync", **target, after_seq=5, limit=3)
    assert [event["seq"] for event in few["events"]] == [6, 7, 8]
    assert few["more"] is True
    end = await customer.ask("sync", **target, after_seq=last_seq)
    assert (end["events"], end["more"]) == ([], False)


@pytest.mark.slow
async def test_an_agents_page_counts_its_notes_and_both_cursors_reach_the_end(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    for n in range(12):
        last = await customer.say(f"{n}" + "满" * 4_000)
        for _ in range(2):
            note = await seat.client.do("add_note", conversation_id=conversation_id, text="密语" * 2_500)

    pages: list[dict[str, Any]] = []
    after: dict[str, int] = {"after_seq": 0, "after_note_seq": 0}
    while not pages or pages[-1]["more"]:
        pages.append(await seat.client.ask("sync", conversation_id=conversation_id, **after))
        if pages[-1]["events"]:
            after["after_seq"] = pages[-1]["events"][-1]["seq"]
        if pages[-1]["notes"]:
            after["after_note_seq"] = pages[-1]["notes"][-1]["note_seq"]

    assert len(pages) > 1
    for page in pages:
        assert len(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()) <= 256 * 1024
    assert [event["seq"] for page in pages for event in page["events"]] == list(range(1, last["seq"] + 1))
    assert [each["note_seq"] for page in pages for each in page["notes"]] == list(range(1, note["note_seq"] + 1))
    path, seqs, more = f"/conversations/{conversation_id}/events", [0], True
    while more:
        answer = await people.api("GET", f"{path}?after_seq={seqs[-1]}")
        seqs, more = seqs + [event["seq"] for event in answer["events"]], answer["more"]
    assert seqs == list(range(last["seq"] + 1))


@pytest.mark.slow
async def test_a_page_ends_at_a_quarter_of_a_megabyte(people: People) -> None:
    customer, conversation_id = await people.waiting_customer("无")
    for _ in range(25):
        last = await customer.say("满" * 5_000)  # 15 KB each

    first = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
    rest = await customer.ask("sync", conversation_id=conversation_id, after_seq=first["events"][-1]["seq"])

    size = len(json.dumps(first, ensure_ascii=False, separators=(",", ":")).encode())
    assert first["more"] is True
    assert size <= 256 * 1024 < size + 15_500
    assert rest["events"][-1]["seq"] == last["seq"]


async def test_a_cursor_beyond_the_end_learns_where_the_end_is(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)

    refusal = await refusal_of(customer, "sync", {"conversation_id": ack["conversation_id"], "after_seq": 3})

    assert refusal["code"] == "conflict"
    assert refusal["details"] == {"last_seq": 2}


async def test_a_note_cursor_beyond_the_end_learns_where_the_end_is(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("add_note", conversation_id=conversation_id, text="密语")
    wish = {"conversation_id": conversation_id, "after_seq": 0, "after_note_seq": 2}

    refusal = await refusal_of(seat.client, "sync", wish)

    assert (refusal["code"], refusal["details"]) == ("conflict", {"last_note_seq": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        {"after_seq": -1},
        {"after_seq": "0"},
        {"after_seq": 1.5},
        {"after_seq": None},
        {},
        {"after_seq": 0, "limit": 0},
        {"after_seq": 0, "limit": -1},
        {"after_seq": 0, "limit": "all"},
    ],
)
async def test_a_cursor_that_is_none_is_invalid(people: People, wrong: dict[str, Any]) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)

    refusal = await refusal_of(customer, "sync", {"conversation_id": ack["conversation_id"], **wrong})

    assert refusal["code"] == "invalid"


@pytest.mark.parametrize("far", [2**31, 2**63, 2**64, 10**30])
async def test_a_cursor_far_beyond_the_end_is_a_conflict_too(people: People, far: int) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)

    refusal = await refusal_of(customer, "sync", {"conversation_id": ack["conversation_id"], "after_seq": far})

    assert refusal["code"] in ("conflict", "invalid")


@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "0192f0c1-3b1e-7c3d-8a55-0123456789ab"])
async def test_a_conversation_that_does_not_exist_is_not_found(people: People, unknown: str) -> None:
    customer = await people.customer()

    assert (await refusal_of(customer, "sync", {"conversation_id": unknown, "after_seq": 0}))["code"] == "not_found"


async def test_a_conversation_id_that_is_none_is_invalid(people: People) -> None:
    customer = await people.customer()

    assert (await refusal_of(customer, "sync", {"conversation_id": "7", "after_seq": 0}))["code"] == "invalid"


async def test_what_came_live_is_what_sync_brings(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)

    page = await customer.ask("sync", conversation_id=ack["conversation_id"], after_seq=0)

    assert page["events"] == customer.events(ack["conversation_id"])


async def test_threads_are_ones_own_newest_first_and_go_on_before_one(people: People) -> None:
    customer, stranger = await people.customer(), await people.customer()
    await stranger.say(KNOWN)
    ids = []
    for _ in range(3):
        ack = await customer.say(KNOWN)
        await customer.do("close", conversation_id=ack["conversation_id"])
        ids.append(ack["conversation_id"])

    threads = (await customer.ask("threads"))["conversations"]

    assert [thread["id"] for thread in threads] == ids[::-1]
    assert all(set(thread) >= {"id", "state", "started_at", "last_seq"} for thread in threads)
    earlier = (await customer.ask("threads", before=ids[2]))["conversations"]
    assert [thread["id"] for thread in earlier] == [ids[1], ids[0]]
    assert (await customer.ask("threads", before=ids[0]))["conversations"] == []

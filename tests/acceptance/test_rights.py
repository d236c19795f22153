"""Who may see a conversation: groups and roles as they are now, not as they were when the page was opened."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.people import People, Seat, eventually, refusal_of
from tests.clients import ChatClient


async def _owned(people: People, *groups: dict[str, Any]) -> tuple[ChatClient, Seat, str]:
    """A customer of the first group with an agent of all of them: customer, agent, conversation."""
    seat = await people.agent(*groups)
    customer, conversation_id = await people.waiting_customer(groups[0]["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    await customer.state("human")
    return customer, seat, conversation_id


def _heard(seat: Seat, text: str) -> bool:
    return text in str(seat.client.all("event")) + str(seat.client.all("note"))


async def _refused(seat: Seat, event: str, conversation_id: str, **more: Any) -> dict[str, Any]:
    return await refusal_of(seat.client, event, {"client_id": str(uuid4()), "conversation_id": conversation_id, **more})


# Watching ends


async def test_after_a_transfer_to_another_group_the_old_one_hears_nothing_more(people: People) -> None:
    group, other = await people.group(), await people.group()
    colleague, taker, boss = await people.agent(group), await people.agent(other), await people.agent(role="supervisor")
    customer, seat, conversation_id = await _owned(people, group)
    for watcher in (colleague, boss):
        await watcher.client.ask("watch", conversation_id=conversation_id)

    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]}, note="密语：给你们")
    await taker.client.do("accept", conversation_id=conversation_id)
    said = await customer.say("换人了吗")
    await taker.client.do("add_note", conversation_id=conversation_id, text="密语：不给旧组看")

    for hears in (taker, boss):
        await hears.client.until("event", lambda event: event.get("id") == said["id"])
        await hears.client.until("note", lambda note: note["text"] == "密语：不给旧组看")
    for deaf in (seat, colleague):
        assert (await _refused(deaf, "watch", conversation_id))["code"] == "not_found"
        assert not _heard(deaf, "换人了吗")
        assert not _heard(deaf, "密语")


async def test_an_acceptance_repeated_after_the_transfer_is_no_way_back(people: People) -> None:
    group, other = await people.group(), await people.group()
    seat, taker = await people.agent(group), await people.agent(other)
    customer, conversation_id = await people.waiting_customer(group["name"])
    accept = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    first = await seat.client.call("accept", accept)
    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})
    await taker.client.do("accept", conversation_id=conversation_id)

    assert await seat.client.call("accept", accept) == first

    said = await customer.say("换人了吗")
    await taker.client.until("event", lambda event: event.get("id") == said["id"])
    assert (await _refused(seat, "watch", conversation_id))["code"] == "not_found"
    assert not _heard(seat, "换人了吗")


async def test_who_passes_on_within_their_groups_keeps_watching(people: People) -> None:
    group, other = await people.group(), await people.group()
    customer, seat, conversation_id = await _owned(people, group, other)

    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})

    said = await customer.say("换人了吗")
    await seat.client.until("event", lambda event: event.get("id") == said["id"])


# Rights change under an open page


@pytest.mark.slow
async def test_a_supervisor_who_is_one_no_longer_sees_their_own_groups_only(people: People) -> None:
    group = await people.group()
    boss = await people.agent(role="supervisor")
    watched, watched_id = await people.waiting_customer(group["name"])
    await boss.client.ask("watch", conversation_id=watched_id)
    assert watched_id in _ids(await boss.client.ask("waiting_line"))

    await people.api("PATCH", f"/agents/{boss.id}", {"roles": ["agent"]})

    await boss.client.until("waiting", lambda change: watched_id in change["remove"])
    assert (await _refused(boss, "accept", watched_id))["code"] == "not_found"
    assert watched_id not in _ids(await boss.client.ask("waiting_line"))
    told = len(boss.client.all("summary"))
    await watched.say("还听得见吗")
    await watched.do("leave_queue", conversation_id=watched_id)
    assert (await _refused(boss, "watch", watched_id))["code"] == "not_found"
    assert not _heard(boss, "还听得见吗")
    assert len(boss.client.all("summary")) == told


@pytest.mark.slow
async def test_an_agent_who_is_in_no_group_any_more_gets_nothing_but_keeps_their_own(people: People) -> None:
    group = await people.group()
    customer, seat, own_id = await _owned(people, group)
    _, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.until("waiting", lambda change: conversation_id in _upserted(change))

    await people.api("PATCH", f"/agents/{seat.id}", {"groups": []})

    await seat.client.until("waiting", lambda change: conversation_id in change["remove"])
    assert (await _refused(seat, "accept", conversation_id))["code"] == "not_found"
    said = await customer.say("还在吗")
    await seat.client.until("event", lambda event: event.get("id") == said["id"])
    await seat.client.do("send_message", conversation_id=own_id, text="在的")


@pytest.mark.slow
async def test_an_agent_who_joins_a_group_sees_its_line_without_asking(people: People) -> None:
    group = await people.group()
    seat = await people.agent(await people.group())
    _, conversation_id = await people.waiting_customer(group["name"])
    assert _ids(await seat.client.ask("waiting_line")) == []

    await people.api("PATCH", f"/agents/{seat.id}", {"groups": [group["id"]]})

    change = await seat.client.until("waiting", lambda change: conversation_id in _upserted(change))
    assert (await seat.client.ask("waiting_line"))["version"] >= change["version"]
    await seat.client.do("accept", conversation_id=conversation_id)


@pytest.mark.slow
async def test_a_page_closes_when_its_account_has_no_business_at_the_desk_any_more(people: People) -> None:
    seat = await people.agent()

    await people.api("PATCH", f"/agents/{seat.id}", {"roles": ["editor"]})

    await eventually(lambda: not seat.client.connected)


def _ids(line: dict[str, Any]) -> list[str]:
    return [item["conversation_id"] for item in line["items"]]


def _upserted(change: dict[str, Any]) -> list[str]:
    return [item["conversation_id"] for item in change["upsert"]]


# What another group has does not exist

_ACTS: list[tuple[str, dict[str, Any]]] = [
    ("accept", {}),
    ("decline", {}),
    ("send_message", {"text": "我也来"}),
    ("add_note", {"text": "密语"}),
    ("transfer", {"to": {"group_id": None}}),
    ("close", {"resolved": True}),
    ("recall", {"seq": 1}),
    ("watch", {}),
    ("sync", {"after_seq": 0}),
    ("read", {"seq": 1}),
]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
async def test_an_agent_of_another_group_finds_nothing(people: People, closed: bool) -> None:
    group, other = await people.group(), await people.group()
    _, owner, conversation_id = await _owned(people, group)
    stranger = await people.agent(other)
    if closed:
        await owner.client.do("close", conversation_id=conversation_id, resolved=True)

    for event, more in _ACTS:
        payload = {**more, "to": {"group_id": other["id"]}} if event == "transfer" else more
        refusal = await _refused(stranger, event, conversation_id, **payload)
        nothing = await _refused(stranger, event, str(uuid4()), **payload)
        assert refusal == nothing, event
        assert refusal["code"] == "not_found", event


async def test_a_supervisor_may_pass_on_and_close_what_another_group_has(people: People) -> None:
    group, other = await people.group(), await people.group()
    _, owner, conversation_id = await _owned(people, group)
    boss = await people.agent(role="supervisor")

    refusal = await _refused(boss, "send_message", conversation_id, text="我也来")
    assert (refusal["code"], refusal["details"]["owner"]) == ("conflict", owner.id)
    await boss.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})
    taker = await people.agent(other)
    await taker.client.do("accept", conversation_id=conversation_id)
    await boss.client.do("close", conversation_id=conversation_id, resolved=True)


async def test_who_passed_it_on_within_their_groups_learns_who_has_it(people: People) -> None:
    group, other = await people.group(), await people.group()
    _, seat, conversation_id = await _owned(people, group, other)
    taker = await people.agent(other)
    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": other["id"]})
    await taker.client.do("accept", conversation_id=conversation_id)

    for event, more in (("send_message", {"text": "还是我"}), ("close", {"resolved": True}), ("accept", {})):
        refusal = await _refused(seat, event, conversation_id, **more)
        assert (refusal["code"], refusal["details"]["owner"]) == ("conflict", taker.id), event

"""What depends on the hour, with the whole desk in this process and a clock moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from database.clock import ManualClock
from tests.acceptance.people import KNOWN, refusal_of
from tests.acceptance.program import ADMIN_PASSWORD
from tests.clients import AgentClient, ChatClient, sign_in
from tests.edge.conftest import OpenHouse

_MINUTE = 60.0
_DAY = 86_400.0


@pytest.fixture
async def address(open_house: OpenHouse) -> str:
    return (await open_house(ROUTING__ASSIGNMENT="pick", SECURITY__ACCESS_MINUTES="15")).url


@pytest.fixture
async def customer(address: str) -> AsyncIterator[ChatClient]:
    client = ChatClient(address)
    await client.enter()
    yield client
    await client.close()


async def test_a_message_can_be_taken_back_for_two_minutes(customer: ChatClient, clock: ManualClock) -> None:
    early, late = await customer.say(KNOWN), await customer.say("怎么申请开具发票")
    target = {"conversation_id": early["conversation_id"]}

    clock.advance(2 * _MINUTE)
    await customer.do("recall", **target, seq=early["seq"])
    clock.advance(1)
    refusal = await refusal_of(customer, "recall", {"client_id": str(uuid4()), **target, "seq": late["seq"]})

    assert refusal["code"] == "conflict"


async def test_a_conversation_can_be_rated_for_a_day_after_its_end(customer: ChatClient, clock: ManualClock) -> None:
    ack = await customer.say(KNOWN)
    target = {"conversation_id": ack["conversation_id"]}
    await customer.do("close", **target)

    clock.advance(_DAY)
    await customer.do("rate_conversation", **target, csat=4)
    clock.advance(1)
    refusal = await refusal_of(customer, "rate_conversation", {"client_id": str(uuid4()), **target, "csat": 1})

    assert refusal["code"] == "conflict"


async def test_within_the_hours_one_waits_and_at_night_one_learns_when_humans_are_back(
    address: str, customer: ChatClient, clock: ManualClock
) -> None:
    by_day = await customer.do("request_human")
    assert (by_day["outcome"], by_day["state"]) == ("nobody", "waiting")

    clock.advance(12 * 60 * _MINUTE)
    at_night = ChatClient(address)
    welcome = await at_night.enter()
    ack = await at_night.do("request_human")
    await at_night.close()

    assert welcome["hours"]["open"] is False
    assert welcome["hours"]["opens_at"] == "2026-11-24T01:00:00Z"
    assert (ack["outcome"], ack["state"], ack["opens_at"]) == ("after_hours", "bot", "2026-11-24T01:00:00Z")


async def test_a_client_id_is_known_for_seven_days(customer: ChatClient, clock: ManualClock) -> None:
    payload = {"client_id": str(uuid4()), "text": KNOWN}
    first = await customer.call("send_message", payload)

    clock.advance(7 * _DAY)

    assert await customer.call("send_message", payload) == first


async def test_a_socket_outlives_its_access_token_but_not_its_session(address: str, clock: ManualClock) -> None:
    tokens = await sign_in(address, "admin", ADMIN_PASSWORD)
    client = AgentClient(address)
    await client.enter(tokens["access_token"])

    clock.advance(60 * _MINUTE)

    assert (await client.call("waiting_line"))["ok"]
    late = AgentClient(address)
    with pytest.raises(Exception, match="failed|refused"):
        await late.open({"protocol": 1, "token": tokens["access_token"]})
    assert late.refusal["data"]["code"] == "unauthorized"
    await client.close()

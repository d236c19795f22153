"""Limits by address and by visitor at every edge: who sends too much waits, and nobody else does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from socketio.exceptions import ConnectionError

from tests.acceptance.people import people_of
from tests.acceptance.program import ADMIN_PASSWORD
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.floor import in_time
from tests.edge.house import House

_BEHIND_A_PROXY = {"SERVER__TRUSTED_PROXIES": "127.0.0.1", "LIMITS__UNLIMITED_ADDRESSES": "[]"}


async def _statuses(house: House, address: str, path: str, tries: int) -> list[int]:
    headers = {"X-Forwarded-For": f"6.6.6.6, {address}"}
    async with aiohttp.ClientSession(house.url, headers=headers) as session:
        found = []
        for _ in range(tries):
            async with session.get(path) as response:
                found.append(response.status)
                if response.status == 429:
                    assert int(response.headers["Retry-After"]) >= 1
                    assert (await response.json())["error"]["code"] == "rate_limited"
        return found


async def test_an_address_behind_our_proxy_has_its_own_measure(open_house: OpenHouse) -> None:
    house = await open_house(**_BEHIND_A_PROXY, LIMITS__REQUESTS_PER_SECOND="0.01", LIMITS__REQUESTS_BURST="5")

    assert await _statuses(house, "203.0.113.7", "/api/openapi.json", 7) == [200] * 5 + [429] * 2
    assert await _statuses(house, "203.0.113.8", "/api/openapi.json", 2) == [200] * 2
    assert await _statuses(house, "2001:db8::1", "/api/openapi.json", 5) == [200] * 5
    assert await _statuses(house, "2001:db8::2", "/api/openapi.json", 1) == [429], "one customer of an IPv6 network"
    assert await _statuses(house, "203.0.113.7", "/livez", 3) == [200] * 3, "probes are always answered"


async def test_one_visitor_does_not_take_what_is_their_neighbours(open_house: OpenHouse) -> None:
    limits = {"REQUESTS_PER_SECOND": "0.01", "REQUESTS_BURST": "6"}
    limits |= {"VISITOR_REQUESTS_PER_SECOND": "0.01", "VISITOR_REQUESTS_BURST": "3"}
    house = await open_house(**_BEHIND_A_PROXY, **{f"LIMITS__{name}": value for name, value in limits.items()})

    async def asked(token: str) -> int:
        headers = {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(house.url, headers=headers) as session,
            session.get("/api/v1/articles") as response,
        ):
            return response.status

    assert [await asked("greedy") for _ in range(6)] == [401] * 3 + [429] * 3
    assert [await asked("modest") for _ in range(3)] == [401] * 3
    assert await asked("anybody") == 429, "the address has taken what it may"


async def test_a_visitor_has_one_measure_over_all_pages(open_house: OpenHouse) -> None:
    house = await open_house(SERVER__EVENTS_PER_SECOND="0.01", SERVER__EVENTS_BURST="6")
    async with people_of(house) as people:
        page = await people.customer()
        again = await people.customer(visitor=page.all("welcome")[0]["visitor"])
        stranger = await people.customer()

        answers = await asyncio.gather(*(each.call("threads") for each in (page, again) for _ in range(5)))

        refused = [answer["error"] for answer in answers if not answer["ok"]]
        assert len(refused) == 4
        assert {error["code"] for error in refused} == {"rate_limited"}
        assert all(error["details"]["retry_after"] >= 1 for error in refused)
        assert (await stranger.call("threads"))["ok"]


async def test_who_sends_too_much_is_heard_again_later_and_the_others_all_the_time(open_house: OpenHouse) -> None:
    house = await open_house(SERVER__EVENTS_PER_SECOND="10", SERVER__EVENTS_BURST="20")
    async with people_of(house) as people:
        customer, bystander = await people.customer(), await people.customer()

        answers = await asyncio.gather(*(customer.call("threads") for _ in range(60)))

        assert {answer["error"]["code"] for answer in answers if not answer["ok"]} == {"rate_limited"}
        assert (await bystander.call("threads"))["ok"]

        async def heard() -> bool:
            return bool((await customer.call("threads"))["ok"])

        await in_time(heard)


async def test_an_address_that_comes_in_too_often_or_sends_too_much_waits(open_house: OpenHouse) -> None:
    limits = {"ENTRIES_PER_SECOND": "0.01", "ENTRIES_BURST": "2", "EVENTS_PER_SECOND": "0.01", "EVENTS_BURST": "3"}
    house = await open_house(
        LIMITS__UNLIMITED_ADDRESSES="[]", **{f"LIMITS__{name}": value for name, value in limits.items()}
    )
    async with people_of(house) as people:
        one, other = await people.customer(), await people.customer()

        answers = [await each.call("threads") for each in (one, other, one, other)]

        assert [answer["ok"] for answer in answers] == [True, True, True, False]
        refused = ChatClient(house.url)
        with pytest.raises(ConnectionError):
            await refused.open({"protocol": 1})
        assert refused.refusal["data"]["code"] == "rate_limited"


async def test_a_body_that_is_dripped_is_refused(open_house: OpenHouse) -> None:
    house = await open_house(LIMITS__BODY_SECONDS="1", LIMITS__BODY_BYTES_PER_SECOND="1000")

    async def dripped() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b" "
            await asyncio.sleep(0.05)

    async def steady() -> AsyncIterator[bytes]:
        for _ in range(13):
            yield b" " * 1000
            await asyncio.sleep(0.1)
        yield f'{{"username": "admin", "password": "{ADMIN_PASSWORD}"}}'.encode()

    async with aiohttp.ClientSession(house.url, headers={"Content-Type": "application/json"}) as session:
        async with session.post("/api/v1/sessions", data=dripped()) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (408, "invalid")
        async with session.post("/api/v1/sessions", data=steady()) as response:
            assert response.status == 200, "who is slow but steady gets the time"

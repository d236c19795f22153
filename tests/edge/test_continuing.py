"""Going on with a chat on the phone: a code opens it once, for its own customer, for a while, and with its owner."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.acceptance.people import People
from tests.clients import ChatClient
from tests.edge.files import picture, sent
from tests.edge.house import House

_PATH = "/api/v1/continuations"


def _token(customer: ChatClient) -> str:
    return str(customer.all("welcome")[0]["visitor"])


async def _post(house: House, path: str, body: dict[str, Any], token: str | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Origin": house.url} | ({"Authorization": f"Bearer {token}"} if token else {})
    async with (
        aiohttp.ClientSession(house.url, timeout=aiohttp.ClientTimeout(total=15)) as session,
        session.post(path, json=body, headers=headers) as response,
    ):
        return response.status, await response.json()


async def _code(house: House, token: str) -> str:
    status, made = await _post(house, _PATH, {}, token)
    assert status == 201, made
    address, _, code = str(made["url"]).partition("#continue=")
    assert address == f"{house.url}/chat"
    assert made["svg"].startswith("<svg")
    assert "script" not in made["svg"]
    assert code not in made["svg"]
    return code


async def test_the_phone_goes_on_in_the_same_conversation_and_the_desk_sees_its_picture(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    desktop = await people.customer()
    asked = await desktop.do("request_human", topic=group["name"])
    target = {"conversation_id": asked["conversation_id"]}
    await seat.client.do("accept", **target)
    code = await _code(house, _token(desktop))
    stored = await house.rows("select token_hash from continuations")
    assert code.encode() not in bytes(stored[0]["token_hash"])

    status, device = await _post(house, f"{_PATH}/use", {"token": code})
    assert (status, device["site"]) == (200, "main")
    assert device["visitor"] != _token(desktop)
    phone = await people.customer(visitor=device["visitor"])
    assert phone.all("welcome")[0]["conversation"]["id"] == asked["conversation_id"]
    shot = await sent(house, device["visitor"], picture())
    said = await phone.do("send_message", text="", upload_ids=[shot["id"]])
    for page in (desktop, seat.client):
        seen = await page.until("event", lambda event: event["seq"] == said["seq"])
        assert [each["id"] for each in seen["attachments"]] == [shot["id"]]

    assert (await _post(house, f"{_PATH}/use", {"token": code}))[0] == 404  # it opens once
    assert (await _post(house, _PATH, {}, device["visitor"]))[0] == 403  # and its phone opens no other
    assert (await _post(house, f"{_PATH}/use", {"token": "A" * 43}))[0] == 404


async def test_a_code_runs_out_and_a_device_goes_with_its_owner(house: House, people: People) -> None:
    customer = await people.customer()
    token = _token(customer)
    first, second = await _code(house, token), await _code(house, token)
    assert (await _post(house, f"{_PATH}/use", {"token": first}))[0] == 404  # only the newest one is on the screen
    await house.pass_time(601)
    assert (await _post(house, f"{_PATH}/use", {"token": second}))[0] == 404
    devices = []
    for _ in range(2):
        devices.append((await _post(house, f"{_PATH}/use", {"token": await _code(house, token)}))[1]["visitor"])
        await house.pass_time(7 * 3600)
    async with aiohttp.ClientSession(house.url) as session:

        async def may(visitor: str) -> int:
            async with session.post(_PATH, json={}, headers={"Authorization": f"Bearer {visitor}"}) as response:
                return response.status

        assert [await may(each) for each in devices] == [401, 403]  # the first one's twelve hours are over
        async with session.post("/api/v1/visitor/reset", headers={"Authorization": f"Bearer {token}"}) as response:
            assert response.status == 200
        assert [await may(each) for each in (token, *devices)] == [401, 401, 401]
    other = _token(await people.customer())
    for _ in range(20):
        await _code(house, other)
    assert (await _post(house, _PATH, {}, other))[0] == 429
    assert (await _post(house, _PATH, {"site": "nowhere"}, _token(await people.customer())))[0] == 400

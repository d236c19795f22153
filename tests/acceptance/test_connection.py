"""Who may connect and how: refusals that carry a code, visitors and signed identities, sessions, frames, polling."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.acceptance.people import KNOWN, People, eventually, identity, refusal_of, refused
from tests.acceptance.program import Program
from tests.clients import AgentClient, ChatClient, sign_in

_POLLING = "/socket.io/?EIO=4&transport=polling"
_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"


async def _is_closed(client: ChatClient | AgentClient, seconds: float) -> bool:
    with suppress(TimeoutError):
        await eventually(lambda: not client.connected, seconds=seconds)
    return not client.connected


# Customers


@pytest.mark.parametrize(
    "auth",
    [
        {},
        {"protocol": 2},
        {"protocol": "1"},
        {"protocol": 1, "site": "elsewhere"},
        {"protocol": 1, "visitor": "\ud800"},
        {"protocol": 1, "visitor": 7},
        [1, 2],
        "auth",
    ],
)
async def test_a_connection_that_is_wrong_is_refused_with_code_and_message(
    server: Program, auth: dict[str, Any]
) -> None:
    client = ChatClient(server.url)

    with refused(client, "invalid"):
        await client.open(auth)


@pytest.mark.parametrize("visitor", ["", "unknown", "世界", "x" * 10_000, "' or 1=1 --"])
async def test_a_visitor_nobody_knows_becomes_a_new_one(people: People, visitor: str) -> None:
    customer = await people.customer(visitor=visitor)

    assert customer.all("welcome")[0]["visitor"] not in ("", visitor)


async def test_the_welcome_greets_and_says_when_humans_are_there(people: People) -> None:
    welcome = (await people.customer()).all("welcome")[0]

    assert welcome["protocol"] == 1
    assert welcome["greeting"]
    assert welcome["hours"]["open"] is True
    assert all(set(suggestion) == {"id", "label"} for suggestion in welcome["suggestions"])
    assert "conversation" not in welcome


async def test_a_reset_token_is_nobodys_and_its_pages_close(people: People) -> None:
    customer = await people.customer()
    await customer.say(KNOWN)
    visitor = customer.all("welcome")[0]["visitor"]

    await people.api("POST", "/visitor/reset", token=visitor)

    back = await people.customer(visitor=visitor)
    welcome = back.all("welcome")[0]
    assert welcome["visitor"] != visitor
    assert "conversation" not in welcome
    assert await _is_closed(customer, 10)


async def test_a_signed_customer_is_the_same_one_on_every_device(people: People) -> None:
    sub = f"user-{uuid4()}"
    first = await people.customer(identity=identity(sub, name="王芳", tier="enterprise"))
    ack = await first.say(KNOWN)

    second = await people.customer(identity=identity(sub))

    assert second.all("welcome")[0]["conversation"]["id"] == ack["conversation_id"]


async def test_an_anonymous_visitor_who_signs_in_keeps_the_conversation(people: People) -> None:
    anonymous = await people.customer()
    ack = await anonymous.say(KNOWN)
    visitor = anonymous.all("welcome")[0]["visitor"]

    known = await people.customer(visitor=visitor, identity=identity(f"user-{uuid4()}"))

    welcome = known.all("welcome")[0]
    assert welcome["visitor"] == visitor
    assert welcome["conversation"]["id"] == ack["conversation_id"]


async def test_a_visitor_bound_to_one_customer_never_opens_for_another(people: People) -> None:
    first = await people.customer(identity=identity(f"user-{uuid4()}"))
    await first.say(KNOWN)
    visitor = first.all("welcome")[0]["visitor"]

    second = await people.customer(visitor=visitor, identity=identity(f"user-{uuid4()}"))

    welcome = second.all("welcome")[0]
    assert welcome["visitor"] != visitor
    assert "conversation" not in welcome


async def test_an_expired_identity_reconnects_its_own_visitor_and_nobody_else(people: People) -> None:
    sub = f"user-{uuid4()}"
    first = await people.customer(identity=identity(sub))
    visitor = first.all("welcome")[0]["visitor"]
    past = int(time.time()) - 3_600
    expired = identity(sub, iat=past, exp=past + 600)

    back = await people.customer(visitor=visitor, identity=expired)
    assert back.all("welcome")[0]["visitor"] == visitor

    for visitor_shown in (None, (await people.customer()).all("welcome")[0]["visitor"]):
        client = ChatClient(people.program.url)
        with refused(client, "unauthorized"):
            await client.open({"protocol": 1, "identity": expired, "visitor": visitor_shown})


@pytest.mark.parametrize(
    "forged",
    [
        identity("a", secret="another secret, just as long as the other one"),
        identity("a", kid="k2"),
        identity("a", aud="elsewhere"),
        identity("a", aud=None),
        identity("a", exp=None),
        identity("a", iat=None),
        identity(None),
        identity(""),
        "no.token.at-all",
        "甘特图",
    ],
)
async def test_a_forged_identity_is_refused(server: Program, forged: str) -> None:
    client = ChatClient(server.url)

    with refused(client, "unauthorized"):
        await client.open({"protocol": 1, "identity": forged})


async def test_who_signs_in_with_a_conversation_open_elsewhere_has_one_open_afterwards(people: People) -> None:
    sub = f"user-{uuid4()}"
    elsewhere = await people.customer(identity=identity(sub))
    left = await elsewhere.say(KNOWN)
    anonymous = await people.customer()
    kept = await anonymous.say(KNOWN)
    visitor = anonymous.all("welcome")[0]["visitor"]

    known = await people.customer(visitor=visitor, identity=identity(sub))

    assert known.all("welcome")[0]["conversation"]["id"] == kept["conversation_id"]
    said = await known.say(KNOWN)
    assert said["conversation_id"] == kept["conversation_id"] != left["conversation_id"]
    threads = {thread["id"]: thread["state"] for thread in (await known.ask("threads"))["conversations"]}
    assert threads == {kept["conversation_id"]: "bot", left["conversation_id"]: "closed"}
    page = await known.ask("sync", conversation_id=left["conversation_id"], after_seq=0)
    assert page["events"][0]["text"] == KNOWN
    assert (await elsewhere.state("closed"))["reason"] == "merged"
    assert await _is_closed(anonymous, 5)  # its customer is somebody else now


async def test_a_human_found_elsewhere_is_kept_and_what_was_said_before_the_sign_in_can_be_read(people: People) -> None:
    sub, group = f"user-{uuid4()}", await people.group()
    _, kept = await people.waiting_customer(group["name"], identity=identity(sub))
    anonymous = await people.customer()
    said = await anonymous.say(KNOWN)
    await anonymous.answer_to(said)

    known = await people.customer(visitor=anonymous.all("welcome")[0]["visitor"], identity=identity(sub))

    assert known.all("welcome")[0]["conversation"]["id"] == kept
    assert known.all("welcome")[0]["conversation"]["state"] == "waiting"
    page = await known.ask("sync", conversation_id=said["conversation_id"], after_seq=0)
    assert [event["seq"] for event in page["events"]] == [1, 2, 3]
    assert (page["state"], page["events"][-1]["reason"]) == ("closed", "merged")


async def test_what_was_said_before_the_sign_in_can_be_taken_back_after_it(people: People) -> None:
    sub = f"user-{uuid4()}"
    elsewhere = await people.customer(identity=identity(sub))
    anonymous = await people.customer()
    said = await anonymous.say(KNOWN)
    answer = await anonymous.answer_to(said)
    known = await people.customer(visitor=anonymous.all("welcome")[0]["visitor"], identity=identity(sub))
    target = {"conversation_id": said["conversation_id"]}

    await known.do("recall", **target, seq=said["seq"])

    page = await elsewhere.ask("sync", **target, after_seq=0)
    assert (page["events"][0]["text"], page["events"][0]["redacted"]) == ("", True)
    refusal = await refusal_of(known, "recall", {"client_id": str(uuid4()), **target, "seq": answer["seq"]})
    assert refusal["code"] == "forbidden"


# Agents


@pytest.mark.parametrize("auth", [{}, {"protocol": 1}, {"protocol": 1, "token": ""}, {"protocol": 1, "token": "a.b.c"}])
async def test_the_agents_side_refuses_without_a_token(server: Program, auth: dict[str, Any]) -> None:
    client = AgentClient(server.url)

    with refused(client, "unauthorized"):
        await client.open(auth)


async def test_a_token_that_is_no_text_is_refused(server: Program) -> None:
    client = AgentClient(server.url)

    with refused(client, "invalid"):
        await client.open({"protocol": 1, "token": {"sub": "admin"}})


async def test_an_editor_who_is_no_agent_is_forbidden(people: People) -> None:
    staff = await people.staff(role="editor")
    client = AgentClient(people.program.url)

    with refused(client, "forbidden"):
        await client.open({"protocol": 1, "token": staff.token})


async def test_a_refresh_token_opens_no_socket(people: People) -> None:
    staff = await people.staff()
    client = AgentClient(people.program.url)

    with refused(client, "unauthorized"):
        await client.open({"protocol": 1, "token": staff.tokens["refresh_token"]})


@pytest.mark.slow
async def test_a_socket_closes_within_ten_seconds_of_its_sessions_end(people: People) -> None:
    seat = await people.agent()
    other = await people.seat(
        seat.staff.__class__(
            seat.staff.id,
            seat.staff.username,
            seat.staff.name,
            seat.staff.password,
            await sign_in(people.program.url, seat.staff.username, seat.staff.password),
        )
    )

    await people.api("DELETE", "/sessions", token=seat.staff.token)

    assert await _is_closed(seat.client, 10)
    assert other.client.connected
    with refused(client := AgentClient(people.program.url), "unauthorized"):
        await client.open({"protocol": 1, "token": seat.staff.token})


@pytest.mark.slow
async def test_a_socket_closes_within_ten_seconds_of_its_accounts_end(people: People) -> None:
    """Also one that tried to leave its seat without leaving the room."""
    seat = await people.agent()
    for name in ("disconnect", "connect"):
        assert (await seat.client.call(name, {}))["error"]["code"] == "invalid"

    await people.api("PATCH", f"/agents/{seat.id}", {"disabled": True})

    assert await _is_closed(seat.client, 10)


# Transport


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_polling_is_refused(server: Program, method: str) -> None:
    async with (
        aiohttp.ClientSession(server.url) as session,
        session.request(method, _POLLING, data="40/chat," if method == "POST" else None) as response,
    ):
        assert response.status == 400


@pytest.mark.parametrize(("size", "passes"), [(65_536, True), (65_537, False)])
async def test_a_frame_over_sixty_four_kilobytes_closes_the_connection(
    server: Program, size: int, passes: bool
) -> None:
    async with aiohttp.ClientSession(server.url) as session, session.ws_connect(_WEBSOCKET) as socket:
        await socket.send_str('40/chat,{"protocol":1}')
        frame = '42/chat,1["threads",{"padding":"'
        await socket.send_str(frame + "x" * (size - len(frame) - 3) + '"}]')

        answered = False
        async with asyncio.timeout(15):
            async for message in socket:
                if answered := str(message.data).startswith("43/chat,1"):
                    break
        assert answered is passes


async def test_a_binary_frame_closes_the_connection(server: Program) -> None:
    async with aiohttp.ClientSession(server.url) as session, session.ws_connect(_WEBSOCKET) as socket:
        assert (await socket.receive_str())[0] == "0"
        await socket.send_bytes(b"\x04binary")

        async with asyncio.timeout(15):
            while (message := await socket.receive()).type is not aiohttp.WSMsgType.CLOSE and not socket.closed:
                assert message.type is not aiohttp.WSMsgType.BINARY


async def test_a_page_that_reads_nothing_is_cut_off_and_the_others_go_on(people: People) -> None:
    customer = await people.customer()
    said = [await customer.say("很长" * 2_500) for _ in range(20)]
    asked = json.dumps({"conversation_id": said[0]["conversation_id"], "after_seq": 0})
    auth = json.dumps({"protocol": 1, "visitor": customer.all("welcome")[0]["visitor"]})
    async with aiohttp.ClientSession(people.program.url) as session, session.ws_connect(_WEBSOCKET) as socket:
        await socket.send_str(f"40/chat,{auth}")
        for number in range(60):  # some 15 MB of answers
            await socket.send_str(f'42/chat,{number}["sync",{asked}]')

        with pytest.raises(ConnectionError):
            async with asyncio.timeout(20):
                while True:
                    await socket.send_str("3")
                    await asyncio.sleep(0.05)

    assert (await customer.say(KNOWN))["ok"]


async def test_a_namespace_that_does_not_exist_is_refused(server: Program) -> None:
    class Elsewhere(ChatClient):
        namespace = "/admin"

    client = Elsewhere(server.url)

    with pytest.raises(Exception, match="namespace|refused|connect"):
        await client.open({"protocol": 1})


# Starting and stopping


async def test_probes_and_pages_without_a_session(server: Program) -> None:
    async with aiohttp.ClientSession(server.url) as session:
        for path, status in (("/livez", 200), ("/readyz", 200), ("/metrics", 200), ("/api/v1/conversations", 401)):
            async with session.get(path) as response:
                assert response.status == status, path

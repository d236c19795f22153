"""Accounts, groups and customers over HTTP: every route asks who calls, errors have one form, repeats store nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.api import CUSTOMER
from router.security.identity import Identity
from tests.integration.desk import PASSWORD, Desk, make_desk
from tests.unit.forging import hs256

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return make_desk(database, clock)


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    async with desk.http() as client:
        yield client


async def tokens(client: Client, username: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = await client.post("/api/v1/sessions", json={"username": username, "password": password})
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def bearer(client: Client, username: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await tokens(client, username))['access_token']}"}


async def error_of(answer: Any) -> tuple[int, str]:
    body = await answer.json()
    assert set(body) == {"error"}
    assert {"code", "message"} <= set(body["error"]) <= {"code", "message", "details"}
    return answer.status, body["error"]["code"]


async def test_signing_in_answers_to_the_letter_of_the_contract(desk: Desk, client: Client) -> None:
    account = await desk.account("xiaolin", "agent", name="林小林", staff_number="8021")
    body = await tokens(client, "xiaolin")
    assert set(body) == {"access_token", "refresh_token", "expires_in", "agent"}
    assert body["expires_in"] == 900
    assert body["agent"] == {
        "id": str(account.id),
        "username": "xiaolin",
        "name": "林小林",
        "roles": ["agent"],
        "groups": [],
        "staff_number": "8021",
        "picture": None,
    }
    me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert await me.json() == body["agent"]
    assert me.headers["Cache-Control"] == "no-store"


async def test_tokens_rotate_and_the_session_ends(desk: Desk, client: Client) -> None:
    await desk.account("xiaolin")
    first = await tokens(client, "xiaolin")
    answers = [
        await client.post("/api/v1/sessions/refresh", json={"refresh_token": first["refresh_token"]}) for _ in range(2)
    ]
    second = await answers[0].json()
    assert (await answers[1].json())["refresh_token"] == second["refresh_token"]
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await client.delete("/api/v1/sessions", headers=headers)).status == 204
    assert await error_of(await client.get("/api/v1/me", headers=headers)) == (401, "unauthorized")
    refused = await client.post("/api/v1/sessions/refresh", json={"refresh_token": second["refresh_token"]})
    assert await error_of(refused) == (401, "unauthorized")


async def test_guessing_is_answered_with_429_and_a_time_to_wait(desk: Desk, client: Client) -> None:
    await desk.account("xiaolin")
    for _ in range(10):
        answer = await client.post("/api/v1/sessions", json={"username": "xiaolin", "password": "wrong"})
        assert await error_of(answer) == (401, "unauthorized")
    answer = await client.post("/api/v1/sessions", json={"username": "xiaolin", "password": PASSWORD})
    assert await error_of(answer) == (429, "rate_limited")
    assert 0 < int(answer.headers["Retry-After"]) <= 300


BODIES = {
    "nothing": b"",
    "not JSON": b"username=a",
    "a list": b"[]",
    "null": b"null",
    "wrong types": b'{"username": 1, "password": []}',
    "a field missing": b'{"username": "a"}',
    "deep": b"[" * 60_000,
    "NUL": b'{"username": "a\\u0000", "password": "b"}',
    "lone surrogate": b'{"username": "\\ud800", "password": "b"}',
    "not UTF-8": b'{"username": "\xff", "password": "b"}',
    "too long a text": b'{"username": "' + b"a" * 2000 + b'", "password": "b"}',
}


@pytest.mark.parametrize("case", BODIES)
async def test_a_malformed_body_is_invalid_and_nothing_worse(client: Client, case: str) -> None:
    answer = await client.post("/api/v1/sessions", data=BODIES[case], headers={"Content-Type": "application/json"})
    assert await error_of(answer) == (400, "invalid")


async def test_a_huge_body_is_too_large_with_and_without_its_length(client: Client) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b" " * 1024

    for body in (b" " * 100_000, chunks()):
        assert await error_of(await client.post("/api/v1/sessions", data=body)) == (413, "too_large")


async def test_an_escaped_backslash_before_u0000_is_a_text_like_any_other(desk: Desk, client: Client) -> None:
    answer = await client.post("/api/v1/sessions", data=b'{"username": "a\\\\u0000", "password": "b"}')
    assert await error_of(answer) == (401, "unauthorized")


async def test_what_does_not_exist_is_said_in_the_same_form(client: Client) -> None:
    assert await error_of(await client.get("/api/v1/nothing")) == (404, "not_found")
    answer = await client.put("/api/v1/sessions")
    assert await error_of(answer) == (405, "invalid")
    assert "POST" in answer.headers["Allow"]


async def test_every_request_has_an_id(client: Client) -> None:
    assert (await client.get("/api/v1/me", headers={"X-Request-Id": "abc-1"})).headers["X-Request-Id"] == "abc-1"
    made = (await client.get("/api/v1/me", headers={"X-Request-Id": "a b<script>"})).headers["X-Request-Id"]
    assert "script" not in made


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v1/me", "/api/openapi.json"])
async def test_every_answer_keeps_browsers_careful(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-Id"]
    assert ("Content-Security-Policy" in headers) == path.startswith("/api/")


async def test_the_database_away_is_unavailable_and_not_a_refusal(desk: Desk, client: Client) -> None:
    await desk.account("xiaolin")
    headers = await bearer(client, "xiaolin")
    await desk.database.close()
    assert await error_of(await client.get("/api/v1/me", headers=headers)) == (503, "unavailable")


# Who may call what -----------------------------------------------------------------------------------------------

ROLES = ["agent", "supervisor", "editor", "admin"]


async def test_every_route_refuses_whoever_it_does_not_name(desk: Desk, client: Client) -> None:
    """The whole matrix: each route with no token, a forged one, a visitor's, and each role's."""
    headers: dict[str, dict[str, str]] = {
        "nobody": {},
        "forger": {"Authorization": f"Bearer {hs256({'sub': 'admin'}, b'x')}"},
        "basic": {"Authorization": "Basic YWRtaW46YWRtaW4="},
        "visitor": {"Authorization": f"Bearer {(await desk.customers.welcome(None, None)).visitor}"},
    }
    for role in ROLES:
        await desk.account(role, role)
        headers[role] = await bearer(client, role)
    faults = []
    for route in desk.routes():
        if route.roles is None or route.path.endswith("/sessions"):
            continue
        for who, header in headers.items():
            path = route.path.replace("{id}", str(uuid7()))
            answer = await client.request(route.method, path, headers=header, data=b"{" if route.body else None)
            may = who == "visitor" if route.roles == CUSTOMER else who in route.roles
            expected = {200, 400, 404} if may else {403} if who in ROLES and route.roles != CUSTOMER else {401}
            if answer.status not in expected:
                faults.append(f"{route.method} {route.path} as {who}: {answer.status}")
    assert not faults


async def test_a_supervisor_manages_agents_and_nobody_above(desk: Desk, client: Client) -> None:
    await desk.account("lead", "supervisor")
    agent, admin = await desk.account("xiaolin"), await desk.account("boss", "admin")
    both = await desk.account("both", "agent", "admin")
    headers = await bearer(client, "lead")
    allowed = await client.patch(f"/api/v1/agents/{agent.id}", json={"capacity": 3}, headers=headers)
    assert allowed.status == 200
    for account, body in (
        (admin, {"password": "taken over!"}),
        (admin, {"disabled": True}),
        (both, {"roles": ["agent"]}),
        (agent, {"roles": ["agent", "admin"]}),
        (agent, {"roles": ["supervisor"]}),
    ):
        answer = await client.patch(f"/api/v1/agents/{account.id}", json=body, headers=headers)
        assert await error_of(answer) == (403, "forbidden")
    new = {"username": "mine", "password": PASSWORD, "roles": ["admin"]}
    assert await error_of(await client.post("/api/v1/agents", json=new, headers=headers)) == (403, "forbidden")
    await tokens(client, "boss")


async def test_an_account_is_made_changed_and_disabled(desk: Desk, client: Client) -> None:
    await desk.account("boss", "admin")
    headers = await bearer(client, "boss")
    made = await client.post(
        "/api/v1/agents",
        json={"username": "小林", "password": PASSWORD, "roles": ["agent"], "public_name": "小林", "capacity": 2},
        headers=headers,
    )
    assert made.status == 201
    agent = await made.json()
    assert agent["created_at"].endswith("Z")
    session = await tokens(client, "小林")
    changed = await client.patch(f"/api/v1/agents/{agent['id']}", json={"disabled": True}, headers=headers)
    assert (await changed.json())["disabled"]
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    assert await error_of(await client.get("/api/v1/me", headers=mine)) == (401, "unauthorized")
    listed = await (await client.get("/api/v1/agents", headers=headers)).json()
    assert [each["username"] for each in listed["items"]] == ["boss"]
    everybody = await (await client.get("/api/v1/agents?disabled=true", headers=headers)).json()
    assert [each["username"] for each in everybody["items"]] == ["boss", "小林"]
    again = await client.post(
        "/api/v1/agents", json={"username": "小林", "password": PASSWORD, "roles": ["agent"]}, headers=headers
    )
    assert await error_of(again) == (409, "conflict")


async def test_nobody_sees_a_password(desk: Desk, client: Client) -> None:
    await desk.account("boss", "admin")
    text = await (await client.get("/api/v1/agents", headers=await bearer(client, "boss"))).text()
    assert "password" not in text
    assert "argon2" not in text


async def test_my_own_password_needs_the_old_one_and_ends_my_sessions(desk: Desk, client: Client) -> None:
    await desk.account("xiaolin")
    headers = await bearer(client, "xiaolin")
    change = {"old_password": "wrong", "new_password": "another password"}
    answer = await client.post("/api/v1/me/password", json=change, headers=headers)
    assert await error_of(answer) == (403, "forbidden")
    answer = await client.post("/api/v1/me/password", json={**change, "old_password": PASSWORD}, headers=headers)
    assert answer.status == 200
    assert (await client.get("/api/v1/me", headers=headers)).status == 401
    await tokens(client, "xiaolin", "another password")


async def test_pages_go_through_all_accounts(desk: Desk, client: Client) -> None:
    made = {str((await desk.account(f"user{number}", "admin")).id) for number in range(5)}
    headers = await bearer(client, "user0")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = "?limit=2" + (f"&cursor={cursor}" if cursor else "")
        body = await (await client.get(f"/api/v1/agents{query}", headers=headers)).json()
        seen += [each["id"] for each in body["items"]]
        cursor = body["next"]
    assert sorted(seen) == sorted(made)
    for wrong in ("limit=0", "limit=201", "limit=x", "cursor=nonsense", "cursor=%00", "cursor=' or 1=1", "disabled=7"):
        answer = await client.get(f"/api/v1/agents?{wrong}", headers=headers)
        assert await error_of(answer) == (400, "invalid"), wrong


async def test_a_group_is_made_changed_and_filled(desk: Desk, client: Client) -> None:
    boss = await desk.account("boss", "admin")
    headers = await bearer(client, "boss")
    made = await client.post("/api/v1/groups", json={"name": "故障", "assignment": "offer"}, headers=headers)
    assert made.status == 201
    group = await made.json()
    path = f"/api/v1/groups/{group['id']}"
    changed = await client.patch(path, json={"assignment": None, "members": [str(boss.id)]}, headers=headers)
    assert (await changed.json())["assignment"] is None
    assert (await changed.json())["members"] == [str(boss.id)]
    emptied = await client.put(f"{path}/members", json={"members": []}, headers=headers)
    assert (await emptied.json())["members"] == []
    assert (await (await client.get("/api/v1/groups", headers=headers)).json())["items"] == [await emptied.json()]
    assert await error_of(await client.get(f"/api/v1/groups/{uuid7()}", headers=headers)) == (404, "not_found")
    assert await error_of(await client.get("/api/v1/groups/x", headers=headers)) == (404, "not_found")


# Repeats ---------------------------------------------------------------------------------------------------------


async def test_a_repeated_request_gives_the_first_answer_whatever_its_body(desk: Desk, client: Client) -> None:
    await desk.account("boss", "admin")
    headers = {**await bearer(client, "boss"), "Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(
        *(client.post("/api/v1/groups", json={"name": f"组{number}"}, headers=headers) for number in range(8))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({(await answer.json())["id"] for answer in answers}) == 1
    assert len(await desk.groups.all()) == 1


async def test_a_refused_request_may_be_sent_again_with_the_same_key(desk: Desk, client: Client) -> None:
    await desk.account("boss", "admin")
    headers = {**await bearer(client, "boss"), "Idempotency-Key": str(uuid4())}
    assert (await client.post("/api/v1/groups", json={"name": ""}, headers=headers)).status == 400
    assert (await client.post("/api/v1/groups", json={"name": "故障"}, headers=headers)).status == 201


async def test_a_key_belongs_to_its_sender(desk: Desk, client: Client) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    names = []
    for username in ("boss", "chief"):
        await desk.account(username, "admin")
        headers = {**await bearer(client, username), **key}
        answer = await client.post("/api/v1/groups", json={"name": username}, headers=headers)
        names.append((await answer.json())["name"])
    assert names == ["boss", "chief"]


async def test_a_key_that_is_no_uuid_is_invalid(desk: Desk, client: Client) -> None:
    await desk.account("boss", "admin")
    headers = {**await bearer(client, "boss"), "Idempotency-Key": "1"}
    assert await error_of(await client.post("/api/v1/groups", json={"name": "x"}, headers=headers)) == (400, "invalid")


# Customers -------------------------------------------------------------------------------------------------------


async def test_agents_find_and_correct_customers(desk: Desk, client: Client) -> None:
    await desk.account("xiaolin")
    headers = await bearer(client, "xiaolin")
    li = (await desk.customers.welcome(None, Identity("u-1", name="李雷", tier="enterprise"))).customer
    await desk.customers.welcome(None, None)
    found = await (await client.get("/api/v1/customers", params={"q": "李"}, headers=headers)).json()
    assert [each["id"] for each in found["items"]] == [str(li.id)]
    assert len((await (await client.get("/api/v1/customers", headers=headers)).json())["items"]) == 2
    path = f"/api/v1/customers/{li.id}"
    changed = await client.patch(path, json={"email": "li@example.cn", "tier": "strategic"}, headers=headers)
    body = await changed.json()
    assert (body["email"], body["tier"]) == ("li@example.cn", "enterprise")
    assert (await (await client.get(path, headers=headers)).json()) == body
    for wrong in ("q=%00", "q=" + "x" * 1001):
        assert await error_of(await client.get(f"/api/v1/customers?{wrong}", headers=headers)) == (400, "invalid")


async def test_a_customers_page_resets_its_own_token_once(desk: Desk, client: Client) -> None:
    headers = {"Authorization": f"Bearer {(await desk.customers.welcome(None, None)).visitor}"}
    assert (await client.post("/api/v1/visitor/reset", headers=headers)).status == 200
    assert await error_of(await client.post("/api/v1/visitor/reset", headers=headers)) == (401, "unauthorized")

"""Customers, agents and their groups for acceptance tests: made over HTTP, connected by sockets, gone at the end."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
import jwt
import pytest
import socketio

from tests.acceptance.leaks import leaks_in
from tests.acceptance.program import ADMIN_PASSWORD, IDENTITY_SECRET
from tests.clients import AgentClient, ChatClient, Client, sign_in

#: Texts whose fate with the test knowledge and the hashing encoder is certain.
KNOWN = "怎么把甘特图导出成图片"
KNOWN_TITLE = "怎么把甘特图导出成图片"
AMBIGUOUS = "怎么导出甘特图"
UNKNOWN = "火星上有没有水呀"
ALSO_UNKNOWN = "企鹅冬天吃不吃冰淇淋"
ANGRY = "气死我了，什么破软件，垃圾"
URGENT = "系统打不开了很紧急，马上要上线"


@dataclass(frozen=True)
class Staff:
    """An account with its password, and its tokens."""

    id: str
    username: str
    name: str
    password: str
    tokens: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.tokens["access_token"])


@dataclass(frozen=True)
class Seat:
    """A signed-in agent with an open page."""

    staff: Staff
    client: AgentClient

    @property
    def id(self) -> str:
        return self.staff.id


class Server(Protocol):
    """Where the people of a test go."""

    @property
    def port(self) -> int: ...

    @property
    def url(self) -> str: ...

    def now(self) -> float:
        """Its time, in seconds since 1970."""


@dataclass
class People:
    """Everybody of one test on one server."""

    program: Server
    _clients: list[Client] = field(default_factory=list)
    _admin: tuple[float, str] | None = None

    # Customers

    async def customer(self, **auth: Any) -> ChatClient:
        """A customer's page that was welcomed."""
        client = ChatClient(self.program.url)
        self._clients.append(client)
        await client.enter(**auth)
        return client

    async def waiting_customer(self, topic: str, **auth: Any) -> tuple[ChatClient, str]:
        """A customer who asked for a human of this group, and the conversation's id."""
        client = await self.customer(**auth)
        ack = await client.do("request_human", topic=topic)
        return client, ack["conversation_id"]

    # Colleagues

    async def admin_token(self) -> str:
        if self._admin is None or self.program.now() - self._admin[0] > 300:
            tokens = await sign_in(self.program.url, "admin", ADMIN_PASSWORD)
            self._admin = (self.program.now(), tokens["access_token"])
        return self._admin[1]

    async def api(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """A request as the administrator, or with another token; the JSON of a success."""
        async with self._asked(method, path, body, token) as response:
            assert response.status < 300, await response.text()
            return await response.json() if response.status != 204 else None

    async def api_error(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, str]:
        """The status and code with which a request is refused."""
        async with self._asked(method, path, body, token) as response:
            assert response.status >= 400, await response.text()
            return response.status, (await response.json())["error"]["code"]

    @asynccontextmanager
    async def _asked(
        self, method: str, path: str, body: Any, token: str | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Authorization": f"Bearer {token or await self.admin_token()}"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        timeout = aiohttp.ClientTimeout(total=30)
        sent = {"data" if isinstance(body, aiohttp.FormData) else "json": body}
        async with (
            aiohttp.ClientSession(self.program.url, headers=headers, timeout=timeout) as session,
            session.request(method, f"/api/v1{path}", **sent) as response,
        ):
            yield response

    async def refused(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> dict[str, Any]:
        """The error that answers a request."""
        headers = {"Authorization": f"Bearer {token or await self.admin_token()}"}
        timeout = aiohttp.ClientTimeout(total=30)
        async with (
            aiohttp.ClientSession(self.program.url, headers=headers, timeout=timeout) as session,
            session.request(method, f"/api/v1{path}", json=body) as response,
        ):
            assert response.status >= 400, await response.text()
            error: dict[str, Any] = (await response.json())["error"]
            return error

    async def group(self, assignment: str | None = "pick") -> dict[str, Any]:
        """A group of its own, so that tests on one server do not get each other's customers."""
        made: dict[str, Any] = await self.api(
            "POST", "/groups", {"name": f"组 {uuid4().hex[:8]}", "assignment": assignment}
        )
        return made

    async def staff(self, *groups: dict[str, Any], role: str = "agent", capacity: int | None = None) -> Staff:
        """An account that has signed in."""
        username = f"u{uuid4().hex[:12]}"
        password = f"password of {username}"
        made = await self.api(
            "POST",
            "/agents",
            {
                "username": username,
                "password": password,
                "roles": [role],
                "public_name": f"花名{username[:5]}",
                "groups": [group["id"] for group in groups],
                **({} if capacity is None else {"capacity": capacity}),
            },
        )
        tokens = await sign_in(self.program.url, username, password)
        return Staff(made["id"], username, made["public_name"], password, tokens)

    async def agent(
        self, *groups: dict[str, Any], role: str = "agent", capacity: int | None = None, online: bool = True
    ) -> Seat:
        """A new colleague with an open page."""
        return await self.seat(await self.staff(*groups, role=role, capacity=capacity), online=online)

    async def seat(self, staff: Staff, *, online: bool = True) -> Seat:
        """One more open page of a colleague."""
        client = AgentClient(self.program.url)
        self._clients.append(client)
        await client.enter(staff.token, online=online)
        return Seat(staff, client)

    def identity(self, sub: str, **claims: Any) -> str:
        """What the embedding site signs now about its customer."""
        now = int(self.program.now())
        return identity(sub, iat=now, exp=now + 600, **claims)

    async def token(self, staff: Staff) -> str:
        """A fresh access token, for whoever signed in long ago."""
        return str((await sign_in(self.program.url, staff.username, staff.password))["access_token"])

    def check_for_leaks(self) -> None:
        """Searches everything that customers were ever told; notes in tests begin with 密语."""
        for client in self._clients:
            if isinstance(client, ChatClient):
                assert leaks_in([client.received, client.acknowledged], ["密语"]) == []

    async def leave(self) -> None:
        for client in self._clients:
            if client.connected:
                await client.close()


@asynccontextmanager
async def people_of(program: Server) -> AsyncIterator[People]:
    """People whose sockets are closed at the end; nothing that is for colleagues only may have reached a customer."""
    people = People(program)
    try:
        yield people
        people.check_for_leaks()
    finally:
        await people.leave()


async def eventually(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    """Waits for something that no event tells."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def cut(client: Client) -> None:
    """The connection is gone without a word: a cable, a crashed browser."""
    connection = client._socket.eio.ws.get_extra_info("socket")
    connection.shutdown(socket.SHUT_RDWR)


def identity(sub: str | None, *, secret: str = IDENTITY_SECRET, kid: str = "k1", **claims: Any) -> str:
    """What an embedding site signs about its customer; a claim given as None is left out."""
    now = int(time.time())
    signed = {"sub": sub, "aud": "yingda", "iat": now, "exp": now + 600, **claims}
    present = {name: value for name, value in signed.items() if value is not None}
    return jwt.encode(present, secret, algorithm="HS256", headers={"kid": kid})


@contextmanager
def refused(client: Client, code: str) -> Iterator[None]:
    """The connection attempt inside is refused with this code, in the documented form."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        yield
    assert isinstance(client.refusal, dict), client.refusal
    data = client.refusal.get("data", client.refusal)
    assert data["code"] == code, data
    assert data["message"]


async def refusal_of(client: Client, event: str, payload: Any) -> dict[str, Any]:
    """The error that answers an event."""
    answer = await client.call(event, payload)
    assert answer["ok"] is False, answer
    error: dict[str, Any] = answer["error"]
    assert error["message"]
    return error

"""The floor for the line's bench: groups, agents and customers of a desk, with every socket read as it arrives."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import msgspec

from bench.pages import Page, PageFailed

#: Hears each server event of a page: (name, payload, when it arrived).
Hears = Callable[[str, Any, float], None]

_CHAT = {"protocol": 1, "locale": "zh-CN"}
_decoder = msgspec.json.Decoder()


class FloorPage(Page):
    """A page that calls by number, so that it hears acknowledgements and events apart."""

    def __init__(self, namespace: str, auth: dict[str, Any] | None) -> None:
        super().__init__(namespace, auth)
        self.hears: Hears = lambda *_: None
        self._calls: dict[int, asyncio.Future[tuple[Any, float]]] = {}
        self._number = 0
        self._opening = f"42{namespace},".encode()
        self._closing = f"43{namespace},".encode()

    async def call(self, event: str, **payload: Any) -> tuple[Any, float]:
        """The acknowledgement and its seconds; raises `PageFailed` for a refusal."""
        self._number += 1
        answered: asyncio.Future[tuple[Any, float]] = asyncio.get_running_loop().create_future()
        self._calls[self._number] = answered
        body = json.dumps([event, {"client_id": str(uuid.uuid4()), **payload}])
        began = time.perf_counter()
        self.write(f"42{self._prefix}{self._number}{body}".encode())
        async with asyncio.timeout(30):
            answer, at = await answered
        if not answer.get("ok"):
            raise PageFailed(f"{event}: {answer}")
        return answer, at - began

    def _take(self, payload: bytes) -> None:
        now = time.perf_counter()
        if payload.startswith(self._closing):
            number, _, rest = payload[len(self._closing) :].partition(b"[")
            answered = self._calls.pop(int(number), None)
            if answered is not None and not answered.done():
                answered.set_result((_decoder.decode(b"[" + rest)[0], now))
        elif payload.startswith(self._opening) and self.ready.done():
            name, body = _decoder.decode(payload[len(self._opening) :])
            self.hears(name, body, now)
        else:
            super()._take(payload)


async def customer(port: int) -> FloorPage:
    page = await FloorPage.open(port, "/chat", _CHAT)
    assert isinstance(page, FloorPage)
    return page


class Office:
    """What is made over HTTP: groups and the accounts of agents."""

    def __init__(self, port: int, password: str) -> None:
        self._port = port
        self._password = password
        self._token = ""

    async def group(self, name: str) -> str:
        made = await self._post("/groups", {"name": name, "assignment": "auto"})
        return str(made["id"])

    async def agent(self, name: str, group_id: str, capacity: int) -> FloorPage:
        """An agent of the group with an open page, who takes nothing yet."""
        password = f"password of {name}"
        account = {"username": name, "password": password, "roles": ["agent"], "groups": [group_id]}
        await self._post("/agents", {**account, "capacity": capacity})
        signed = await self._post("/sessions", {"username": name, "password": password})
        auth = {"protocol": 1, "token": signed["access_token"]}
        page = await FloorPage.open(self._port, "/agent", auth)
        assert isinstance(page, FloorPage)
        return page

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        if not self._token and path != "/sessions":
            signed = await self._post("/sessions", {"username": "admin", "password": self._password})
            self._token = signed["access_token"]
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(uuid.uuid4())}
        address = f"http://127.0.0.1:{self._port}/api/v1{path}"
        async with aiohttp.ClientSession(headers=headers) as session, session.post(address, json=body) as response:
            if response.status >= 300:
                raise PageFailed(f"{path}: {await response.text()}")
            return await response.json()

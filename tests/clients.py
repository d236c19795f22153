"""Customers and agents as tests play them: real Socket.IO clients that keep everything they ever received."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

ACK_SECONDS = 30.0


class Client:
    """One socket; `received` holds (event, payload) in order of arrival."""

    namespace = ""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[tuple[str, Any]] = []
        self.acknowledged: list[Any] = []
        self.refusal: Any = None
        self._news = asyncio.Event()
        self._socket = socketio.AsyncClient(reconnection=False, logger=False)
        self._socket.on("*", self._keep, namespace=self.namespace)
        self._socket.on("connect_error", self._refused, namespace=self.namespace)

    async def _keep(self, event: str, *payload: Any) -> None:
        self.received.append((event, payload[0] if payload else None))
        self._news.set()

    async def _refused(self, data: Any) -> None:
        self.refusal = data

    async def open(self, auth: dict[str, Any]) -> None:
        await self._socket.connect(
            self.url, auth=auth, namespaces=[self.namespace], transports=["websocket"], wait_timeout=10
        )

    async def close(self) -> None:
        await self._socket.disconnect()

    @property
    def connected(self) -> bool:
        return self._socket.connected and self.namespace in self._socket.namespaces

    async def call(self, event: str, payload: Any = None, *, timeout: float = ACK_SECONDS) -> dict[str, Any]:
        """Sends and returns the acknowledgement, whatever it says."""
        answer = await self._socket.call(event, payload or {}, namespace=self.namespace, timeout=timeout)
        self.acknowledged.append(answer)
        return answer  # type: ignore[no-any-return]

    async def do(self, event: str, **payload: Any) -> dict[str, Any]:
        """Sends a storing event under a new client id and expects it to be accepted."""
        answer = await self.call(event, {"client_id": str(uuid4()), **payload})
        assert answer["ok"], answer
        return answer

    async def ask(self, event: str, **payload: Any) -> dict[str, Any]:
        """Sends an event that stores nothing and expects it to be accepted."""
        answer = await self.call(event, payload)
        assert answer["ok"], answer
        return answer

    async def tell(self, event: str, payload: Any) -> None:
        """Sends without waiting for an acknowledgement."""
        await self._socket.emit(event, payload, namespace=self.namespace)

    def all(self, event: str) -> list[Any]:
        """Payloads of this event so far."""
        return [payload for name, payload in self.received if name == event]

    async def until(self, event: str, matches: Callable[[Any], bool] = lambda _: True, *, timeout: float = 30) -> Any:
        """The first payload of this event that matches, waiting for it."""
        async with asyncio.timeout(timeout):
            while True:
                for payload in self.all(event):
                    if matches(payload):
                        return payload
                self._news.clear()
                await self._news.wait()

    def events(self, conversation_id: str) -> list[dict[str, Any]]:
        """The log of one conversation as received live: sorted, each once."""
        found = {e["seq"]: e for e in self.all("event") if e["conversation_id"] == conversation_id}
        return [found[seq] for seq in sorted(found)]


class ChatClient(Client):
    """A customer's page."""

    namespace = "/chat"

    async def enter(self, **auth: Any) -> dict[str, Any]:
        """Connects and returns the welcome."""
        await self.open({"protocol": 1, **auth})
        welcome: dict[str, Any] = await self.until("welcome")
        return welcome

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        return await self.do("send_message", text=text, **more)

    async def answer_to(self, ack: dict[str, Any], *, timeout: float = 30) -> dict[str, Any]:
        """The bot's message in reply to a message of ours."""
        found: dict[str, Any] = await self.until(
            "event",
            lambda e: (
                e["conversation_id"] == ack["conversation_id"]
                and e["actor"]["kind"] == "bot"
                and (e.get("reply_to_seq") or 0) >= ack["seq"]
            ),
            timeout=timeout,
        )
        return found

    async def state(self, state: str, *, timeout: float = 30) -> dict[str, Any]:
        """The first change to this state."""
        found: dict[str, Any] = await self.until("event", lambda e: e.get("state") == state, timeout=timeout)
        return found


class AgentClient(Client):
    """An agent's page."""

    namespace = "/agent"

    async def enter(self, token: str, *, online: bool = True, capacity: int | None = None) -> dict[str, Any]:
        """Connects, goes online, returns the welcome."""
        await self.open({"protocol": 1, "token": token})
        welcome: dict[str, Any] = await self.until("welcome")
        if online:
            await self.ask("set_presence", status="online", **({"capacity": capacity} if capacity is not None else {}))
        return welcome


async def sign_in(url: str, username: str, password: str) -> dict[str, Any]:
    """The tokens of an account."""
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session,
        session.post(f"{url}/api/v1/sessions", json={"username": username, "password": password}) as response,
    ):
        assert response.status in (200, 201), await response.text()
        tokens: dict[str, Any] = await response.json()
        return tokens

"""Customers and agents who never give up: a lost or silent connection is noticed, and the next one is made elsewhere.

Used where servers die under load. What every page was told, and when, stays on record.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import socketio

from tests.clients import AgentClient, ChatClient, Client

#: A client sends again what was not acknowledged for so long.
ACK_SECONDS = 10.0
PAUSE_SECONDS = 0.1
_GIVE_UP_SECONDS = 120.0
_CLOSE_SECONDS = 2.0


@dataclass
class Said:
    """One text with what its sender was told about it."""

    text: str
    client_id: str = field(default_factory=lambda: str(uuid4()))
    acknowledgements: list[dict[str, Any]] = field(default_factory=list)


class LastingClient(Client):
    """Notices at once when its connection is gone; `times` holds when each of `received` came (monotonic)."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lost = asyncio.Event()
        self.news = asyncio.Event()
        self.times: list[float] = []
        self.opened_at = 0.0
        self.lost_at: float | None = None
        self._socket.on("disconnect", self._gone, namespace=self.namespace)

    async def _keep(self, event: str, *payload: Any) -> None:
        self.times.append(time.monotonic())
        await super()._keep(event, *payload)
        self.news.set()

    async def _gone(self, *_: object) -> None:
        self.lost_at = self.lost_at or time.monotonic()
        self.lost.set()
        self.news.set()

    @property
    def usable(self) -> bool:
        return self.connected and not self.lost.is_set()

    async def something(self, seconds: float) -> None:
        """Waits for anything new, the loss of the connection included, for so long at the most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), seconds)
        self.news.clear()

    async def try_call(self, event: str, payload: Any) -> dict[str, Any] | None:
        """The acknowledgement, or None where none came in time or the connection broke."""
        call = asyncio.create_task(self.call(event, payload, timeout=ACK_SECONDS))
        lost = asyncio.create_task(self.lost.wait())
        try:
            await asyncio.wait({call, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
            call.cancel()
            await asyncio.gather(call, lost, return_exceptions=True)
        return None if call.cancelled() or call.exception() is not None else call.result()

    async def leave(self) -> None:
        """Closes the page, also where nobody answers."""
        await self._gone()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.close(), _CLOSE_SECONDS)


class Page(LastingClient, ChatClient):
    """A customer's page."""


class Desk(LastingClient, AgentClient):
    """An agent's page."""


class Caller:
    """A customer with one page open, at the first server that lets them in."""

    def __init__(self, urls: Sequence[str], auth: Mapping[str, Any] | None = None) -> None:
        """``urls`` are tried in turn, beginning with the first."""
        self.pages: list[Page] = []
        self.visitor: str | None = None
        self.auth = dict(auth or {})
        self._urls = urls
        self._turn = 0
        self._connecting = asyncio.Lock()

    async def until_acknowledged(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Sends until the server says that it was accepted."""
        async with asyncio.timeout(_GIVE_UP_SECONDS):
            while True:
                ack = await self.acknowledged_or_refused(event, payload)
                if ack["ok"]:
                    return ack
                assert ack["error"]["code"] == "unavailable", ack
                await asyncio.sleep(PAUSE_SECONDS)

    async def acknowledged_or_refused(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Sends until there is an answer, whatever it says; a page that gives none in time is left for another one."""
        while True:
            page = await self.page()
            ack = await page.try_call(event, payload)
            if ack is not None:
                return ack
            if page.usable:
                await page.leave()
            await asyncio.sleep(PAUSE_SECONDS)

    async def page(self) -> Page:
        """The open page, or a new one as soon as a server lets us in."""
        async with self._connecting:
            while not self.pages or not self.pages[-1].usable:
                page = Page(self._urls[self._turn % len(self._urls)])
                try:
                    self.visitor = (await page.enter(**self.auth, visitor=self.visitor))["visitor"]
                except (socketio.exceptions.SocketIOError, TimeoutError):
                    await page.leave()
                    self._turn += 1
                    await asyncio.sleep(PAUSE_SECONDS * (1 + random.random()))
                else:
                    page.opened_at = time.monotonic()
                    self.pages.append(page)
            return self.pages[-1]

    async def leave(self) -> None:
        for page in self.pages:
            await page.leave()

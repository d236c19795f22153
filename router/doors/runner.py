"""The listening side: connections that are counted before they are read, and closed when they stall.

aiohttp alone keeps a connection that sends nothing, or half a header, for an hour, and a receiver that does not read
for ever.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, cast

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from router.doors.connections import Connections

#: How long the rest of a body is read after the answer, so that the answer arrives.
_LINGERING_SECONDS = 5.0
#: Said to whom there is no room for; small enough to be sent without waiting.
_BODY = b'{"error":{"code":"%s","message":"%s","details":{"retry_after":%d}}}'
_FULL = _BODY % (b"unavailable", b"There are too many connections right now; try again a little later.", 5)
_TOO_MANY = _BODY % (b"rate_limited", b"There are too many connections from your address.", 30)


def _answer(status: bytes, retry_after: int, body: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nRetry-After: %d\r\nContent-Length: %d\r\n"
    return head % (status, retry_after, len(body)) + b"Connection: close\r\n\r\n" + body


_REFUSALS = {
    "full": _answer(b"503 Service Unavailable", 5, _FULL),
    "address": _answer(b"429 Too Many Requests", 30, _TOO_MANY),
}


class Handler(RequestHandler):
    """One connection: counted from its beginning to its end."""

    __slots__ = ("_connections", "_peer", "_unread_seconds")

    def __init__(self, server: web.Server, connections: Connections, unread_seconds: float, **options: Any) -> None:
        super().__init__(server, **options)
        self._connections = connections
        self._unread_seconds = unread_seconds
        self._peer: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = _address_of(transport)
        refusal = self._connections.admit(peer)
        if refusal is not None:
            outgoing = cast("asyncio.Transport", transport)
            outgoing.write(_REFUSALS[refusal])
            outgoing.close()
            return
        self._peer = peer
        super().connection_made(transport)
        # The kernel gives up on who acknowledges nothing or reads nothing for so long.
        with suppress(OSError, AttributeError):
            made = transport.get_extra_info("socket")
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(self._unread_seconds * 1000))

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is no error of ours: anybody could fill the log with it."""
        if status >= 500 or request.writer.output_size > 0:
            return super().handle_error(request, status, exc, message)
        answer = web.Response(status=status, text="This is no HTTP request.\n")
        answer.force_close()
        return answer

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._peer is None:
            return
        self._connections.leave(self._peer)
        self._peer = None
        super().connection_lost(exc)

    def go_on_counting(self) -> Callable[[], None]:
        """The connection is somebody else's from now on, who calls what is returned at its end."""
        if self._peer is None:
            return _nothing
        peer, self._peer = self._peer, None
        super().connection_lost(None)
        return partial(self._connections.leave, peer)


def _nothing() -> None:
    """It has ended."""


class _Server(web.Server):
    """Makes the handlers."""

    def __init__(self, made: web.Server, connections: Connections, unread_seconds: float, **options: Any) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory, **options)
        self._options = options
        self._door = connections
        self._unread_seconds = unread_seconds

    def __call__(self) -> RequestHandler:
        loop = asyncio.get_running_loop()
        return Handler(self, self._door, self._unread_seconds, loop=loop, **self._options)


class DoorRunner(web.AppRunner):
    """An application behind a door; to be given to any site of aiohttp's."""

    __slots__ = ("_door", "_options", "_unread_seconds")

    def __init__(
        self,
        app: web.Application,
        connections: Connections,
        *,
        idle_seconds: float,
        unread_seconds: float,
        shutdown_timeout: float,
    ) -> None:
        """``idle_seconds``: how long a header may take, and how long a connection is kept between two requests."""
        super().__init__(app, handle_signals=False, shutdown_timeout=shutdown_timeout)
        self._door = connections
        self._unread_seconds = unread_seconds
        self._options = {
            "access_log": None,
            "keepalive_timeout": idle_seconds,
            "lingering_time": min(_LINGERING_SECONDS, idle_seconds),
        }

    async def _make_server(self) -> web.Server:
        return _Server(await super()._make_server(), self._door, self._unread_seconds, **self._options)


def _address_of(transport: asyncio.BaseTransport) -> str:
    """The peer's address; empty for a local socket."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""

"""The Socket.IO server: answers the handshake, knows every connection, pings them, ends the dead and the uninvited.

WebSocket only, text only, no compression: 90 KB a page. A handshake comes through aiohttp, which then lets the
transport go: nothing of it is left for an open page.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable

from aiohttp import hdrs, web

from router.doors.runner import Handler
from router.sockets import frames, packets
from router.sockets.connection import Connection, Namespace, Socket, transport_of

_ACCEPTS = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_SWITCHING = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
)
_SWEEP_SECONDS = 1.0

#: Connections in the order of what is due for them, with the time it is due.
Due = deque[tuple[float, Connection]]


class SocketServer:
    """Namespaces are registered once, at the start; events of one socket are handled one after another."""

    def __init__(
        self,
        *,
        allowed_origins: frozenset[str] | None = None,
        max_frame_bytes: int = 65_536,
        ping_seconds: float = 15,
        pong_seconds: float = 10,
        connect_seconds: float = 10,
        address_of: Callable[[web.Request], str | None] = lambda _: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``allowed_origins`` None: pages of every origin may connect. A page that does not answer a ping within
        ``pong_seconds``, or sits in no namespace for ``connect_seconds``, is cut off. ``address_of``: the name under
        which a request's address is counted, if it is."""
        self.max_frame_bytes = max_frame_bytes
        self._allowed_origins = allowed_origins
        self._ping_seconds = ping_seconds
        self._pong_seconds = pong_seconds
        self._connect_seconds = connect_seconds
        self._address_of = address_of
        self._monotonic = monotonic
        self._namespaces: dict[bytes, Namespace] = {}
        self._connections: set[Connection] = set()
        self._sockets: dict[str, Socket] = {}
        self._to_ping: Due = deque()
        self._to_hear: Due = deque()
        self._to_seat: Due = deque()
        self._holding: list[Connection] = []
        self._sweeping: asyncio.TimerHandle | None = None
        self._closed = False

    def register_namespace(self, namespace: Namespace) -> None:
        self._namespaces[namespace.name.encode()] = namespace

    def attach(self, app: web.Application, path: str) -> None:
        """Serves below ``path``; every page is told when the application shuts down."""

        async def close(_: web.Application) -> None:
            self.close()

        app.router.add_route("*", path, self.accept)
        app.on_shutdown.append(close)

    # Handshakes ------------------------------------------------------------------------------------------------------

    async def accept(self, request: web.Request) -> web.Response:
        """Answers a handshake and takes the connection over from aiohttp, or refuses it with 400, 403 or 503."""
        key = request.headers.get(hdrs.SEC_WEBSOCKET_KEY, "")
        if request.method != "GET" or request.query.get("transport") != "websocket" or not _is_handshake(request, key):
            return web.json_response({"message": "WebSocket only"}, status=400)
        origin = request.headers.get(hdrs.ORIGIN)
        if self._allowed_origins is not None and origin is not None and origin not in self._allowed_origins:
            return web.json_response({"message": "Not from this page"}, status=403)
        if self._closed or request.transport is None:
            return web.json_response({"message": "Closing"}, status=503)
        accepted = base64.b64encode(hashlib.sha1((key + _ACCEPTS).encode(), usedforsecurity=False).digest())
        self._take_over(request, _SWITCHING % accepted)
        return web.Response()  # to nobody: for aiohttp the connection is lost

    def _take_over(self, request: web.Request, answer: bytes) -> None:
        protocol, early = request.protocol, _Early()
        protocol.set_parser(early)  # type: ignore[arg-type]  # it gets what came behind the handshake, and its end
        transport, protocol.transport = transport_of(request.transport), None  # else aiohttp would close it
        if isinstance(protocol, Handler):
            ended = protocol.go_on_counting()
        else:
            protocol.connection_lost(None)
            ended = _nothing
        connection = Connection(self, transport, self._address_of(request), ended)
        transport.set_protocol(connection)
        opening = packets.opening(
            self.new_id(),
            ping_interval=self._ping_seconds,
            ping_timeout=self._pong_seconds,
            max_bytes=self.max_frame_bytes,
        )
        connection.write(answer + frames.framed(opening))
        self._connections.add(connection)
        self._to_ping.append((self._monotonic() + self._ping_seconds, connection))
        self.expect_seat(connection)
        if self._sweeping is None:
            self._sweep_later()
        if early.data:
            connection.data_received(early.data)

    # What connections ask --------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        return secrets.token_urlsafe(15)

    def namespace(self, name: bytes) -> Namespace | None:
        return self._namespaces.get(name)

    def introduce(self, socket: Socket) -> Socket:
        """From now on the socket is found by its id."""
        self._sockets[socket.sid] = socket
        return socket

    def forget(self, socket: Socket) -> None:
        """It stands in no room any more."""
        if self._sockets.pop(socket.sid, None) is not None:
            for room in socket.rooms:
                room.leave(socket)
            socket.rooms = ()

    def expect_seat(self, connection: Connection) -> None:
        """It sits nowhere, from its opening or from now on."""
        self._to_seat.append((self._monotonic() + self._connect_seconds, connection))

    def ended(self, connection: Connection) -> None:
        self._connections.discard(connection)

    def write_soon(self, connection: Connection) -> None:
        """Its frames go out once those who wake in this moment have had their say."""
        if not self._holding:
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._write_held)
        self._holding.append(connection)

    def _write_held(self) -> None:
        holding, self._holding = self._holding, []
        for connection in holding:
            connection.write_held()

    # What the gateway asks -------------------------------------------------------------------------------------------

    def socket(self, sid: str) -> Socket | None:
        """A client who is here, let in or at the door; None for one who has gone."""
        return self._sockets.get(sid)

    async def disconnect(self, sid: str) -> None:
        socket = self._sockets.get(sid)
        if socket is not None:
            await socket.connection.let_go(socket)

    # Signs of life ---------------------------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Pings whom it is time to ping, and cuts off who has not been heard since or was never let in."""
        now = self._monotonic()
        while self._to_seat and self._to_seat[0][0] <= now:
            _, connection = self._to_seat.popleft()
            if connection.is_open and connection.is_at_the_door:
                self.expect_seat(connection)
            elif connection.is_open and not connection.sockets:
                connection.abort()
        while self._to_hear and self._to_hear[0][0] <= now:
            _, connection = self._to_hear.popleft()
            if connection.is_open and not connection.heard:
                connection.abort()
        while self._to_ping and self._to_ping[0][0] <= now:
            _, connection = self._to_ping.popleft()
            if not connection.is_open:
                continue
            connection.heard = False
            connection.write(_PING)
            self._to_hear.append((now + self._pong_seconds, connection))
            self._to_ping.append((now + self._ping_seconds, connection))

    def _sweep_later(self) -> None:
        self._sweeping = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep_again)

    def _sweep_again(self) -> None:
        self.sweep()
        self._sweep_later()

    def close(self) -> None:
        """Every page is told to come back later; no new one is accepted."""
        self._closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in list(self._connections):
            connection.close(frames.GOING_AWAY)


_PING = frames.framed(packets.PING)


def _is_handshake(request: web.Request, key: str) -> bool:
    """Whether it is a handshake of this version of WebSocket (RFC 6455, 4.2.1) and of Engine.IO."""
    headers = request.headers
    try:
        nonce = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return False
    return (
        len(nonce) == 16
        and "websocket" in headers.get(hdrs.UPGRADE, "").lower()
        and "upgrade" in headers.get(hdrs.CONNECTION, "").lower()
        and headers.get(hdrs.SEC_WEBSOCKET_VERSION) == "13"
        and request.query.get("EIO") == "4"
    )


class _Early:
    """What a client sent behind its handshake, before it was answered."""

    def __init__(self) -> None:
        self.data = b""

    def feed_data(self, data: bytes) -> None:
        self.data += data

    def feed_eof(self) -> None:
        """There is no more."""


def _nothing() -> None:
    """Nobody counts."""

"""The Socket.IO server: WebSocket only, text only, no compression, malformed frames end the connection."""

from __future__ import annotations

import logging
import re
from typing import Any

import socketio
from aiohttp import WSMsgType, web

from router.sockets import wire

#: Names that python-socketio's dispatch keeps for itself: a client may not say them as events.
_RESERVED = frozenset({"connect", "disconnect"})
#: Engine.IO close, ping, pong and message; of Socket.IO connect, disconnect, event and ack, never binary ones.
_FRAME = re.compile(r"(?:[123]|4[0-3])")


#: How long a closing handshake is waited for.
_CLOSE_SECONDS = 1.0


class _TextSocket:
    """What python-engineio needs of a WebSocket; its own wrapper compresses, which costs 90 KB a client."""

    def __init__(self, handler: Any, server: Any) -> None:
        self._handler = handler
        self._server = server
        # aiohttp refuses what reaches its limit; ours names the largest frame that passes.
        self._socket = web.WebSocketResponse(
            max_msg_size=server.max_http_buffer_size + 1, compress=False, timeout=_CLOSE_SECONDS
        )
        self.environ: dict[str, Any] = {}

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        await self._socket.prepare(environ["aiohttp.request"])
        self.environ = environ
        await self._handler(self)
        return self._socket

    async def close(self) -> None:
        await self._socket.close()

    async def send(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            await self._socket.send_bytes(message)
        else:
            await self._socket.send_str(message)

    async def wait(self) -> str:
        """The next frame; raises OSError, which ends the connection, for everything that no client of ours sends."""
        message = await self._socket.receive()
        if message.type is not WSMsgType.TEXT or not _FRAME.match(message.data):
            raise OSError("closed, or not a text packet of Socket.IO")
        text: str = message.data
        return text


class _Server(socketio.AsyncServer):  # type: ignore[misc]  # python-socketio has no types
    """An event named `disconnect` would empty a seat whose socket goes on listening; one without a name stops here."""

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        named = isinstance(data, list) and data and isinstance(data[0], str) and data[0] not in _RESERVED
        await super()._handle_event(eio_sid, namespace, id, data if named else [""])


def make_socket_server(
    *,
    allowed_origins: list[str] | str,
    max_frame_bytes: int = 65_536,
    ping_interval: float = 15,
    ping_timeout: float = 10,
) -> Any:
    """A python-socketio server whose events of one socket are handled one after another."""
    quiet = logging.getLogger("router.sockets.library")
    quiet.setLevel(logging.CRITICAL)
    server = _Server(
        async_mode="aiohttp",
        async_handlers=False,
        json=wire,
        transports=["websocket"],
        allow_upgrades=False,
        http_compression=False,
        max_http_buffer_size=max_frame_bytes,
        cors_allowed_origins=allowed_origins,
        ping_interval=ping_interval,
        ping_timeout=ping_timeout,
        logger=quiet,
        engineio_logger=quiet,
        namespaces=["/chat", "/agent"],
    )
    server.eio._async = {**server.eio._async, "websocket": _TextSocket}
    return server

"""The Socket.IO server: WebSocket only, text only, no compression, malformed frames end the connection."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import engineio
import socketio
from aiohttp import web
from engineio.packet import MESSAGE, OPEN
from engineio.packet import Packet as EnginePacket
from socketio.packet import ACK, EVENT, Packet

from router.sockets import wire
from router.sockets.connection import Connection

#: Names that python-socketio's dispatch keeps for itself: a client may not say them as events.
_RESERVED = frozenset({"connect", "disconnect"})


class _TextPacket(Packet):  # type: ignore[misc]  # python-socketio has no types
    """Everything that we say is JSON: nothing is searched for bytes."""

    uses_binary_events = False


class _Engine(engineio.AsyncServer):  # type: ignore[misc]  # python-engineio has no types
    """Engine.IO with connections of our own."""

    async def _handle_connect(
        self, environ: dict[str, Any], transport: str, jsonp_index: Any = None
    ) -> web.StreamResponse:
        if self.service_task_handle is None:  # type: ignore[has-type]
            self.service_task_handle = self.start_background_task(self._service_task)
        sid = self.generate_id()
        connection = self.sockets[sid] = Connection(self, sid, environ["aiohttp.request"])
        opening = {
            "sid": sid,
            "upgrades": [],
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }
        await self._trigger_event("connect", sid, environ, run_async=False)
        try:
            return await connection.serve(EnginePacket(OPEN, opening))
        finally:
            self.sockets.pop(sid, None)


class _Rooms(socketio.AsyncManager):  # type: ignore[misc]  # python-socketio has no types
    """Who is in which room. Sending never waits, so it needs no task for each page."""

    async def emit(
        self, event: str, data: Any, namespace: str, room: str | None = None, skip_sid: str | None = None, **_: Any
    ) -> None:
        """An event with one argument to everybody in a room but the socket ``skip_sid``."""
        packet = EnginePacket(MESSAGE, _TextPacket(EVENT, namespace=namespace, data=[event, data]).encode())
        for sid, engine_sid in self.get_participants(namespace, room):
            connection = self.server.eio.sockets.get(engine_sid)
            if sid != skip_sid and connection is not None and not connection.closed:
                await connection.send(packet)


class _Server(socketio.AsyncServer):  # type: ignore[misc]  # python-socketio has no types
    """An event named `disconnect` would empty a seat whose socket goes on listening; one without a name stops here."""

    #: How long a connection may be without a seat in one of the namespaces.
    connect_seconds = 10.0

    def _engineio_server_class(self) -> type[_Engine]:
        return _Engine

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        self._expect_seat(eio_sid)

    async def _handle_disconnect(self, eio_sid: str, namespace: str | None, reason: str | None = None) -> None:
        await super()._handle_disconnect(eio_sid, namespace, reason)
        self._expect_seat(eio_sid)

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:
        eio_sid = self.manager.eio_sid_from_sid(sid, namespace)
        await super().disconnect(sid, namespace, ignore_queue)
        if eio_sid is not None:
            self._expect_seat(eio_sid)

    def _expect_seat(self, eio_sid: str) -> None:
        """A connection that sits nowhere, from its opening or from now on, is closed in time."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None and not connection.closing:
            asyncio.get_running_loop().call_later(self.connect_seconds, self._close_without_seat, eio_sid)

    def _close_without_seat(self, eio_sid: str) -> None:
        connection = self.eio.sockets.get(eio_sid)
        if connection is None:
            return
        if not any(self.manager.sid_from_eio_sid(eio_sid, namespace) for namespace in self.namespace_handlers):
            connection.cut_off()

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
        if not self.manager.is_connected(sid, namespace):
            return
        named = isinstance(data, list) and data and isinstance(data[0], str) and data[0] not in _RESERVED
        event, arguments = (data[0], data[1:]) if named else ("", [])
        answer = await self.namespace_handlers[namespace].trigger_event(event, sid, *arguments)
        if id is not None:
            answers = [] if answer is None else [answer]
            await self._send_packet(eio_sid, _TextPacket(ACK, namespace=namespace, id=id, data=answers))


def make_socket_server(
    *,
    allowed_origins: list[str] | str,
    max_frame_bytes: int = 65_536,
    ping_interval: float = 15,
    ping_timeout: float = 10,
    connect_seconds: float = 10,
) -> Any:
    """A python-socketio server whose events of one socket are handled one after another."""
    quiet = logging.getLogger("router.sockets.library")
    quiet.setLevel(logging.CRITICAL)
    server = _Server(
        client_manager=_Rooms(),
        async_mode="aiohttp",
        async_handlers=False,
        json=wire,
        serializer=_TextPacket,
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
    server.connect_seconds = connect_seconds
    return server

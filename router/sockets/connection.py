"""One page's WebSocket: frames go out at once and in order, and come in without a task and a timer for each.

Refuses frames that are no text packets of Socket.IO, and closes a page that lets too much pile up unread.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from aiohttp import WSMsgType, web
from engineio.async_socket import AsyncSocket
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import Packet

#: Engine.IO close, ping, pong and message; of Socket.IO connect, disconnect, event and ack, never binary ones.
_FRAME = re.compile(r"(?:[123]|4[0-3])")
#: How long a closing handshake is waited for.
_CLOSE_SECONDS = 1.0
#: What a page may leave unread; it comes back and catches up by `sync`.
_MAX_UNREAD_BYTES = 4 * 1024 * 1024


class Connection(AsyncSocket):  # type: ignore[misc]  # python-engineio has no types
    """Takes the place of python-engineio's socket, whose writer is a task that waits with a timer for every frame."""

    def __init__(self, server: Any, sid: str, request: web.Request) -> None:
        super().__init__(server, sid)
        self._request = request
        # aiohttp refuses what reaches its limit; ours names the largest frame that passes. Compression: 90 KB a page.
        self._socket = web.WebSocketResponse(
            max_msg_size=server.max_http_buffer_size + 1, compress=False, timeout=_CLOSE_SECONDS
        )

    async def serve(self, opening: Packet) -> web.WebSocketResponse:
        """Reads the page's packets until one of both sides closes."""
        await self._socket.prepare(self._request)
        self.connected = self.upgraded = True
        try:
            await self.send(opening)
            self.schedule_ping()
            while not self.closed:
                await self._read()
        except (OSError, SocketIsClosedError):
            pass
        finally:
            await self._socket.close()
            await self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        return self._socket

    async def _read(self) -> None:
        """Handles the next packet; raises OSError for everything that no client of ours sends."""
        message = await self._socket.receive()
        if message.type is not WSMsgType.TEXT or not _FRAME.match(message.data):
            raise OSError("closed, or not a text packet of Socket.IO")
        try:
            await self.receive(Packet(encoded_packet=message.data))
        except UnknownPacketError:
            return

    async def send(self, pkt: Packet) -> None:
        """Never waits for a page: it would keep everybody else waiting."""
        if not await self.check_ping_timeout():
            return
        transport = self._request.transport
        if transport is None or transport.is_closing() or self._socket.closed:
            return
        payload = pkt.encode().encode()
        transport.write(_text_header(len(payload)) + payload)
        if transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
            transport.abort()

    async def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Tells the page; one that does not hang up by itself is cut off."""
        await super().close(wait=wait, abort=abort, reason=reason)
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self.cut_off)

    def cut_off(self) -> None:
        """Without a closing handshake."""
        if self._request.transport is not None:
            self._request.transport.close()


def _text_header(length: int) -> bytes:
    """What stands before an unmasked text of so many bytes (RFC 6455, 5.2)."""
    if length < 126:
        return bytes((0x81, length))
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2, "big")
    return b"\x81\x7f" + length.to_bytes(8, "big")

"""One page's connection: frames in, packets to their namespace in the order of arrival, frames out at once.

Refuses what is no text packet of Socket.IO, lets a page say no more than it is heard, and cuts off one that lets too
much pile up unread. No task and no timer of its own: a task exists only while something is waited for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Protocol, cast

from router.sockets import frames, packets

if TYPE_CHECKING:
    from router.sockets.server import SocketServer

Work = Coroutine[Any, Any, None]

#: How long the client's answer to our close frame is waited for.
_CLOSE_SECONDS = 1.0
#: What a page may leave unread; it comes back and catches up by `sync`.
_MAX_UNREAD_BYTES = 4 * 1024 * 1024
#: So many packets wait for those before them; then nothing more is read.
_MAX_UNHEARD = 16
#: So many packets that need no waiting are handled in a row; then it is the others' turn.
_AT_ONCE = 64


class Namespace(Protocol):
    """An audience: who may enter, what is done with what they say. Nothing here raises."""

    name: str

    async def enter(self, sid: str, address: str | None, auth: Any) -> dict[str, Any] | None:
        """Lets a client in, or returns the refusal; the address is None where it is not counted."""

    def hear(self, sid: str, json: bytes) -> Any:
        """The acknowledgement of an event, or a coroutine that returns it."""

    async def leave(self, sid: str) -> None:
        """A client who was let in has gone."""


class Socket:
    """One connection's place in one namespace."""

    __slots__ = ("connection", "name", "namespace", "rooms", "sid")

    def __init__(self, connection: Connection, namespace: Namespace, sid: str) -> None:
        self.connection = connection
        self.namespace = namespace
        self.name = namespace.name.encode()
        self.sid = sid
        #: The rooms it stands in, kept by the gateway.
        self.rooms: tuple[Any, ...] = ()


class Connection(asyncio.Protocol):
    """Takes over the transport of a WebSocket handshake that was answered."""

    __slots__ = (
        "_address", "_ended", "_held", "_inbox", "_is_open", "_parts", "_rest", "_server", "_task", "_transport",
        "heard", "sockets",
    )  # fmt: skip

    def __init__(
        self, server: SocketServer, transport: asyncio.Transport, address: str | None, ended: Callable[[], None]
    ) -> None:
        """``ended`` is called once, when the transport is gone."""
        self._server = server
        self._transport = transport
        self._address = address
        self._ended = ended
        self._is_open = True
        #: What goes out with the next frame, or a moment later.
        self._held = b""
        self._rest = b""
        self._parts: list[bytes] | None = None
        self._inbox: deque[bytes] | None = None
        self._task: asyncio.Task[None] | None = None
        #: Whether anything arrived since the last ping.
        self.heard = True
        self.sockets: dict[bytes, Socket] = {}
        transport.set_write_buffer_limits(high=_MAX_UNREAD_BYTES)

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def is_at_the_door(self) -> bool:
        """Something that it said is being looked at, and it sits nowhere yet."""
        return not self.sockets and self._task is not None

    # Out -------------------------------------------------------------------------------------------------------------

    def send(self, packet: bytes) -> None:
        self.write(frames.framed(packet))

    def write(self, frame: bytes) -> None:
        """Never waits for a page: it would keep everybody else waiting."""
        if self._is_open:
            if self._held:
                frame, self._held = self._held + frame, b""
            self._transport.write(frame)

    def write_soon(self, frame: bytes) -> None:
        """The same, a moment later: what a commit tells a page goes out with the acknowledgement, for which its sender
        wakes in that moment. A call of the kernel is what a frame costs most.
        """
        if self._is_open:
            if not self._held:
                self._server.write_soon(self)
            self._held += frame

    def write_held(self) -> None:
        """What was kept for a moment and no frame has taken along."""
        if self._held:
            self.write(b"")

    def pause_writing(self) -> None:
        self.abort()

    def resume_writing(self) -> None:
        """Nobody waits for it."""

    def close(self, code: int) -> None:
        """Tells the page why; one that does not hang up by itself is cut off."""
        if self._is_open:
            self.write(frames.closing(code))
            self._end()
            asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._transport.abort)

    def abort(self) -> None:
        self._transport.abort()
        self._end()

    # In --------------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self._is_open:
            if data[:1] == b"\x88":  # the answer to our close frame
                self._transport.close()
            return
        self.heard = True
        try:
            cut, self._rest = frames.cut(self._rest + data if self._rest else data, self._server.max_frame_bytes)
            for first, payload in cut:
                text = self._text_of(first, payload)
                if not self.is_open:
                    return
                if text is None:
                    continue
                if self._task is not None or len(cut) > _AT_ONCE:
                    self._keep(text)
                elif (work := self._hear(text)) is not None:
                    self._task = asyncio.get_running_loop().create_task(self._work(work))
        except frames.BrokenFrame as broken:
            self.close(broken.code)

    def _text_of(self, first: int, payload: bytes) -> bytes | None:
        """The text that a frame completes; raises BrokenFrame."""
        if first != frames.TEXT or self._parts is not None:
            whole = self._put_together(first, payload)
            if whole is None:
                return None
            payload = whole
        if not payload.isascii():
            try:
                payload.decode()
            except UnicodeDecodeError:
                raise frames.BrokenFrame(frames.NOT_UTF8) from None
        return payload

    def _put_together(self, first: int, payload: bytes) -> bytes | None:
        if first == frames.CLOSE:
            self.write(frames.framed(payload[:2], frames.CLOSE))
            self._transport.close()
            self._end()
        elif first == frames.PING:
            self.write(frames.framed(payload, frames.PONG))
        elif first == frames.FIRST_PART and self._parts is None:
            self._parts = [payload]
        elif first in (frames.NEXT_PART, frames.LAST_PART) and self._parts is not None:
            self._parts.append(payload)
            if sum(map(len, self._parts)) > self._server.max_frame_bytes:
                raise frames.BrokenFrame(frames.TOO_LARGE)
            if first == frames.LAST_PART:
                whole, self._parts = b"".join(self._parts), None
                return whole
        elif first != frames.PONG:
            raise frames.BrokenFrame(frames.NO_TEXT if first & 0x0F == 2 else frames.PROTOCOL_ERROR)
        return None

    def _keep(self, text: bytes) -> None:
        """Its turn has not come; the page is read again when what is kept has been heard."""
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(text)
        if len(self._inbox) == _MAX_UNHEARD:
            self._transport.pause_reading()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work(None))

    async def _work(self, work: Work | None) -> None:
        """Does what has to be waited for, then hears what came meanwhile, then says good-bye to one who has gone."""
        try:
            if work is not None:
                await work
            await self._empty_inbox()
        except frames.BrokenFrame as broken:
            self.close(broken.code)
        finally:
            self._inbox = None
            if not self._is_open:
                await self._leave()
            self._task = None

    async def _empty_inbox(self) -> None:
        heard = 0
        while self._inbox and self._is_open:
            heard += 1
            if (work := self._hear(self._inbox.popleft())) is not None:
                await work
            elif heard % _AT_ONCE == 0:
                await asyncio.sleep(0)
        if self._inbox is not None and self._is_open:
            self._transport.resume_reading()

    def _hear(self, text: bytes) -> Work | None:
        """Handles a packet at once, or returns what there is to do; raises BrokenFrame for what is none."""
        packet = packets.PACKET.fullmatch(text)
        if packet is None:
            if text == packets.CLOSE:
                self.close(1000)
            elif text != packets.PONG and text[:1] != packets.PING:
                raise frames.BrokenFrame(frames.PROTOCOL_ERROR)
            return None
        kind, name, number, json = packet.groups(b"")
        if kind == packets.EVENT:
            socket = self.sockets.get(name)
            if socket is None:
                return None
            answer = socket.namespace.hear(socket.sid, json)
            if isinstance(answer, CoroutineType):
                return self._acknowledge_later(socket, number, answer)
            if number:
                self.send(packets.acknowledgement(name, number, answer))
            return None
        if kind == packets.CONNECT:
            return self._enter(name, json)
        if kind == packets.DISCONNECT and (socket := self.sockets.pop(name, None)) is not None:
            self._server.forget(socket)
            self._server.expect_seat(self)
            return socket.namespace.leave(socket.sid)
        return None

    async def _acknowledge_later(self, socket: Socket, number: bytes, answering: Coroutine[Any, Any, Any]) -> None:
        answer = await answering
        if number:
            self.send(packets.acknowledgement(socket.name, number, answer))

    async def _enter(self, name: bytes, json: bytes) -> None:
        namespace = self._server.namespace(name)
        if namespace is None or name in self.sockets:
            self.send(packets.refused(name, {"message": "there is no such namespace, or you are in it"}))
            return
        socket = self._server.introduce(Socket(self, namespace, self._server.new_id()))
        refusal = await namespace.enter(socket.sid, self._address, packets.loads(json))
        if refusal is not None:
            self._server.forget(socket)
            self.send(packets.refused(name, refusal))
        elif self._is_open:
            self.sockets[name] = socket
            self.send(packets.connected(name, socket.sid))
        else:
            self._server.forget(socket)
            await namespace.leave(socket.sid)

    async def let_go(self, socket: Socket) -> None:
        """The server ends a client's stay; a connection without anybody ends with it."""
        if self.sockets.pop(socket.name, None) is None:
            return
        self._server.forget(socket)
        self.send(packets.disconnected(socket.name))
        if not self.sockets:
            self.close(1000)
        await socket.namespace.leave(socket.sid)

    # The end ---------------------------------------------------------------------------------------------------------

    def eof_received(self) -> None:
        """The transport closes."""

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        self._ended()

    def _end(self) -> None:
        """Nothing is sent or heard from now on; what is under way is finished before its client has gone."""
        if not self._is_open:
            return
        self._is_open = False
        self._rest = b""
        for socket in self.sockets.values():
            self._server.forget(socket)
        self._server.ended(self)
        if self._task is None and self.sockets:
            self._task = asyncio.get_running_loop().create_task(self._leave())

    async def _leave(self) -> None:
        while self.sockets:
            _, socket = self.sockets.popitem()
            await socket.namespace.leave(socket.sid)


def transport_of(transport: asyncio.BaseTransport | None) -> asyncio.Transport:
    """uvloop's transports have no such parent."""
    return cast(asyncio.Transport, transport)

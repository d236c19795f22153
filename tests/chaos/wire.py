"""A network of our own between two programs on this machine, which can be cut, hang or be slow; loopback only."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from contextlib import suppress
from typing import Literal, cast

Upstream = str | tuple[str, int]
State = Literal["whole", "cut", "hanging"]

_HOST = "127.0.0.1"


class Wire:
    """One listening port; whoever connects reaches ``upstream``: a Unix socket's path, or a loopback host and port."""

    def __init__(self, upstream: Upstream) -> None:
        if not isinstance(upstream, str) and upstream[0] not in (_HOST, "localhost"):
            raise ValueError("a wire leads nowhere but to this machine")
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._ends: set[_End] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._waiting: list[_End] = []
        self.state: State = "whole"
        self.delay_seconds = 0.0
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.get_running_loop().create_server(lambda: _End(self, near=True), _HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)

    @property
    def connections(self) -> int:
        """How many are open, from end to end or waiting for the other end."""
        return sum(end.near for end in self._ends)

    # What can happen to a network ------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Every connection is reset, and every new one at once."""
        self.state = "cut"
        for end in list(self._ends):
            end.reset()

    def hang(self) -> None:
        """Nothing gets through in either direction and nobody is told; new connections are accepted and hang too."""
        self.state = "hanging"
        for end in self._ends:
            end.hold()

    def slow(self, seconds: float) -> None:
        """What is sent from now on arrives so much later."""
        self.delay_seconds = seconds

    def mend(self) -> None:
        """As before; what hung arrives now."""
        self.state, self.delay_seconds = "whole", 0.0
        for end in list(self._ends):
            end.flow()
        waiting, self._waiting = self._waiting, []
        for end in waiting:
            self._reach(end)

    # Its ends --------------------------------------------------------------------------------------------------------

    def _arrived(self, end: _End) -> None:
        self._ends.add(end)
        if self.state == "cut":
            end.reset()
        elif end.near:
            if self.state == "hanging":
                self._waiting.append(end)
            else:
                self._reach(end)

    def _left(self, end: _End) -> None:
        self._ends.discard(end)

    def _reach(self, end: _End) -> None:
        task = asyncio.create_task(self._connect(end))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _connect(self, near: _End) -> None:
        loop = asyncio.get_running_loop()
        far = _End(self, near=False)
        try:
            if isinstance(self._upstream, str):
                await loop.create_unix_connection(lambda: far, self._upstream)
            else:
                await loop.create_connection(lambda: far, *self._upstream)
        except OSError:
            near.reset()
            return
        near.marry(far)
        far.marry(near)


class _End(asyncio.Protocol):
    """One side of a connection; reading stops while the other side cannot take more, or while the wire hangs."""

    def __init__(self, wire: Wire, *, near: bool) -> None:
        self.near = near
        self._wire = wire
        self._transport: asyncio.Transport | None = None
        self._other: _End | None = None
        self._early: list[bytes] = []
        self._late: deque[tuple[float, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._wire._arrived(self)

    def marry(self, other: _End) -> None:
        self._other = other
        if other._transport is None or other._transport.is_closing():
            self.reset()
        early, self._early = self._early, []
        for data in early:
            other.take(data)

    def data_received(self, data: bytes) -> None:
        if self._other is None:
            self._early.append(data)
        else:
            self._other.take(data)

    def take(self, data: bytes) -> None:
        """Sends on what the other end read."""
        if self._wire.delay_seconds or self._late:
            due = asyncio.get_running_loop().time() + self._wire.delay_seconds
            self._late.append((due, data))
            self._wait()
        elif self._transport is not None:
            self._transport.write(data)

    def _wait(self) -> None:
        if self._timer is None and self._late:
            self._timer = asyncio.get_running_loop().call_at(self._late[0][0], self._send_late)

    def _send_late(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        while self._late and self._late[0][0] <= now + 0.001:
            _, data = self._late.popleft()
            if self._transport is not None:
                self._transport.write(data)
        self._wait()

    def pause_writing(self) -> None:
        self._full = True
        if self._other is not None:
            self._other.hold()

    def resume_writing(self) -> None:
        self._full = False
        if self._other is not None:
            self._other.flow()

    def hold(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def flow(self) -> None:
        may = self._wire.state == "whole" and not (self._other is not None and self._other._full)
        if may and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def reset(self) -> None:
        """Gone at once, as by RST."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None and not self._transport.is_closing():
            with suppress(OSError):
                found = self._transport.get_extra_info("socket")
                if found is not None:
                    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wire._left(self)
        other, self._other = self._other, None
        if other is None:
            return
        if exc is not None:
            other.reset()
        elif other._transport is not None:
            other._finish()

    def _finish(self) -> None:
        """The other end closed in order: what is still to be sent goes first."""
        while self._late and self._transport is not None:
            self._transport.write(self._late.popleft()[1])
        if self._transport is not None:
            self._transport.close()

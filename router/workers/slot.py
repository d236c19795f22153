"""One place among the workers: the process that has it now, started again when it dies, replaced without a gap."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from router.workers.nursery import Nursery, NurseryFailed
from router.workers.worker import Worker

log = logging.getLogger(__name__)

#: How long a replacement may take until it works; then the old one stays.
_READY_SECONDS = 120.0
#: A worker that is asked to end has this time; what it has not finished is durable.
_STOP_SECONDS = 16.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
#: Who worked for so long has not died of its start.
_HEALTHY_SECONDS = 60.0


class Process:
    """One worker's process, from its start to its end, which is noticed by its end of the pipe."""

    def __init__(self, pid: int, pipe: socket.socket) -> None:
        self.pid = pid
        self._pipe = pipe
        self._has_ended = False

    async def ready(self) -> bool:
        """Waits until it works; false where it ends before, or takes too long."""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_READY_SECONDS):
                return bool(await asyncio.get_running_loop().sock_recv(self._pipe, 1))
        return False

    async def ended(self) -> None:
        """Waits for its end."""
        with suppress(OSError):
            while not self._has_ended:
                self._has_ended = not await asyncio.get_running_loop().sock_recv(self._pipe, 1)
        self._has_ended = True
        self._pipe.close()

    async def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """SIGTERM, and after a while the end."""
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.ended(), seconds)
        except TimeoutError:
            log.warning("a worker did not end in time")
            self._signal(signal.SIGKILL)
            await self.ended()

    def _signal(self, number: signal.Signals) -> None:
        if not self._has_ended:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Slot:
    """Keeps one worker at work until it is stopped."""

    def __init__(self, number: int, of: int, nursery: Nursery, open_socket: Callable[[], socket.socket]) -> None:
        self._number = number
        self._of = of
        self._nursery = nursery
        self._open_socket = open_socket
        self._socket: socket.socket | None = None
        self._current: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> bool:
        """Whether it came to work; if so it is kept there."""
        self._current = await self._launch()
        if not await self._current.ready():
            return False
        self._watch = asyncio.create_task(self._keep(), name=f"worker {self._number}")
        return True

    async def replace(self, nursery: Nursery) -> None:
        """A process out of this nursery takes over before the old one ends; where it does not come to work, the old one
        stays. Raises `NurseryFailed`."""
        before, self._nursery = self._nursery, nursery
        try:
            old, new = self._current, await self._launch()
        except NurseryFailed:
            self._nursery = before
            raise
        if not await new.ready():
            log.error("the replacement of worker %d does not start; the old one stays", self._number)
            await new.stop()
            return
        self._current = new
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.create_task(self._keep(), name=f"worker {self._number}")
        if old is not None:
            await old.stop()

    async def stop(self, seconds: float) -> None:
        self._stopping = True
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        if self._current is not None:
            await self._current.stop(seconds)
        self._close_socket()

    async def _launch(self) -> Process:
        if self._socket is None:
            self._socket = self._open_socket()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            pid = await self._nursery.fork(Worker(self._number, self._of), self._socket, theirs)
        return Process(pid, ours)

    async def _keep(self) -> None:
        """Starts a worker that died again, at once and then more and more seldom."""
        pause = _FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while self._current is not None:
            began = loop.time()
            await self._current.ended()
            pause = _FIRST_PAUSE if loop.time() - began > _HEALTHY_SECONDS else min(2 * pause, _LONGEST_PAUSE)
            log.error("worker %d ended; starting it again", self._number)
            if pause > 2 * _FIRST_PAUSE:
                self._close_socket()  # nobody shall wait behind it for so long
                await asyncio.sleep(pause)
            try:
                self._current = await self._launch()
            except (NurseryFailed, OSError) as error:
                log.error("worker %d does not start: %s", self._number, error)
                continue
            if not await self._current.ready():
                await self._current.stop()

    def _close_socket(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

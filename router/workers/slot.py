"""One place among the workers: the process that has it now, started again when it dies, replaced without a gap."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from router.workers.worker import Worker, environment_of

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
#: How long a replacement may take until it works; then the old one stays.
_READY_SECONDS = 120.0
#: A worker that is asked to end has this time; what it has not finished is durable.
_STOP_SECONDS = 16.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
#: Who worked for so long has not died of its start.
_HEALTHY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Command:
    """What every worker is started with."""

    arguments: Sequence[str]
    environment: Mapping[str, str]


class Process:
    """One worker's process, from its start to its end."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: socket.socket) -> None:
        self._process = process
        self._pipe = pipe

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ready(self) -> bool:
        """Waits until it works; false where it ends before, or takes too long."""
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_READY_SECONDS):
                return bool(await asyncio.get_running_loop().sock_recv(self._pipe, 1))
        return False

    async def ended(self) -> int:
        """Waits for its end; its exit status."""
        status = await self._process.wait()
        self._pipe.close()
        return status

    async def stop(self, seconds: float = _STOP_SECONDS) -> int:
        """SIGTERM, and after a while the end."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.ended(), seconds)
        except TimeoutError:
            log.warning("a worker did not end in time")
            with suppress(ProcessLookupError):
                self._process.kill()
            return await self.ended()


class Slot:
    """Keeps one worker at work until it is stopped."""

    def __init__(self, number: int, of: int, command: Command, open_socket: Callable[[], socket.socket]) -> None:
        self._number = number
        self._of = of
        self._command = command
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

    async def replace(self) -> None:
        """A new process takes over before the old one ends; where it does not come to work, the old one stays."""
        old, new = self._current, await self._launch()
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
            worker = Worker(self._number, self._of, self._socket.fileno(), theirs.fileno())
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "router", *self._command.arguments),
                cwd=_ROOT if Path.cwd() == _ROOT else None,
                env={**os.environ, **self._command.environment, **environment_of(worker)},
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(self._socket.fileno(), theirs.fileno()),
                start_new_session=True,  # Ctrl+C in the terminal is for the parent
            )
        return Process(process, ours)

    async def _keep(self) -> None:
        """Starts a worker that died again, at once and then more and more seldom."""
        pause = _FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while self._current is not None:
            began = loop.time()
            status = await self._current.ended()
            pause = _FIRST_PAUSE if loop.time() - began > _HEALTHY_SECONDS else min(2 * pause, _LONGEST_PAUSE)
            log.error("worker %d ended with status %d; starting it again", self._number, status)
            if pause > 2 * _FIRST_PAUSE:
                self._close_socket()  # nobody shall wait behind it for so long
                await asyncio.sleep(pause)
            self._current = await self._launch()
            if not await self._current.ready():
                await self._current.stop()

    def _close_socket(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

"""Where workers come from: one process that has loaded what all of them need, and forks them.

What it has loaded they share, as long as nobody writes to it: code, the dictionaries, the encoder. It serves nobody,
starts no thread, and ends with its parent. Refuses an encoder of several threads: those would be lost in a fork.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from router.workers.worker import Worker

if TYPE_CHECKING:
    from kb_index.encoders import NamedEncoder
    from models.settings import EncoderSettings
    from router.settings import Settings

_VARIABLE = "YINGDA_NURSERY"
#: Of the libraries that reckon: threads are lost in a fork, and the cores belong to all workers.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LONGEST = 4096
_START_SECONDS = 120.0


class NurseryFailed(Exception):
    """It ended before it could start a worker; it has said why."""


class Nursery:
    """The parent's side."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._arguments = arguments
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._asking = asyncio.Lock()

    async def fork(self, worker: Worker, listening: socket.socket, pipe: socket.socket) -> int:
        """The process id of a new worker, which inherits both sockets; raises `NurseryFailed`."""
        async with self._asking:
            if self._process is None or self._process.returncode is not None:
                await self._start()
            assert self._control is not None
            told = msgspec.json.encode(worker)
            try:
                async with asyncio.timeout(_START_SECONDS):
                    socket.send_fds(self._control, [told], [listening.fileno(), pipe.fileno()])
                    said = await asyncio.get_running_loop().sock_recv(self._control, _LONGEST)
            except (OSError, TimeoutError) as error:
                raise NurseryFailed("no worker can be started") from error
            if not said:
                raise NurseryFailed("no worker can be started")
            return int(said)

    async def stop(self) -> None:
        """Its workers stay."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            await self._process.wait()
            self._process = None

    async def _start(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "router", *self._arguments),
                env={**_ONE_THREAD, **os.environ, **self._environment, _VARIABLE: str(theirs.fileno())},
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # Ctrl+C in the terminal is for the parent
            )


Serve = Callable[["Settings", Worker, "NamedEncoder | None"], int]


def control_of(environ: Mapping[str, str]) -> int | None:
    """Where a nursery is told to fork; None in every other process."""
    said = environ.get(_VARIABLE)
    return None if said is None else int(said)


def run_nursery(control_fd: int, settings: Settings, serve: Serve) -> int:
    """Loads, then forks a worker whenever it is told to; its workers return what ``serve`` returns."""
    settings = settings.model_copy(update={"encoder": _for_one_of_several(settings.encoder)})
    encoder = _load(settings.encoder)
    gc.collect()
    gc.freeze()  # what is never looked at by the collector is never written to
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is gone: the parent notices by its pipe
    control = socket.socket(fileno=control_fd)
    while True:
        told, handed, _, _ = socket.recv_fds(control, _LONGEST, 2)
        if not told:
            return 0
        pid = os.fork()
        if pid == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with suppress(OSError):
                os.setsid()
            worker = replace(msgspec.json.decode(told, type=Worker), socket=handed[0], tell=handed[1])
            return serve(settings, worker, encoder)
        for handle in handed:
            os.close(handle)
        control.send(str(pid).encode())


def _for_one_of_several(settings: EncoderSettings) -> EncoderSettings:
    """The cores belong to all workers: each encodes in one thread, unless the settings say otherwise."""
    return replace(settings, threads=settings.threads or 1)


def _load(settings: EncoderSettings) -> NamedEncoder | None:
    """What every worker needs; raises `ModelUnavailable`."""
    import router.serving  # with everything that it leads to, the dictionaries included
    from models.loading import load_encoder

    assert router.serving
    return load_encoder(settings) if settings.thread_count == 1 else None

"""A redis-server of our own for the workers of one machine: on a socket, keeps nothing, ends with its parent."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import logging
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

_LONGEST_PATH = 107
_RETRY_SECONDS = 0.5
_STOP_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1


class RedisMissing(Exception):
    """There is no redis-server on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "several workers tell each other by Redis: install redis-server, or name one in redis.url, "
            "or start with --workers 1"
        )


class RedisServer:
    """Started again whenever it dies; its address stays."""

    def __init__(self, folder: Path) -> None:
        """Raises `RedisMissing`."""
        program = shutil.which("redis-server")
        if program is None:
            raise RedisMissing
        self._program = program
        self._folder = folder
        self._socket = folder / "redis.sock"
        if len(os.fsencode(self._socket)) > _LONGEST_PATH:
            digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
            self._socket = Path(f"/tmp/yingda-{os.geteuid()}-{digest}.sock")  # noqa: S108 (Redis makes it ours alone)
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    async def start(self) -> None:
        """Raises OSError where it cannot be run."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        await self._launch()
        self._watch = asyncio.create_task(self._keep_running(), name="redis")

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._socket.unlink(missing_ok=True)

    async def _launch(self) -> None:
        self._socket.unlink(missing_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            self._program,
            *("--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"),
            cwd=self._folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in the terminal is for us
            preexec_fn=_end_with_parent,
        )

    async def _keep_running(self) -> None:
        assert self._process is not None
        while True:
            await self._process.wait()
            log.warning("redis-server ended; starting it again")
            await asyncio.sleep(_RETRY_SECONDS)
            await self._launch()


def _end_with_parent() -> None:
    """Asks the kernel to end this process with its parent, where the kernel can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

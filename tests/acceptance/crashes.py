"""Crashes of an embedded Postgres, from outside: its processes are killed, its supervisor has to bring it back."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import asyncpg

from database.place import find_place
from database.postmaster import Postmaster, running_postmaster

_BACK_SECONDS = 60.0


class PostgresProcesses:
    """The processes of the server that runs for a data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._paused: list[int] = []

    @property
    def dsn(self) -> str:
        return self._postmaster().dsn

    async def kill_all(self) -> None:
        """Everything at once, as when the power goes (but for what the kernel still writes)."""
        postmaster = self._postmaster()
        for pid in (postmaster.pid, *_children(postmaster.pid)):
            _kill(pid)
        await self._back(postmaster)

    async def kill_a_backend(self) -> None:
        """One process of one connection: Postgres then throws all shared memory away and recovers."""
        postmaster = self._postmaster()
        backends = [pid for pid in _children(postmaster.pid) if b"[local]" in _command(pid)]
        assert backends, "nobody is connected"
        _kill(backends[0])
        await self._back(postmaster, backends[0])

    async def stop_immediately(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, recovery at the next start."""
        postmaster = self._postmaster()
        postmaster.signal(signal.SIGQUIT)
        await self._back(postmaster)

    async def kill_for_good(self) -> None:
        """As `kill_all`; its data are out of reach as well, so that nobody starts it again."""
        postmaster = self._postmaster()
        pids = (postmaster.pid, *_children(postmaster.pid))
        postmaster.data.rename(postmaster.data.with_name("gone"))
        for pid in pids:
            _kill(pid)
        async with asyncio.timeout(_BACK_SECONDS):
            while any(_command(pid) for pid in pids):  # noqa: ASYNC110 (no child of ours)
                await asyncio.sleep(0.02)

    def pause(self) -> None:
        """SIGSTOP to every process: connections stay, nobody answers."""
        postmaster = self._postmaster()
        self._paused = [postmaster.pid, *_children(postmaster.pid)]
        for pid in self._paused:
            _signal(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """What was paused runs again."""
        paused, self._paused = self._paused, []
        for pid in paused:
            _signal(pid, signal.SIGCONT)

    def _postmaster(self) -> Postmaster:
        place = find_place(self._data_dir)
        assert place is not None
        found = running_postmaster(place.data)
        assert found is not None, "Postgres is not running"
        return found

    async def _back(self, before: Postmaster, *gone: int) -> None:
        """Waits until the old processes have left and the server answers again."""
        async with asyncio.timeout(_BACK_SECONDS):
            while any(_command(pid) for pid in (gone or (before.pid,))):  # noqa: ASYNC110 (no child of ours)
                await asyncio.sleep(0.02)
            while True:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, AssertionError):
                    connection = await asyncpg.connect(self.dsn, timeout=2)
                    await connection.close()
                    return
                await asyncio.sleep(0.05)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return []


def _command(pid: int) -> bytes:
    """Empty for a process that is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _kill(pid: int) -> None:
    _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)

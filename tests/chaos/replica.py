"""A replica of a running Postgres: made while that one is used, confirms every commit, takes its place when told."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from database.cluster import clean_environment, start_server
from database.place import Place, make_place
from database.postmaster import DATABASE, ROLE
from tests.chaos.wire import Wire

_SOCKET = ".s.PGSQL.5432"
_ANSWER_SECONDS = 60.0
_CONFIRMING = "select count(*) from pg_stat_replication where sync_state = 'sync'"


class Replica:
    """Nothing runs and nothing is there before `follow`, but its address is known."""

    def __init__(self, folder: Path, dsn: str) -> None:
        """``dsn``: of the embedded server that it will follow."""
        self._of = parse_qs(urlsplit(dsn).query)["host"][0]
        self._place = make_place(folder)
        self._socket_folder = self._place.socket_folder()
        self._to_first = Wire(self.of_path)  # under our account: that of the servers may not come in
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def of_path(self) -> str:
        """Of the first server's socket."""
        return f"{self._of}/{_SOCKET}"

    @property
    def path(self) -> str:
        """Of its own socket."""
        return f"{self._socket_folder}/{_SOCKET}"

    @property
    def either(self) -> str:
        """Leads to the one that takes writes."""
        return (
            f"postgresql://{ROLE}@/{DATABASE}?host={self._of},{self._socket_folder}&port=5432,5432"
            "&target_session_attrs=read-write"
        )

    async def follow(self) -> None:
        """Copies everything, catches up; returns once no commit is acknowledged that it does not have."""
        await self._to_first.open()
        source = f"host=127.0.0.1 port={self._to_first.port} user={ROLE} dbname={DATABASE} sslmode=disable"
        await asyncio.to_thread(_copy, self._place, source)
        self._process = start_server(self._place, self._socket_folder)
        await self._ask(self._socket_folder, "select 1")
        await self._ask(self._of, "alter system set synchronous_standby_names = '*'")
        await self._ask(self._of, "select pg_reload_conf()")
        async with asyncio.timeout(_ANSWER_SECONDS):
            while not await self._ask(self._of, _CONFIRMING):  # noqa: ASYNC110 (another process confirms)
                await asyncio.sleep(0.05)
        await self._ask(self._of, "create table replicated ()")  # the first commit that waits for it

    async def promote(self) -> None:
        """Takes writes from now on, and waits for nobody's confirmation."""
        await self._ask(self._socket_folder, "select pg_promote()")

    async def stop(self) -> None:
        await self._to_first.close()
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, 10)
            self._process.kill()
            self._process.wait()

    async def _ask(self, socket_folder: str | Path, sql: str) -> int:
        """The first value; waits until the server answers."""
        dsn = f"postgresql://{ROLE}@/{DATABASE}?host={socket_folder}&port=5432"
        async with asyncio.timeout(_ANSWER_SECONDS):
            while True:
                with suppress(OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
                    connection = await asyncpg.connect(dsn, timeout=10)
                    try:
                        return int(await connection.fetchval(sql) or 0)
                    finally:
                        await connection.close()
                await asyncio.sleep(0.05)


def _copy(place: Place, source: str) -> None:
    """Under our account, which may come in; then it is the servers'."""
    command = [str(place.binaries / "bin" / "pg_basebackup"), f"--pgdata={place.data}", f"--dbname={source}"]
    done = subprocess.run(
        [*command, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"],
        check=False,
        capture_output=True,
        env=clean_environment(),
        umask=0o077,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    for path in (place.data, *place.data.rglob("*")):
        place.hand_over(path)

"""What tests put in the place of the world: a clock moved by hand, and a Postgres server of the tests' own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from database.clock import ManualClock
from database.embedded import EmbeddedPostgres
from database.migrate import migrate

__all__ = ["EmbeddedInThread", "ManualClock", "PostgresForTests", "with_database"]

_TEMPLATE = "migrated"


def with_database(dsn: str, name: str) -> str:
    """The same server's address, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


class PostgresForTests:
    """One server for a whole run, with a migrated template that is copied for each test in some 30 ms."""

    def __init__(self, server_dsn: str) -> None:
        self._dsn = server_dsn
        self._made = 0

    async def make_template(self) -> None:
        """Migrates a database once, to be copied."""
        await self._run(f'drop database if exists "{_TEMPLATE}" with (force)')
        await self._run(f'create database "{_TEMPLATE}"')
        await migrate(with_database(self._dsn, _TEMPLATE))

    async def new(self, *, migrated: bool = True, like: str | None = None) -> str:
        """The address of a database of its own: migrated, empty, or a copy of another one that nobody is using."""
        self._made += 1
        name = f"test_{self._made}"
        await self._run(f'drop database if exists "{name}" with (force)')
        source = urlsplit(like).path[1:] if like else _TEMPLATE if migrated else "template0"
        await self._run(f'create database "{name}" template "{source}" strategy wal_log')
        return with_database(self._dsn, name)

    async def drop(self, dsn: str) -> None:
        """Removes a database, whoever is still connected."""
        await self._run(f'drop database if exists "{urlsplit(dsn).path[1:]}" with (force)')

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class EmbeddedInThread:
    """An embedded server that outlives the event loops of the single tests: its supervisor has a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPostgres(folder)
        self.dsn = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postgres", daemon=True)

    def __enter__(self) -> EmbeddedInThread:
        self._thread.start()
        self.dsn = asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

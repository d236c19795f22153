"""What tests put in the place of the world: a clock moved by hand, and a Postgres server of the tests' own."""

from __future__ import annotations

import asyncio
import io
import threading
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Kept:
    """What a database holds that others are like: to make a used one like it again."""

    name: str
    shape: str
    #: Binary rows by table and the columns that they have, and where each sequence stands.
    rows: dict[tuple[str, tuple[str, ...]], bytes]
    sequences: dict[str, int | None]


class PostgresForTests:
    """One server for a whole run. A test borrows a database as new: emptying a used one is fast."""

    def __init__(self, server_dsn: str) -> None:
        self._dsn = server_dsn
        self._made = 0
        self._kept: dict[str, Kept] = {}
        self._free: dict[str, list[str]] = {}
        self._lent: dict[str, str] = {}

    async def make_template(self) -> None:
        """Migrates a database once, to be copied."""
        await self._run(f'drop database if exists "{_TEMPLATE}" with (force)')
        await self._run(f'create database "{_TEMPLATE}"')
        await migrate(with_database(self._dsn, _TEMPLATE))

    async def lend(self, *, like: str | None = None) -> str:
        """The address of a migrated database, or of one like another that nobody is using; to be given back."""
        source = urlsplit(like).path[1:] if like else _TEMPLATE
        if source not in self._kept:
            self._kept[source] = await _keep(with_database(self._dsn, source), source)
        free = self._free.setdefault(source, [])
        dsn = free.pop() if free else await self._copy(source)
        self._lent[dsn] = source
        return dsn

    async def give_back(self, dsn: str) -> None:
        """Whoever is still connected is sent away; a database whose tables were changed is no use to anybody else."""
        source = self._lent.pop(dsn)
        try:
            as_before = await _restore(dsn, self._kept[source])
        except asyncpg.InvalidCatalogNameError:
            return  # the test has dropped it
        if as_before:
            self._free[source].append(dsn)
        else:
            await self.drop(dsn)

    async def new(self, *, migrated: bool = True) -> str:
        """The address of a database of its own: migrated or empty."""
        return await self._copy(_TEMPLATE if migrated else "template0")

    async def drop(self, dsn: str) -> None:
        """Removes a database, whoever is still connected."""
        await self._run(f'drop database if exists "{urlsplit(dsn).path[1:]}" with (force)')

    async def _copy(self, source: str) -> str:
        self._made += 1
        name = f"test_{self._made}"
        await self._run(f'drop database if exists "{name}" with (force)')
        await self._run(f'create database "{name}" template "{source}" strategy wal_log')
        return with_database(self._dsn, name)

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


#: How many there are of everything that a test could add or take away.
_SHAPE = """
select format('%s %s %s %s %s %s %s', (select count(*) from pg_class), (select count(*) from pg_attribute),
    (select count(*) from pg_rewrite), (select count(*) from pg_trigger), (select count(*) from pg_constraint),
    (select count(*) from pg_proc), (select setconfig::text from pg_db_role_setting s
                                     join pg_database d on d.oid = s.setdatabase where d.datname = current_database()))
"""
_COLUMNS = """
select table_name, array_agg(column_name::text order by ordinal_position) from information_schema.columns
where table_schema = 'public' and is_generated = 'NEVER'
  and table_name in (select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace)
group by table_name
"""
_EMPTY = """
set local session_replication_role = replica;
set local synchronous_commit = off;
do $$ declare t text; begin
    for t in select oid::regclass from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
        execute 'delete from ' || t;
    end loop;
end $$
"""


async def _keep(dsn: str, name: str) -> Kept:
    connection = await asyncpg.connect(dsn)
    try:
        rows = {}
        for table, columns in await connection.fetch(_COLUMNS):
            held = io.BytesIO()
            await connection.copy_from_table(table, columns=columns, output=held, format="binary")
            if await connection.fetchval(f'select exists (select from "{table}")'):
                rows[table, tuple(columns)] = held.getvalue()
        sequences = await connection.fetch("select sequencename, last_value from pg_sequences")
        return Kept(name, await connection.fetchval(_SHAPE), rows, dict(map(tuple, sequences)))
    finally:
        await connection.close()


async def _restore(dsn: str, kept: Kept) -> bool:
    """Puts a database back to what is kept; False where its tables are not the same any more."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        if await connection.fetchval(_SHAPE) != kept.shape:
            return False
        async with connection.transaction():
            await connection.execute(_EMPTY)
            for (table, columns), held in kept.rows.items():
                await connection.copy_to_table(table, columns=columns, source=io.BytesIO(held), format="binary")
            for sequence, last in kept.sequences.items():
                await connection.execute(f"select setval('{sequence}', {last or 1}, {last is not None})")
        return True
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

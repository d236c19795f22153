"""Primary and replica behind one address: connections go to the one that takes writes, whatever the other one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from database.embedded import EmbeddedPostgres
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.servers import connect, hosts_of
from database.settings import DatabaseSettings
from tests.chaos.wire import Wire
from tests.conftest import remove_cluster

pytestmark = pytest.mark.slow


@pytest.fixture
async def wires(dsn: str) -> AsyncIterator[list[Wire]]:
    """Two ways to one server, as two hosts of an address."""
    host, port = hosts_of(dsn)[0]
    upstream = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port or 5432)
    made = [Wire(upstream) for _ in range(2)]
    for wire in made:
        await wire.open()
    yield made
    for wire in made:
        await wire.close()


def through(wires: list[Wire], dsn: str) -> str:
    account, path = urlsplit(dsn).netloc.rpartition("@")[0], urlsplit(dsn).path
    return f"postgresql://{account}@{','.join(f'127.0.0.1:{wire.port}' for wire in wires)}{path}?sslmode=disable"


@pytest.mark.parametrize(
    ("dsn", "hosts"),
    [
        ("postgresql://u:p%40@one:5433,two/db", (("one", 5433), ("two", None))),
        ("postgresql://[::1]:1,[fe80::2]/db", (("::1", 1), ("fe80::2", None))),
        ("postgresql://u@/db?host=/run/a,/run/b&port=5432", (("/run/a", 5432), ("/run/b", 5432))),
        ("postgresql://u@/db?host=a,b&port=1,2", (("a", 1), ("b", 2))),
        ("postgresql:///db", ()),
    ],
)
def test_an_address_names_its_hosts(dsn: str, hosts: tuple[object, ...]) -> None:
    assert hosts_of(dsn) == hosts


async def test_a_server_that_says_nothing_hides_no_other_one(wires: list[Wire], dsn: str) -> None:
    wires[0].hang()
    connection = await connect(through(wires, dsn), timeout=30)
    assert await connection.fetchval("select 1") == 1
    await connection.close()
    assert wires[1].connections <= 1


async def test_where_no_server_is_reached_the_fault_says_so(wires: list[Wire], dsn: str) -> None:
    for wire in wires:
        wire.cut()
    with pytest.raises((OSError, asyncpg.PostgresConnectionError)):
        await connect(through(wires, dsn), timeout=30)


async def test_when_a_machine_falls_silent_what_waits_for_it_ends_and_the_rest_goes_on_at_the_other(
    wires: list[Wire], dsn: str
) -> None:
    settings = DatabaseSettings(pool_min=1, pool_max=1, statement_timeout_seconds=600)
    database = Database(through(wires, dsn), settings)
    await database.start()
    await database.execute("create table kept (n int)")
    wires[0].hang()
    async with asyncio.timeout(60):
        with pytest.raises(DatabaseUnavailable):
            await database.fetchval("select 1")
        await database.wait_ready(30)
        await database.execute("insert into kept values (1)")
    await database.close()


async def test_a_connection_to_a_server_that_only_reads_now_is_thrown_away(dsn: str) -> None:
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1))
    await database.start()
    await database.execute("create table kept (n int)")
    await database.execute("set default_transaction_read_only = on")  # what every open connection to it notices

    async def kept() -> None:
        while True:
            try:
                await database.execute("insert into kept values (1)")
                return
            except DatabaseUnavailable:
                await database.wait_ready(30)

    await kept()
    assert await database.fetchval("select count(*) from kept") == 1
    await database.close()


async def test_a_server_that_only_reads_is_not_ready_and_is_found_again_when_it_writes(dsn: str) -> None:
    name = urlsplit(dsn).path[1:]
    beside = await asyncpg.connect(dsn)
    await beside.execute(f'alter database "{name}" set default_transaction_read_only = on')
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1))
    await database.start()
    assert not database.ready
    with pytest.raises(DatabaseUnavailable):
        await database.execute("create table kept (n int)")

    await beside.execute("set default_transaction_read_only = off")
    await beside.execute(f'alter database "{name}" reset default_transaction_read_only')
    await beside.close()
    await database.wait_ready(30)
    await database.execute("create table kept (n int)")
    await database.close()


async def test_what_the_replica_did_not_confirm_is_not_reported_as_stored(tmp_path: Path) -> None:
    """Whoever cancels the waiting makes the server say COMMIT all the same; it only warns beside it."""
    server = EmbeddedPostgres(tmp_path / "var")
    dsn = await server.start()
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1))
    await database.start()
    try:
        await database.execute("create table kept (n int)")
        await database.execute("alter system set synchronous_standby_names = 'away'")
        await database.execute("select pg_reload_conf()")
        await _waits_for_replica(dsn)

        async def store() -> None:
            async with database.transaction() as connection:
                await connection.execute("insert into kept values (1)")

        async def find_again() -> None:
            """What a repeat of the same wish does: the rows are locked, which is a write as well."""
            async with database.transaction() as connection:
                assert await connection.fetchval("select n from kept for update") == 1

        for work in (store, find_again):
            doing = asyncio.create_task(work())
            await _cancel_the_waiting(dsn)
            with pytest.raises(DatabaseUnavailable):
                await doing
        assert await database.fetchval("select count(*) from kept") == 1
    finally:
        await database.close()
        await server.stop()
        remove_cluster(tmp_path / "var")


async def _cancel_the_waiting(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(30):
            while not await connection.fetchval(  # noqa: ASYNC110 (the server waits)
                "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'"
            ):
                await asyncio.sleep(0.02)
    finally:
        await connection.close()


async def _waits_for_replica(dsn: str) -> None:
    """Until the server has read its new settings."""
    async with asyncio.timeout(30):
        while True:
            connection = await asyncpg.connect(dsn)
            try:
                if await connection.fetchval("select current_setting('synchronous_standby_names')"):
                    return
            finally:
                await connection.close()

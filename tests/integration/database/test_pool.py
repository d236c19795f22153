"""The pool: starts while the database is down, comes back after an outage, says quickly when it is not there."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from database.embedded import EmbeddedPostgres
from database.errors import DatabaseUnavailable, UnsafeDurability
from database.ids import uuid7
from database.opening import open_database, prepare_database
from database.pool import Database
from database.settings import DatabaseSettings
from tests.conftest import remove_cluster

#: Far above what it should take, far below waiting for a server that does not come.
_SOON = 10


@pytest.fixture
async def own_server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server that a test may stop."""
    server = EmbeddedPostgres(tmp_path / "var")
    await server.start()
    yield server
    await server.stop()
    remove_cluster(tmp_path / "var")


@pytest.fixture
async def down() -> AsyncIterator[Database]:
    """A started `Database` whose server is not there."""
    database = Database("postgresql://yingda@/yingda?host=/nowhere", DatabaseSettings())
    await database.start()
    yield database
    await database.close()


async def test_starting_without_a_server_does_not_fail_and_says_so(down: Database) -> None:
    assert not down.ready
    assert down.reason == "the database is not running"
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await down.fetchval("select 1")
    with pytest.raises(DatabaseUnavailable):
        await down.wait_ready(0.1)
    assert time.monotonic() - began < _SOON


@pytest.mark.slow
async def test_a_database_that_comes_later_is_found_and_one_that_returns_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    server = EmbeddedPostgres(folder)
    dsn = await server.start()
    await server.stop()
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=4))
    await database.start()
    try:
        assert not database.ready

        server = EmbeddedPostgres(folder)
        await server.start()
        await database.wait_ready(10)
        assert await database.fetchval("select 1") == 1
        assert database.reason == ""

        await server.stop()
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await database.fetchval("select 1")
        assert time.monotonic() - began < _SOON
        assert not database.ready

        server = EmbeddedPostgres(folder)
        await server.start()
        await database.wait_ready(10)
        assert await database.fetchval("select 1") == 1
    finally:
        await database.close()
        await server.stop()
        remove_cluster(folder)


@pytest.mark.slow
async def test_a_crash_in_the_middle_of_a_transaction_is_unavailable_and_heals(own_server: EmbeddedPostgres) -> None:
    dsn = await own_server.attach()
    assert dsn is not None
    database = Database(dsn, DatabaseSettings(pool_min=2, pool_max=4))
    await database.start()
    await database.execute("create table kept (n int)")
    with pytest.raises(DatabaseUnavailable):
        async with database.transaction() as connection:
            await connection.execute("insert into kept values (1)")
            assert own_server.pid is not None
            os.kill(own_server.pid, signal.SIGKILL)
            for _ in range(200):
                await connection.execute("select 1")
                await asyncio.sleep(0.02)
    for _ in range(100):
        try:
            assert await database.fetchval("select count(*) from kept") == 0
            break
        except DatabaseUnavailable:
            await asyncio.sleep(0.1)
    else:
        pytest.fail("the pool did not heal")
    await database.close()


async def test_values_cross_as_python_objects(database: Database) -> None:
    value = {"名字": ["甲", 1, None, {"deep": True}]}
    assert await database.fetchval("select $1::jsonb", value) == value
    assert await database.fetchval("select $1::jsonb", "a string") == "a string"
    assert await database.fetchval("select '{\"a\": 1}'::json") == {"a": 1}
    assert await database.fetchval("select array[$1::jsonb]", value) == [value]
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert await database.fetchval("select $1::timestamptz", at) == at
    assert (await database.fetchval("select $1::timestamptz", at)).utcoffset().total_seconds() == 0
    made = uuid7()
    assert await database.fetchval("select $1::uuid", made) == made
    assert isinstance(await database.fetchval("select $1::uuid", made), UUID)


async def test_an_exception_rolls_back_and_is_passed_on(database: Database) -> None:
    await database.execute("create table kept (n int)")
    with pytest.raises(LookupError):
        async with database.transaction() as connection:
            await connection.execute("insert into kept values (1)")
            raise LookupError
    with pytest.raises(asyncpg.DivisionByZeroError):
        await database.fetchval("select 1 / 0")
    assert await database.fetchval("select count(*) from kept") == 0
    assert database.ready


async def test_a_transaction_left_open_by_hand_does_not_reach_the_next_user(dsn: str) -> None:
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1))
    await database.start()
    await database.execute("create table kept (n int)")
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)  # asyncpg tells the loop about it
    async with database.connection() as connection:
        await connection.execute("begin; insert into kept values (1)")
    assert await database.fetchval("select count(*) from kept") == 0
    await database.close()


async def test_a_full_pool_is_unavailable_but_not_down(dsn: str) -> None:
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1))
    await database.start()
    async with database.connection():
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="no connection became free"):
            await database.fetchval("select 1")
        assert time.monotonic() - began < _SOON
    assert database.ready
    await database.close()


async def test_a_slow_statement_is_cancelled(dsn: str) -> None:
    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=1, statement_timeout_seconds=0.2))
    await database.start()
    with pytest.raises(asyncpg.QueryCanceledError):
        await database.execute("select pg_sleep(5)")
    assert await database.fetchval("select 1") == 1
    await database.close()


@pytest.mark.parametrize("unsafe", ["synchronous_commit"])
async def test_a_server_that_could_lose_messages_is_refused(unsafe: str, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        f"do $$ begin execute format('alter database %I set {unsafe} = off', current_database()); end $$"
    )
    await connection.close()

    with pytest.raises(UnsafeDurability, match=f"{unsafe}=off") as caught:
        await open_database(DatabaseSettings(url=dsn), Path("/nowhere"))
    assert "\n" not in str(caught.value)

    allowing = DatabaseSettings(url=dsn, allow_unsafe_durability=True)
    database, embedded = await open_database(allowing, Path("/nowhere"))
    assert embedded is None
    assert await prepare_database(database, allowing) == [unsafe]
    await database.close()


async def test_open_database_makes_and_migrates_an_embedded_one_and_stops_it(tmp_path: Path) -> None:
    said: list[str] = []
    database, embedded = await open_database(DatabaseSettings(), tmp_path / "var", on_status=said.append)
    assert embedded is not None
    try:
        assert await database.fetchval("select count(*) from schema_migrations") >= 1
        assert said == ["making the database", "starting the database"]
    finally:
        await database.close()
        await embedded.stop()
    assert await EmbeddedPostgres(tmp_path / "var").attach() is None
    remove_cluster(tmp_path / "var")


async def test_a_url_that_leads_nowhere_ends_a_script_with_one_line() -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await open_database(DatabaseSettings(url="postgresql://x@127.0.0.1:1/x"), Path("/nowhere"), wait_seconds=0.5)
    assert str(caught.value) == "the database is not running"

"""Migrations: forward only, once each, one process at a time, and an old file may not change."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from database.clock import ManualClock
from database.errors import MigrationRefused
from database.migrate import current, migrate, migrations


def put(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(sql)
    return folder


async def is_current(dsn: str, folder: Path) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return await current(connection, folder=folder)
    finally:
        await connection.close()


async def test_migrations_apply_in_order_and_once(empty_dsn: str, tmp_path: Path, clock: ManualClock) -> None:
    folder = put(
        tmp_path, m0001_first="create table a (n int);", m0002_second="alter table a add column m int; select 1;"
    )
    assert not await is_current(empty_dsn, folder)

    assert [migration.number for migration in await migrate(empty_dsn, folder=folder, clock=clock)] == [1, 2]
    assert await migrate(empty_dsn, folder=folder) == []
    assert await is_current(empty_dsn, folder)

    put(folder, m0003_third="insert into a (n, m) values (1, 2);")
    assert not await is_current(empty_dsn, folder)
    assert [migration.name for migration in await migrate(empty_dsn, folder=folder)] == ["third"]
    connection = await asyncpg.connect(empty_dsn)
    assert await connection.fetchval("select count(*) from a") == 1
    assert await connection.fetchval("select applied_at from schema_migrations where number = 1") == clock.now()
    await connection.close()


async def test_a_changed_old_file_is_refused_in_one_line(empty_dsn: str, tmp_path: Path) -> None:
    folder = put(tmp_path, m0001_first="create table a (n int);")
    await migrate(empty_dsn, folder=folder)
    put(folder, m0001_first="create table a (n bigint);", m0002_second="create table b ();")
    with pytest.raises(MigrationRefused, match=r"^migration 0001_first\.sql was changed after") as caught:
        await migrate(empty_dsn, folder=folder)
    assert "\n" not in str(caught.value)
    assert not await is_current(empty_dsn, folder)


async def test_a_database_newer_than_the_program_is_refused(empty_dsn: str, tmp_path: Path) -> None:
    folder = put(tmp_path, m0001_first="create table a ();", m0002_second="create table b ();")
    await migrate(empty_dsn, folder=folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationRefused, match="newer than this program"):
        await migrate(empty_dsn, folder=folder)


async def test_a_failing_migration_leaves_nothing_of_itself_behind(empty_dsn: str, tmp_path: Path) -> None:
    folder = put(tmp_path, m0001_first="create table a ();", m0002_second="create table b (); select 1 / 0;")
    with pytest.raises(MigrationRefused, match="0002_second failed: division by zero"):
        await migrate(empty_dsn, folder=folder)
    put(folder, m0002_second="create table b ();")
    assert [migration.number for migration in await migrate(empty_dsn, folder=folder)] == [2]


async def test_many_processes_at_once_migrate_once(empty_dsn: str, tmp_path: Path) -> None:
    folder = put(tmp_path, m0001_first="create table a (); select pg_sleep(0.2);", m0002_second="create table b ();")
    done = await asyncio.gather(*(migrate(empty_dsn, folder=folder) for _ in range(5)))
    assert sorted(len(applied) for applied in done) == [0, 0, 0, 0, 2]


@pytest.mark.parametrize("names", [["0002_second"], ["0001_first", "0003_third"], ["first"]])
def test_numbers_have_no_gaps(names: list[str], tmp_path: Path) -> None:
    put(tmp_path, **{f"m{name}": "select 1" for name in names})
    with pytest.raises(MigrationRefused):
        migrations(tmp_path)


def test_the_programs_own_migrations_are_in_order() -> None:
    assert migrations()[0].name == "first"

"""The log in parts: an old table becomes the part of everything before, coming months are made ahead."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from database.clock import ManualClock
from database.ids import uuid7
from database.migrate import FOLDER, migrate
from database.pool import Database
from router.retention.months import Month, first_id
from router.retention.partitions import Partitions

_INSERT = (
    "insert into events (conversation_id, seq, kind, at, actor_kind, body) "
    "values ($1, $2, 'message', $3, 'customer', '{}')"
)


def id_at(year: int, month: int, day: int) -> UUID:
    return uuid7(int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000))


async def parts(database: Database) -> list[str]:
    return [row[0] for row in await database.fetch("select name from events_partitions order by is_rest, name")]


async def place_of(database: Database, conversation_id: UUID) -> str:
    place: str = await database.fetchval(
        "select tableoid::regclass::text from events where conversation_id = $1", conversation_id
    )
    return place


async def test_a_log_from_before_becomes_the_part_of_everything_before(empty_dsn: str, tmp_path: Path) -> None:
    for path in sorted(FOLDER.glob("*.sql"))[:23]:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    await migrate(empty_dsn, folder=tmp_path)
    old = [id_at(2025, 3, 9), id_at(2026, 11, 21)]
    connection = await asyncpg.connect(empty_dsn)
    await connection.executemany(_INSERT, [(each, 1, datetime(2025, 3, 9, tzinfo=UTC)) for each in old])
    await connection.close()

    await migrate(empty_dsn)
    connection = await asyncpg.connect(empty_dsn)
    try:
        rows = await connection.fetch("select conversation_id, tableoid::regclass::text as part from events order by 1")
        assert [tuple(row) for row in rows] == [(each, "events_before") for each in old]
        (before, _) = await connection.fetch("select * from events_partitions order by is_rest")
        assert (before["low"], before["high"]) == (None, Month(2026, 12).low)
        for each in (id_at(2026, 11, 30), id_at(2026, 12, 1)):
            await connection.execute(_INSERT, each, 1, datetime(2026, 12, 1, tzinfo=UTC))
        assert await connection.fetchval("select count(*) from events_before") == 3
        assert await connection.fetchval("select count(*) from events_rest") == 1
    finally:
        await connection.close()


async def test_coming_months_are_made_ahead_by_any_number_of_servers(database: Database, clock: ManualClock) -> None:
    servers = [Partitions(database, clock) for _ in range(4)]
    await asyncio.gather(*(server.tick() for server in servers))
    assert await parts(database) == [
        "events_2026_11", "events_2026_12", "events_2027_01", "events_2027_02", "events_rest",
    ]  # fmt: skip
    clock.advance(40 * 86_400)
    await servers[0].tick()
    assert (await parts(database))[-2:] == ["events_2027_04", "events_rest"]


async def test_what_came_before_its_part_was_made_moves_into_it(database: Database, clock: ManualClock) -> None:
    late, early, beyond = id_at(2026, 11, 22), id_at(2025, 1, 31), id_at(9000, 1, 1)
    for each in (late, early, beyond):
        await database.execute(_INSERT, each, 1, clock.now())
    await Partitions(database, clock).tick()
    assert await place_of(database, late) == "events_2026_11"
    assert await place_of(database, early) == "events_2025_01"
    assert await place_of(database, beyond) == "events_rest"


async def test_a_part_is_like_the_log(database: Database, clock: ManualClock) -> None:
    await Partitions(database, clock).tick()
    kinds = await database.fetch(
        "select count(*) as indexes from pg_index i join pg_class c on c.oid = i.indrelid "
        "where c.relname in ('events', 'events_2026_11', 'events_rest') and i.indisvalid group by c.relname"
    )
    assert [row["indexes"] for row in kinds] == [3, 3, 3]
    plan = "\n".join(
        row[0]
        for row in await database.fetch(
            f"explain select * from events where conversation_id = '{id_at(2026, 12, 24)}' and seq > 3 order by seq"
        )
    )
    assert "events_2026_12" in plan
    assert "events_2026_11" not in plan


async def test_ids_and_moments_are_told_alike_in_sql_and_in_python(database: Database) -> None:
    moment = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
    assert await database.fetchval("select first_id($1)", moment) == first_id(moment)
    assert await database.fetchval("select moment_of_id($1)", first_id(moment)) == moment

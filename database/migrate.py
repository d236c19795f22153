"""Brings the schema up to date: numbered files, forward only, one process at a time; a changed old file is refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from database.clock import Clock, SystemClock
from database.errors import MigrationRefused
from database.queries import load_queries
from database.servers import connect

if TYPE_CHECKING:
    from database.pool import AnyConnection

FOLDER = Path(__file__).parent / "migrations"
_FILE = re.compile(r"^(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql$")
#: Any constant of our own; whoever migrates holds this advisory lock.
_LOCK = 0x59494E474441  # "YINGDA"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """The migrations of this program in their order; their numbers run from 1 without a gap."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        named = _FILE.match(path.name)
        if not named:
            raise MigrationRefused(f"{path}: a migration is named like 0001_first.sql")
        found.append(Migration(int(named["number"]), named["name"], path.read_text(encoding="utf-8")))
    for expected, migration in enumerate(found, start=1):
        if migration.number != expected:
            raise MigrationRefused(f"{folder}: expected migration {expected:04}, found {migration.number:04}")
    return found


async def migrate(dsn: str, *, folder: Path = FOLDER, clock: Clock | None = None) -> list[Migration]:
    """Applies what is missing and returns it. Waits while another process migrates."""
    clock = clock or SystemClock()
    queries = load_queries(__file__)
    wanted = migrations(folder)
    connection = await connect(dsn, timeout=10)
    try:
        await connection.execute(queries["unlimited_time"])
        await connection.execute(queries["lock"], _LOCK)
        await connection.execute(queries["create_table"])
        applied = await _applied(connection)
        missing = _missing(wanted, applied)
        for migration in missing:
            async with connection.transaction():
                try:
                    await connection.execute(migration.sql)
                except asyncpg.PostgresError as error:
                    raise MigrationRefused(
                        f"migration {migration.number:04}_{migration.name} failed: {error}"
                    ) from error
                await connection.execute(
                    queries["record"], migration.number, migration.name, migration.sha256, clock.now()
                )
        return missing
    finally:
        await connection.close()


async def current(connection: AnyConnection, *, folder: Path = FOLDER) -> bool:
    """Whether the database has exactly the migrations of this program."""
    try:
        return not _missing(migrations(folder), await _applied(connection))
    except (asyncpg.UndefinedTableError, MigrationRefused):
        return False


async def _applied(connection: AnyConnection) -> dict[int, str]:
    queries = load_queries(__file__)
    return {row["number"]: row["sha256"] for row in await connection.fetch(queries["applied"])}


def _missing(wanted: list[Migration], applied: dict[int, str]) -> list[Migration]:
    unknown = max(applied, default=0)
    if unknown > len(wanted):
        raise MigrationRefused(f"the database is at migration {unknown:04}, newer than this program's {len(wanted):04}")
    for migration in wanted:
        if applied.get(migration.number, migration.sha256) != migration.sha256:
            raise MigrationRefused(
                f"migration {migration.number:04}_{migration.name}.sql was changed after it had been applied; "
                "put the old text back and write a new migration"
            )
    return [migration for migration in wanted if migration.number not in applied]

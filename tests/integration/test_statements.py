"""Every named statement of the program prepares against the migrated schema."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from database.pool import Database
from database.queries import load_queries

ROOT = Path(__file__).parents[2]
PACKAGES = ("router", "bot", "kb_index", "models", "database", "scripts")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*queries.sql"))


def test_there_are_statements_to_check() -> None:
    assert ROOT / "database" / "queries.sql" in FILES


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
async def test_every_statement_prepares(file: Path, database: Database) -> None:
    faults = []
    async with database.connection() as connection:
        for name, statement in load_queries(file).items():
            try:
                await connection.prepare(statement)
            except asyncpg.PostgresError as error:
                faults.append(f"{file.relative_to(ROOT)}: {name}: {error}")
    assert not faults, "\n".join(faults)


async def test_a_statement_that_does_not_fit_the_schema_would_be_found(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(asyncpg.UndefinedColumnError):
            await connection.prepare("select no_such_column from events where conversation_id = $1")

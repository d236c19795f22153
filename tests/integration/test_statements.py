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


async def test_no_index_holds_what_every_turn_of_the_bot_moves(database: Database) -> None:
    """Then its update stays on the row's own page and no index is written (HOT); conditions of indexes count too."""
    async with database.connection() as connection:
        found = await connection.fetch(
            "select distinct a.attname from pg_index i"
            " join pg_depend d on d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid > 0"
            " join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid"
            " where i.indrelid = 'conversations'::regclass"
        )
    held = {row["attname"] for row in found}
    assert "last_spell" in held, "conditions and columns of indexes are seen"
    moved = {"last_seq", "question_seq", "answered_seq", "last_at", "last_text", "misses", "signals", "idle_warned_at"}
    assert not held & moved

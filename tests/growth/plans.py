"""How Postgres would carry a statement out, and what it touched when it did."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection
Node = dict[str, Any]


@dataclass(frozen=True)
class Touched:
    """Rows that were looked at, blocks of 8 KiB that were read (from memory or not), large tables walked through."""

    rows: int
    blocks: int
    walked: tuple[str, ...]


async def large_tables(connection: Connection, rows: int) -> frozenset[str]:
    """Tables, and parts of the log, with so many rows."""
    found = await connection.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > $1",
        float(rows),
    )
    return frozenset(row["relname"] for row in found)


async def blind_plan(connection: Connection, statement: str) -> Node:
    """The plan for parameters that nobody knows yet, which a prepared statement falls back to."""
    await connection.execute("set local plan_cache_mode = force_generic_plan")
    await connection.execute(f"prepare planned as {statement}")
    try:
        parameters = await connection.fetchval(
            "select cardinality(parameter_types) from pg_prepared_statements where name = 'planned'"
        )
        nothing = f"({', '.join(['null'] * parameters)})" if parameters else ""
        return _plan(await connection.fetchval(f"explain (format json) execute planned{nothing}"))
    finally:
        await connection.execute("deallocate planned")


async def touched(
    connection: Connection, statement: str, arguments: Sequence[Any], mode: str, large: frozenset[str]
) -> Touched:
    """Carries the statement out; ``mode`` is one of ``plan_cache_mode``."""
    await connection.execute(f"set local plan_cache_mode = {mode}")
    await connection.execute(f"prepare planned as {statement}")
    try:
        values = ", ".join(_literal(value) for value in arguments)
        given = f"({values})" if arguments else ""
        explained = f"explain (analyze, buffers, timing off, format json) execute planned{given}"
        plan = _plan(await connection.fetchval(explained))
    finally:
        await connection.execute("deallocate planned")
    rows = sum(_looked_at(node) for node in nodes(plan) if "Relation Name" in node)
    blocks = plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    return Touched(rows, blocks, tuple(sorted(set(walks(plan, large)))))


def nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def walks(plan: Node, large: frozenset[str]) -> Iterator[str]:
    """Large tables that are read from the first to the last row."""
    for node in nodes(plan):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large and node.get("Actual Loops", 1):
            yield node["Relation Name"]


def _looked_at(node: Node) -> int:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + removed) * node["Actual Loops"])


def _plan(explained: str) -> Node:
    plan: Node = json.loads(explained)[0]["Plan"]
    return plan


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, list):
        inside = ",".join('"' + str(each).replace("'", "''") + '"' for each in value)
        return f"'{{{inside}}}'"
    if isinstance(value, datetime | UUID):
        return f"'{value}'"
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"

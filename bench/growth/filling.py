"""Fills an empty database with a made-up past: rows are made up in one thread while Postgres takes in those before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from bench.growth.copying import Rows
from bench.growth.past import Past, Shape
from database.ids import uuid7
from router.retention.months import Month

if TYPE_CHECKING:
    from database.pool import AnyConnection

Progress = Callable[[str, int, int], None]

#: Indexes that are many times faster to make than to keep up to date.
_LATER = ("searchable_conversations_words",)


_WITHOUT_LOG = r"""
select format('alter table %s set unlogged', oid::regclass) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace
  and (relname like 'events\_%'
       or relname = any('{conversations,searchable_conversations,searchable_tickets,clocks,notes,sends,solved_cases,
                          l1_verdicts,ratings,promises,visitors}'))
  and not exists (select from pg_constraint where confrelid = pg_class.oid)
"""


class NotEmpty(Exception):
    """There are conversations: a made-up past would stand among them."""


async def fill(
    dsn: str, shape: Shape, until: datetime, progress: Progress, *, seed: int = 7, for_good: bool = True
) -> int:
    """How many messages were written. Raises `NotEmpty` where there are conversations.

    Not ``for_good``: the large tables do without the write-ahead log, which a crash would empty them for.
    """
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("select exists (select from conversations)"):
            raise NotEmpty("the database has conversations: a made-up past goes into an empty one only")
        await connection.execute("set synchronous_commit = off; set statement_timeout = 0; set jit = off")
        past = Past(shape, until, seed)
        await _make_parts(connection, shape, until)
        if not for_good:
            for statement in await connection.fetch(_WITHOUT_LOG):
                await connection.execute(statement[0])
        with suppress(asyncpg.InsufficientPrivilegeError):  # keys and triggers are looked after below
            await connection.execute("set session_replication_role = replica")
        async with connection.transaction():
            later = [await connection.fetchval("select pg_get_indexdef($1::text::regclass)", name) for name in _LATER]
            for name in _LATER:
                await connection.execute(f'drop index "{name}"')
            await past.people().copy(connection)
            batches = past.batches()
            made = await asyncio.to_thread(_next, batches)
            while made is not None:
                _, made = await asyncio.gather(made.copy(connection), asyncio.to_thread(_next, batches))
                progress("writing messages", min(past.messages, shape.messages), shape.messages)
            await connection.execute("set local maintenance_work_mem = '512MB'")
            for number, statement in enumerate(later):
                progress("making indexes", number, len(later) + 1)
                await connection.execute(statement)
        progress("making indexes", len(later), len(later) + 1)
        await connection.execute("vacuum (analyze, parallel 0)" if for_good else "analyze")
        await connection.execute("reset session_replication_role")
        if for_good:
            await _count(connection, progress)
        return past.messages
    finally:
        await connection.close()


async def _count(connection: AnyConnection, progress: Progress) -> None:
    """What managers count is kept for every conversation that has ended."""
    await connection.execute("truncate uncounted")
    await connection.execute(
        "insert into uncounted (conversation_id) select id from conversations where closed_at is not null"
    )
    whole = left = await connection.fetchval("select count(*) from uncounted")
    while left:
        await connection.execute("select count_uncounted(2000)")
        left = await connection.fetchval("select count(*) from uncounted")
        progress("counting conversations", whole - left, whole)


def _next(batches: Iterator[Rows]) -> Rows | None:
    return next(batches, None)


async def _make_parts(connection: AnyConnection, shape: Shape, until: datetime) -> None:
    """The months of the log, as they would have been made at their time."""
    first, last = Month.of_id(uuid7(int(until.timestamp() * 1000))).plus(-shape.months - 1), Month.of(until).plus(3)
    month = first
    while month <= last:
        await connection.fetchval(
            "select add_events_partition($1, $2, $3)", f"events_{month.name}", month.low, month.high
        )
        month = month.plus(1)

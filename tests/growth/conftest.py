"""A database with a million made-up messages, made once for all tests of this folder, which only read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from bench.growth.filling import fill
from bench.growth.past import Shape
from tests.fakes import PostgresForTests
from tests.growth.plans import Connection

MESSAGES = 1_000_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def grown(postgres: PostgresForTests) -> Iterator[str]:
    """Its address."""

    async def make() -> str:
        dsn = await postgres.new()
        shape = Shape(MESSAGES, encoder="made up")
        await fill(dsn, shape, NOW, lambda *_: None, for_good=False)
        return dsn

    dsn = asyncio.run(make())
    yield dsn
    asyncio.run(postgres.drop(dsn))


@pytest.fixture
async def connection(grown: str) -> AsyncIterator[Connection]:
    """Whatever is done with it is undone."""
    made = await asyncpg.connect(grown, server_settings={"jit": "off", "timezone": "UTC"})
    undone = made.transaction()
    await undone.start()
    yield made
    await undone.rollback()
    await made.close()


class Known:
    """Somebody and something of each kind in the made-up past."""

    def __init__(self, ids: dict[str, UUID]) -> None:
        self._ids = ids

    def __getitem__(self, name: str) -> UUID:
        return self._ids[name]


_KNOWN = """
select 'busy_agent' as name, id from accounts where username = 'grown1'
union all select 'idle_agent', id from accounts where username = 'grown0'
union all select 'busy_group', id from groups where name = '成长组1'
union all select 'small_group', id from groups where name = '成长组7'
union all select 'customer', (select customer_id from conversations group by customer_id order by count(*) desc limit 1)
union all select 'old', (select id from conversations where last_seq > 20 order by id limit 1)
union all select 'open', (select id from conversations where state = 'human' order by last_seq desc limit 1)
union all select 'ticket', (select id from tickets order by id desc limit 1)
"""


@pytest.fixture
async def known(connection: Connection) -> Known:
    return Known({row["name"]: row["id"] for row in await connection.fetch(_KNOWN)})

"""The fixtures of all tests: one Postgres server a run, a database as new for each test, a clock moved by hand."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from database.clock import ManualClock
from database.pool import Database
from database.settings import DatabaseSettings
from models.hashing_encoder import HashingEncoder
from models.heads.kept import heads_for
from models.settings import EncoderSettings
from tests.fakes import EmbeddedInThread, PostgresForTests

# How long an example takes says something of the machine, nothing of the program.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# Hundreds of pages have both their ends on this machine; an ordinary user's soft limit is often 1,024.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresForTests]:
    """This run's server: `YINGDA_TEST_DATABASE_URL` where given (PostgreSQL from 15 on), else the embedded one."""
    given = os.environ.get("YINGDA_TEST_DATABASE_URL")
    if given:
        server = PostgresForTests(given)
        asyncio.run(server.make_template())
        yield server
        return
    folder = tmp_path_factory.mktemp("postgres")
    with EmbeddedInThread(folder) as embedded:
        server = PostgresForTests(embedded.dsn)
        asyncio.run(server.make_template())
        yield server
    remove_cluster(folder)


@pytest.fixture(scope="session")
def heads() -> None:
    """The heads of the quick encoder, fitted once on a machine, so that no program has to at its start."""
    heads_for(HashingEncoder(), EncoderSettings().cache_path)


@pytest.fixture
async def dsn(postgres: PostgresForTests) -> AsyncIterator[str]:
    """The address of a migrated database in which nothing has happened."""
    lent = await postgres.lend()
    yield lent
    await postgres.give_back(lent)


@pytest.fixture
async def empty_dsn(postgres: PostgresForTests) -> AsyncIterator[str]:
    """The address of a fresh database without any table."""
    made = await postgres.new(migrated=False)
    yield made
    await postgres.drop(made)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A started `Database` on a fresh, migrated database."""
    made = Database(dsn, DatabaseSettings(pool_min=1, pool_max=12))
    await made.start()
    await made.wait_ready(10)
    yield made
    await made.close()


@pytest.fixture
def clock() -> ManualClock:
    """Monday, 23 November 2026, 10:00 in Shanghai."""
    return ManualClock()


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder; what an embedded server kept elsewhere for it is removed afterwards."""
    folder = tmp_path / "var"
    yield folder
    remove_cluster(folder)


def remove_cluster(folder: Path) -> None:
    """Removes a test's cluster, also where it was kept under /var/lib."""
    note = folder / "postgres" / "kept-in"
    if note.exists():
        shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
    shutil.rmtree(folder / "postgres", ignore_errors=True)

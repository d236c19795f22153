"""The fixtures of the acceptance tests: the whole program in a process of its own, and people who use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.acceptance.people import People, people_of
from tests.acceptance.program import Program
from tests.conftest import remove_cluster
from tests.fakes import PostgresForTests

_PROGRAMS = pytest.StashKey[list[Program]]()
_SHOWN = 6_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure shows what the programs of this run printed last."""
    report = yield
    if report.failed:
        for program in item.session.stash.get(_PROGRAMS, []):
            report.sections.append((f"the program on {program.url}", program.printed[-_SHOWN:]))
    return report


MakeProgram = Callable[..., Program]


@pytest.fixture(scope="session")
def programs(request: pytest.FixtureRequest) -> list[Program]:
    """Programs whose output is shown when a test fails."""
    return request.session.stash.setdefault(_PROGRAMS, [])


@pytest.fixture(scope="session")
def server(
    heads: None, postgres: PostgresForTests, programs: list[Program], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """One program for all tests that do not harm it; a stop at the end must succeed."""
    dsn = asyncio.run(postgres.new())
    with Program(tmp_path_factory.mktemp("server"), dsn) as program:
        programs.append(program)
        program.start()
        yield program
    programs.remove(program)
    asyncio.run(postgres.drop(dsn))


@pytest.fixture
def make_program(heads: None, programs: list[Program], tmp_path: Path, dsn: str) -> Iterator[MakeProgram]:
    """Makes programs of this test alone, gone before its ``dsn`` is; without a dsn they embed their own database."""
    made: list[Program] = []

    def make(dsn: str | None = None, *, name: str = "server", **settings: str) -> Program:
        program = Program(tmp_path / name, dsn, **settings)
        made.append(program)
        programs.append(program)
        return program

    yield make
    for program in made:
        if program.is_running:
            program.go_on()
            program.stop()
        programs.remove(program)
        remove_cluster(program.folder)


@pytest.fixture
async def people(server: Program) -> AsyncIterator[People]:
    """Customers and colleagues on the common server."""
    async with people_of(server) as made:
        yield made

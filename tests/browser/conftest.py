"""The fixtures of the browser tests: the real server, and people in a real Chromium."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.acceptance.people import people_of
from tests.acceptance.program import ROOT, Program
from tests.browser.screens import SOON_MS
from tests.browser.visitors import Visitors, chromium
from tests.fakes import PostgresForTests

_IMPORT_SECONDS = 240.0
_SHOWN = 6_000
#: However long a busy machine takes over a test, nobody in it has kept silent for too long.
_PATIENT = {"ROUTING__SILENT_AGENT_MINUTES": "600", "IDLE__WARN_MINUTES": "600"}
_LOOP: Final = "session"
_FAILED = pytest.StashKey[bool]()


def pytest_configure() -> None:
    """Five seconds, the default, are little on a busy machine."""
    expect.set_options(timeout=SOON_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these need a browser, take their time, and share one loop: the one that the browser lives in."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.asyncio(loop_scope=_LOOP), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A failure shows what the server printed last, and `visitors` what stood on the screens."""
    report: Any = yield
    program = getattr(item, "funcargs", {}).get("desk")
    if report.failed and program is not None:
        item.stash[_FAILED] = True
        report.sections.append(("the server", program.printed[-_SHOWN:]))
    return report


@dataclass(frozen=True)
class Seed:
    """A database and a data folder in which the sample knowledge was imported with this encoder."""

    dsn: str
    folder: Path
    encoder: str

    def program(self, **settings: str) -> Program:
        return Program(
            self.folder,
            self.dsn,
            ENCODER__NAME=self.encoder,
            KNOWLEDGE__ARTICLES=str(ROOT / "faq"),
            **(_PATIENT | settings),
        )


Seeds = Callable[[str], Seed]


@pytest.fixture(scope="session")
def seeds(heads: None, postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeds]:
    """The seed with this encoder, made once; not to be worked on, but to be copied."""
    made: dict[str, Seed] = {}

    def seed(encoder: str) -> Seed:
        if encoder not in made:
            made[encoder] = Seed(asyncio.run(postgres.new()), tmp_path_factory.mktemp("seed") / "var", encoder)
            program = made[encoder].program()
            program.launch()
            program.wait_ready(_IMPORT_SECONDS)
            assert program.stop() == 0, program.printed[-_SHOWN:]
        return made[encoder]

    yield seed
    for each in made.values():
        asyncio.run(postgres.drop(each.dsn))


@pytest.fixture(scope="module")
def ground(
    seeds: Seeds, postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Seed]:
    """A database and a folder of the module's own: nobody of another file is met here.

    What pages show depends on no encoder, so that it is the quick one unless the module names an ``ENCODER``.
    """
    seed = seeds(getattr(request.module, "ENCODER", "hashing"))
    folder = tmp_path_factory.mktemp("desk") / "var"
    shutil.copytree(seed.folder, folder)
    own = Seed(asyncio.run(postgres.lend(like=seed.dsn)), folder, seed.encoder)
    yield own
    asyncio.run(postgres.give_back(own.dsn))


@pytest.fixture(scope="module")
def desk(ground: Seed, request: pytest.FixtureRequest) -> Iterator[Program]:
    """The running server; a module's ``SETTINGS`` go over the defaults."""
    with ground.program(**getattr(request.module, "SETTINGS", {})) as program:
        program.start()
        yield program


@pytest_asyncio.fixture(scope="package", loop_scope=_LOOP)
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope=_LOOP)
async def visitors(
    browser: Browser, desk: Program, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Visitors]:
    async with people_of(desk) as people:
        made = Visitors(browser, desk, people)
        yield made
        if _FAILED in request.node.stash:
            await made.photograph(tmp_path)
        await made.close()

"""The fixtures of the browser tests: the real server with the real encoder, and people in a real Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from scripts.prepare import find_chromium
from tests.acceptance.people import People, Staff, people_of
from tests.acceptance.program import ROOT, Program
from tests.browser.screens import Agent, Customer
from tests.browser.watching import Watch
from tests.fakes import PostgresForTests

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 812}
_IMPORT_SECONDS = 240.0
_SHOWN = 6_000
_LOOP: Final = "session"
_FAILED = pytest.StashKey[bool]()


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
    """A database and a data folder in which the sample knowledge was imported with the real encoder."""

    dsn: str
    folder: Path

    def program(self, **settings: str) -> Program:
        return Program(
            self.folder,
            self.dsn,
            ENCODER__NAME="multilingual-e5-small",
            KNOWLEDGE__ARTICLES=str(ROOT / "faq"),
            **settings,
        )


@pytest.fixture(scope="session")
def seed(postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seed]:
    made = Seed(asyncio.run(postgres.new()), tmp_path_factory.mktemp("desk"))
    program = made.program()
    program.launch()
    program.wait_ready(_IMPORT_SECONDS)
    assert program.stop() == 0, program.printed[-_SHOWN:]
    yield made
    asyncio.run(postgres.drop(made.dsn))


@pytest.fixture(scope="module")
def desk(seed: Seed, request: pytest.FixtureRequest) -> Iterator[Program]:
    """The running server; a module's ``SETTINGS`` go over the defaults."""
    with seed.program(**getattr(request.module, "SETTINGS", {})) as program:
        program.start()
        yield program


@pytest_asyncio.fixture(scope="package", loop_scope=_LOOP)
async def browser() -> AsyncIterator[Browser]:
    path = find_chromium()
    assert path, "no Chromium: run `make test`, or name one by YINGDA_CHROMIUM=/path"
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        await running.close()


class Visitors:
    """Opens pages for people on one server; every page is watched, and closed at the end."""

    def __init__(self, browser: Browser, program: Program, people: People) -> None:
        self.people = people
        self._browser = browser
        self._program = program
        self._customers: list[Customer] = []
        self._contexts: list[BrowserContext] = []
        self._open = AsyncExitStack()

    async def context(self, **options: Any) -> tuple[BrowserContext, Watch]:
        options = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = await self._browser.new_context(base_url=self._program.url, **options)
        context.set_default_timeout(15_000)
        self._open.push_async_callback(context.close)
        self._contexts.append(context)
        watch = Watch(self._program.url)
        await watch.over(context)
        return context, watch

    async def customer(self, path: str = "/", **options: Any) -> Customer:
        """A customer who has opened the chat."""
        context, watch = await self.context(**options)
        customer = Customer(context, await context.new_page(), watch)
        self._customers.append(customer)
        await customer.page.goto(path)
        if path.startswith("/chat"):
            await customer.greeted()
        else:
            await customer.open_chat()
        return customer

    async def agent(self, staff: Staff, **options: Any) -> Agent:
        """A signed-in agent, still offline."""
        context, watch = await self.context(**options)
        agent = Agent(context, await context.new_page(), watch)
        await agent.page.goto("/console")
        await agent.sign_in(staff.username, staff.password)
        return agent

    async def group(self, assignment: str) -> dict[str, Any]:
        """The group in which the customers of these pages wait, with this way of assignment."""
        groups = (await self.people.api("GET", "/groups"))["items"]
        group = next(group for group in groups if group["name"] == "使用支持")
        changed: dict[str, Any] = await self.people.api("PATCH", f"/groups/{group['id']}", {"assignment": assignment})
        return changed

    async def photograph(self, folder: Path) -> None:
        """Keeps a picture of every page that is open."""
        for number, context in enumerate(self._contexts):
            for page in context.pages:
                await page.screenshot(path=folder / f"page-{number}.png")
                print(f"{page.url}: {folder}/page-{number}.png")

    async def close(self) -> None:
        """Nobody of this test stands in line during the next one."""
        for customer in self._customers:
            await customer.give_up()
        await self._open.aclose()


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

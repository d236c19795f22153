"""A real Chromium, and the people who use it: each in a context of their own, watched, gone at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, async_playwright

from scripts.prepare import find_chromium
from tests.acceptance.people import People, Staff
from tests.acceptance.program import Program
from tests.browser.screens import Agent, Customer
from tests.browser.watching import Watch

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


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser that `make test` found or fetched."""
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

"""A real Chromium, and the people who use it: each in a context of their own, watched, gone at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext, async_playwright

from scripts.prepare import find_chromium
from tests.acceptance.people import People, Staff
from tests.acceptance.program import Program
from tests.browser.screens import Agent, Customer
from tests.browser.watching import Watch
from tests.clients import AgentClient

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
_HOME_SECONDS = 60


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
        self._contexts: list[BrowserContext] = []
        self._open = AsyncExitStack()

    async def context(self, **options: Any) -> tuple[BrowserContext, Watch]:
        options = {"viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = await self._browser.new_context(base_url=self._program.url, **options)
        context.set_default_timeout(30_000)
        self._open.push_async_callback(context.close)
        self._contexts.append(context)
        watch = Watch(self._program.url)
        await watch.over(context)
        return context, watch

    async def customer(self, path: str = "/", **options: Any) -> Customer:
        """A customer who has opened the chat."""
        context, watch = await self.context(**options)
        customer = Customer(context, await context.new_page(), watch)
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
        group = await self._own_group()
        changed: dict[str, Any] = await self.people.api("PATCH", f"/groups/{group['id']}", {"assignment": assignment})
        return changed

    async def _own_group(self) -> dict[str, Any]:
        groups = (await self.people.api("GET", "/groups"))["items"]
        return next(group for group in groups if group["name"] == "使用支持")

    async def photograph(self, folder: Path) -> None:
        """Keeps a picture of every page that is open."""
        for number, context in enumerate(self._contexts):
            for page in context.pages:
                await page.screenshot(path=folder / f"page-{number}.png")
                print(f"{page.url}: {folder}/page-{number}.png")

    async def close(self) -> None:
        """Nobody of this test is met in the next one: no page, no colleague in the group, no conversation with people.

        A conversation whose agent went away would come back to the line, and an agent stays there for a while.
        """
        await self._open.aclose()
        if not self._program.is_running:
            return
        group = await self._own_group()
        await self.people.api("PUT", f"/groups/{group['id']}/members", {"members": []})
        async with asyncio.timeout(_HOME_SECONDS):
            while left := [each for state in ("waiting", "human") for each in await self._open_ones(state)]:
                await self._end(left)

    async def _open_ones(self, state: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.people.api("GET", f"/conversations?state={state}"))["items"]
        return found

    async def _end(self, conversations: list[dict[str, Any]]) -> None:
        boss = AgentClient(self._program.url)
        await boss.enter(await self.people.admin_token(), online=False)
        for each in conversations:
            target = {"conversation_id": each["id"]}
            if each["state"] == "waiting":
                await boss.call("take_over", {"client_id": str(uuid4()), **target})
            await boss.call("close", {"client_id": str(uuid4()), **target, "resolved": False})
        await boss.close()

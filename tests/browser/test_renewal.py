"""Two nodes behind nginx are renewed one after the other while people type: nobody sees an error, nothing is lost."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import pytest
from playwright.async_api import expect

from tests.acceptance.nginx import NGINX, nginx_before
from tests.acceptance.program import Program
from tests.browser.conftest import Seed
from tests.browser.screens import Agent
from tests.browser.visitors import Visitors
from tests.wires import RedisForTests

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine")

LONG_MS = 60_000
_AGAIN_MS = 2_000
_SAID = """
select body ->> 'text' as text from events where actor_kind = $1 and body ->> 'text' like $2
order by conversation_id, seq
"""
_TROUBLE = re.compile("出错|失败|错误|无法|不可用|稍后再试")


@dataclass(frozen=True)
class Behind:
    """Two nodes, at the address of the nginx before them."""

    nodes: tuple[Program, Program]
    url: str

    @property
    def printed(self) -> str:
        return "".join(node.printed for node in self.nodes)

    @property
    def is_running(self) -> bool:
        return all(node.is_running for node in self.nodes)

    def now(self) -> float:
        """Their time, in seconds since 1970."""
        return self.nodes[0].now()

    async def renewed(self) -> None:
        """One after the other: out in order, and in again."""
        for node in self.nodes:
            assert await node.stopped() == 0
            await node.started()


@pytest.fixture(scope="module")
def desk(ground: Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("nodes")
    shutil.copytree(ground.folder, folder / "second")
    with RedisForTests(folder / "redis") as redis:
        settings = {"REDIS__URL": redis.url, "SERVER__TRUSTED_PROXIES": '["127.0.0.1"]'}
        other = Seed(ground.dsn, folder / "second", ground.encoder)
        with ground.program(**settings) as first, other.program(**settings) as second:
            first.start()
            second.start()
            (folder / "nginx").mkdir()
            with nginx_before(folder / "nginx", (first, second)) as url:
                yield Behind((first, second), url)


async def test_nodes_are_renewed_while_both_sides_type(visitors: Visitors, desk: Behind, ground: Seed) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer()
    await customer.say("转人工")
    await customer.hears("已接入")
    await agent.open_first()
    over = asyncio.Event()
    asked, replied = list[str](), list[str]()

    async def talk() -> None:
        while not over.is_set():
            asked.append(f"问题{len(asked) + 1}号")
            replied.append(f"答复{len(replied) + 1}号")
            await customer.say(asked[-1])
            await agent.reads(asked[-1])
            await _reply(agent, replied[-1])
            await customer.hears(replied[-1])

    async def renew() -> None:
        await desk.renewed()
        over.set()

    async with asyncio.TaskGroup() as both:
        both.create_task(talk())
        both.create_task(renew())

    await customer.delivered()
    # Long ago scrolls away: each was seen on the other screen when it was said, and stands once, in order.
    assert await _said(ground, "customer", "问题") == asked
    assert await _said(ground, "agent", "答复") == replied
    for last in (customer.mine(asked[-1]), customer.thread.get_by_text(replied[-1], exact=True)):
        await expect(last).to_have_count(1, timeout=LONG_MS)
    for text in (asked[-1], replied[-1]):
        await expect(agent.log.get_by_text(text, exact=True)).to_have_count(1, timeout=LONG_MS)
    await expect(customer.chat.get_by_text("网络已断开")).to_have_count(0, timeout=LONG_MS)
    for page in (customer.chat, agent.page):
        await expect(page.get_by_text(_TROUBLE)).to_have_count(0)
    customer.watch.assert_calm(lost_connection=True)
    agent.watch.assert_calm(lost_connection=True)
    assert len(asked) > 1
    assert len(replied) > 1


async def _reply(agent: Agent, text: str) -> None:
    """While the page comes back Enter sends nothing and the text stays in the box: who sees that presses it again."""
    box = agent.page.get_by_role("textbox", name="回复", exact=True)
    await box.fill(text)
    async with asyncio.timeout(LONG_MS / 1000):
        while True:
            await box.press("Enter")
            with suppress(AssertionError):
                await expect(agent.log.get_by_text(text, exact=True)).to_be_visible(timeout=_AGAIN_MS)
                return


async def _said(ground: Seed, by: str, beginning: str) -> list[str]:
    connection = await asyncpg.connect(ground.dsn)
    try:
        rows = await connection.fetch(_SAID, by, f"{beginning}%")
    finally:
        await connection.close()
    return [row["text"] for row in rows]

"""The server dies in the middle of a conversation: both pages recover by themselves, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.acceptance.program import Program
from tests.browser.screens import SOON_MS
from tests.browser.visitors import Visitors

LONG_MS = 60_000


async def _once(found: Locator) -> None:
    await expect(found).to_have_count(1, timeout=LONG_MS)


async def test_a_killed_server_loses_and_doubles_nothing_on_either_page(visitors: Visitors, desk: Program) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer()
    asking = await visitors.customer()
    await customer.say("转人工")
    await customer.hears("已接入")
    await agent.open_first()
    await agent.reply("您好，第一句")
    await customer.hears("您好，第一句")
    await customer.say("死机之前说的")
    await agent.reads("死机之前说的")

    await asking.say("怎么把甘特图导出成图片")
    await asyncio.to_thread(desk.kill)
    await expect(customer.chat.get_by_text("网络已断开")).to_be_visible(timeout=SOON_MS)
    await expect(agent.page.get_by_text(re.compile("连接断开，正在重连"))).to_be_visible(timeout=SOON_MS)
    await customer.say("断线的时候说的")
    await agent.page.get_by_role("textbox", name="回复", exact=True).fill("断线时写的草稿")
    await asyncio.to_thread(desk.start)

    await expect(customer.chat.get_by_text("网络已断开")).to_have_count(0, timeout=LONG_MS)
    await _once(agent.log.get_by_text("断线的时候说的"))
    await expect(agent.page.get_by_role("textbox", name="回复", exact=True)).to_have_value("断线时写的草稿")
    await agent.reply("恢复以后的回复")
    await customer.hears("恢复以后的回复")
    await customer.say("恢复以后说的")
    await agent.reads("恢复以后说的")
    await customer.delivered()

    for said in ("死机之前说的", "断线的时候说的", "恢复以后说的"):
        await _once(customer.mine(said))
        await _once(agent.log.get_by_text(said, exact=True))
    for heard in ("您好，第一句", "恢复以后的回复"):
        await _once(customer.thread.get_by_text(heard, exact=True))
        await _once(agent.log.get_by_text(heard, exact=True))
    await _once(asking.theirs("导出 › 图片（PNG）"))
    picture = asking.theirs("导出 › 图片（PNG）").get_by_role("img")
    await expect(picture).to_be_visible(timeout=LONG_MS)
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    shown = await customer.said()
    await customer.page.reload()
    await customer.hears("恢复以后的回复")
    assert await customer.said() == shown
    for person in (customer, asking, agent):
        person.watch.assert_calm(lost_connection=True)

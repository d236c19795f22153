"""The talk as customers have it: quotes, taking back, failures and retries, two tabs, the keyboard alone, the dark."""

from __future__ import annotations

import json
import re

from playwright.async_api import Locator, WebSocketRoute, expect

from tests.browser.axe import serious
from tests.browser.screens import SOON_MS, Customer
from tests.browser.visitors import PHONE, Visitors

KNOWN = "怎么把甘特图导出成图片"
REFUSED_ONCE = "这一条先被拒绝"


def _refuse_once(route: WebSocketRoute) -> None:
    """Between page and server: the first message with that text gets a refusal that the server never gave."""
    server = route.connect_to_server()
    refused = False

    def from_page(frame: str | bytes) -> None:
        nonlocal refused
        text = frame if isinstance(frame, str) else frame.decode()
        sent = re.match(r"42/chat,(\d+)(\[.*)", text)
        if sent and not refused and REFUSED_ONCE in text:
            refused = True
            error = {"ok": False, "error": {"code": "forbidden", "message": "not now"}}
            route.send(f"43/chat,{sent[1]}{json.dumps([error])}")
        else:
            server.send(frame)

    route.on_message(from_page)


async def _act(bubble: Locator, name: str) -> None:
    """One of the things that can be done with a message, under the pointer."""
    await bubble.hover()
    await bubble.get_by_role("button", name=name, exact=True).click()


async def test_messages_are_quoted_taken_back_sent_again_and_seen_in_every_tab(visitors: Visitors) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer("/chat")
    await customer.say("转人工")
    await customer.hears("已接入")
    await expect(customer.page.get_by_role("banner").get_by_role("heading")).to_contain_text("花名")
    await agent.open_first()
    await agent.reply("麻烦看一下右上角的按钮")
    await customer.hears("麻烦看一下右上角的按钮")

    asked = customer.theirs("麻烦看一下右上角的按钮").locator(".bubble")
    await _act(asked, "引用")
    await expect(customer.box).to_be_focused()
    await customer.say("是灰的")
    said = customer.mine("是灰的")
    await agent.reads("是灰的")
    quote = said.get_by_role("button", name=re.compile("^引用.*花名.*麻烦看一下"))
    assert await serious(customer.page.main_frame) == []
    await quote.click()
    await expect(customer.thread.locator(".row.theirs:focus")).to_contain_text("麻烦看一下")

    await _act(said, "撤回")
    await customer.hears("您撤回了一条消息")
    await expect(agent.log.get_by_text("是灰的", exact=True)).to_have_count(0, timeout=SOON_MS)
    await customer.press("重新编辑")
    await expect(customer.box).to_have_value("是灰的")
    await customer.box.fill("")

    second = Customer(customer.context, await customer.context.new_page(), customer.watch)
    await second.page.route_web_socket(re.compile("/socket.io/"), _refuse_once)
    await second.page.goto("/chat")
    await second.hears("麻烦看一下右上角的按钮")
    await second.say("第二个页面说的")
    await customer.hears("第二个页面说的")

    await customer.context.set_offline(True)
    await customer.say("断网时说的")
    await expect(customer.chat.get_by_text("网络已断开")).to_be_visible(timeout=SOON_MS)
    await customer.context.set_offline(False)
    await customer.delivered()
    await agent.reads("断网时说的")
    await second.hears("断网时说的")
    await expect(agent.log.get_by_text("断网时说的", exact=True)).to_have_count(1)

    await second.say(REFUSED_ONCE)
    failed = second.thread.locator(".row.mine.failed")
    await expect(failed.get_by_role("alert")).to_contain_text("未发送")
    await failed.locator(".bubble").click()
    await expect(failed).to_have_count(0, timeout=SOON_MS)
    await agent.reads(REFUSED_ONCE)
    await customer.hears(REFUSED_ONCE)
    for person in (customer, second):
        await expect(person.mine(REFUSED_ONCE)).to_have_count(1)
    customer.watch.assert_calm(lost_connection=True)
    agent.watch.assert_calm()


async def test_everything_is_done_by_keyboard_and_nothing_old_is_read_aloud(visitors: Visitors) -> None:
    customer = await visitors.customer("/chat?theme=dark")
    page, keyboard = customer.page, customer.page.keyboard
    frame = page.main_frame
    assert await serious(frame) == []
    await page.get_by_role("region", name="隐私说明").get_by_role("button", name="知道了").press("Enter")
    await expect(page.get_by_role("region", name="隐私说明")).to_have_count(0)
    aloud = page.locator(".unseen[role=status]").first
    await expect(customer.thread).to_have_attribute("aria-live", "off")
    await expect(aloud).to_have_text("")

    await page.get_by_role("button", name="表情").press("Enter")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        await keyboard.press(key)
    await expect(customer.box).to_be_focused()
    assert len(await customer.box.input_value()) > 0
    await customer.box.fill("")

    await customer.say(KNOWN)
    answer = customer.theirs("一张图最多 500 行任务")
    await expect(answer).to_be_visible(timeout=SOON_MS)
    await expect(aloud).to_contain_text("小应：可以导出成 PNG 图片")

    source = answer.get_by_role("button", name=KNOWN, exact=True)
    await source.press("Enter")
    article = page.get_by_role("dialog", name=KNOWN)
    await expect(article.get_by_text("一张图最多 500 行任务")).to_be_visible(timeout=SOON_MS)
    assert await serious(frame) == []
    await keyboard.press("Escape")
    await expect(source).to_be_focused()

    await customer.thread.focus()
    await keyboard.press("ArrowUp")
    await expect(page.locator(".row.theirs:focus")).to_contain_text("一张图最多")
    await keyboard.press("ArrowUp")
    await expect(page.locator(".row.mine:focus")).to_contain_text(KNOWN)
    await keyboard.press("Tab")
    await expect(page.get_by_role("button", name="引用", exact=True).and_(page.locator(":focus"))).to_be_visible()
    await keyboard.press("Enter")
    await expect(customer.box).to_be_focused()
    await expect(page.get_by_text("引用您")).to_be_visible()
    await keyboard.press("Escape")
    await expect(page.get_by_text("引用您")).to_have_count(0)

    await answer.get_by_role("button", name="没帮助").press("Enter")
    await answer.get_by_role("button", name="没看明白").press("Enter")
    await expect(answer.get_by_text("哪里没帮到您")).to_have_count(0)

    more = page.get_by_role("button", name="更多", exact=True)
    await more.press("Enter")
    sound = page.get_by_role("menuitemcheckbox", name="新消息提示音")
    await expect(sound).to_be_focused()
    await expect(sound).to_be_checked()
    assert await serious(frame) == []
    await keyboard.press("Enter")
    await expect(more).to_be_focused()
    await keyboard.press("Enter")
    await expect(sound).not_to_be_checked()
    await keyboard.press("Escape")

    await page.reload()
    await customer.hears("一张图最多 500 行任务")
    await expect(aloud).to_have_text("")
    await expect(page.get_by_role("region", name="隐私说明")).to_have_count(0)
    customer.watch.assert_calm()


async def test_a_phone_in_the_light_offers_the_same_to_a_finger(visitors: Visitors) -> None:
    customer = await visitors.customer(
        "/chat?theme=light", viewport={**PHONE, "width": 320}, is_mobile=True, has_touch=True
    )
    frame = customer.page.main_frame
    assert await serious(frame) == []
    await customer.say("怎么导出")
    await customer.hears("您问的是下面哪一个")
    assert await serious(frame) == []
    for button in await customer.chat.get_by_role("button").all():
        box = await button.bounding_box()
        if (
            box is not None
            and await button.is_visible()
            and "actions" not in (await button.evaluate("b => b.parentElement.className"))
        ):
            assert box["height"] >= 44 or await button.evaluate("b => b.className === 'inline-action'"), (
                await button.inner_text()
            )
    await customer.mine("怎么导出").tap()
    await expect(customer.mine("怎么导出").get_by_role("button", name="撤回")).to_be_visible()
    await customer.press("都不是")
    await customer.hears("都不是您要问的")
    assert await customer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    customer.watch.assert_calm()

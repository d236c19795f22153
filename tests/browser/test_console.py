"""What the console's frame promises: keys and palette, one tab that calls, a thousand conversations, a phone."""

from __future__ import annotations

import json
import re
from uuid import UUID

from playwright.async_api import Page, Route, expect

from tests.acceptance.people import identity
from tests.browser.axe import serious
from tests.browser.screens import SOON_MS, Agent
from tests.browser.visitors import PHONE, Visitors
from tests.clients import ChatClient

MANY = 1_000

#: Counts the sounds and the desktop notices of a tab.
_COUNT_CALLS = """
window.calls = {sounds: 0, notices: []};
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.calls.sounds += 1; return make.call(this); };
window.Notification = class { constructor(title, options) { window.calls.notices.push(options.body); }
  static permission = "default"; close() {}
  static requestPermission = async () => (window.Notification.permission = "granted"); };
"""


async def _waiting(visitors: Visitors, name: str, text: str) -> tuple[ChatClient, str]:
    """A customer with a name who said something and asked for a human."""
    client = await visitors.people.customer(identity=identity(f"console-{name}", name=name))
    await client.say(text)
    ack = await client.do("request_human", topic="使用支持")
    return client, ack["conversation_id"]


async def _leave(*customers: tuple[ChatClient, str]) -> None:
    for client, conversation in customers:
        await client.do("close", conversation_id=conversation)


async def _thousand(route: Route) -> None:
    """The supervisor's list, as long as a busy month makes it."""

    def row(number: int) -> dict[str, object]:
        customer = {"id": str(UUID(int=number)), "name": f"客户{number}", "tier": "enterprise"}
        said = {
            "last_text": f"第 {number} 个问题",
            "last_at": "2026-11-22T06:00:00Z",
            "last_seq": 3,
            "last_note_seq": 0,
        }
        return {
            "id": str(UUID(int=number + 1)),
            "state": "human",
            "version": 1,
            "customer": customer,
            "clocks": [],
            **said,
        }

    await route.fulfill(body=json.dumps({"items": [row(number) for number in range(MANY)], "next": None}))


async def test_an_agent_works_by_keys_alone(visitors: Visitors) -> None:
    group = await visitors.group("pick")
    agent = await visitors.agent(await visitors.people.staff(group, role="supervisor"))
    page = agent.page
    await agent.be("在线")
    zhou = await _waiting(visitors, "周敏敏", "甘特图导不出来")
    zhao = await _waiting(visitors, "赵工程", "登录不了")

    # A small panel takes the focus, and gives it back.
    await agent.presence.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="在线", exact=True)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(agent.presence).to_be_focused()

    # The palette finds who waits, by name, and takes them.
    for name in ("周敏敏", "赵工程"):
        await page.keyboard.press("Control+k")
        palette = page.get_by_role("dialog", name="快速跳转")
        await palette.get_by_role("combobox").fill(name)
        await expect(palette.get_by_role("option", selected=True)).to_contain_text(f"接入 {name}", timeout=SOON_MS)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=name, level=2)).to_be_visible(timeout=SOON_MS)

    # From one to the next, and straight into the reply.
    await page.keyboard.press("Alt+KeyJ")
    await expect(page.get_by_role("heading", name="周敏敏", level=2)).to_be_visible()
    await page.keyboard.press("Alt+KeyL")
    box = page.get_by_role("textbox", name="回复", exact=True)
    await expect(box).to_be_focused()

    # What is typed is text, whatever a key means elsewhere; a word that is being composed is nobody's shortcut.
    await page.keyboard.type("要不要?")
    await box.dispatch_event("keydown", {"key": "k", "code": "KeyK", "ctrlKey": True, "isComposing": True})
    await expect(box).to_have_value("要不要?")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    # The sheet has every key; it goes by Esc, and the focus is where it was.
    await box.fill("")
    await page.get_by_role("tab", name=re.compile("^我的会话")).focus()
    await page.keyboard.press("Shift+?")
    sheet = page.get_by_role("dialog", name="快捷键")
    await expect(sheet.get_by_text("接入排队最前的客户")).to_be_visible()
    assert await serious(page, "[role=dialog]") == []
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)

    # A page by its initials, a ticket's list by arrows, and back.
    await page.keyboard.press("Control+k")
    await page.keyboard.type("gs")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("公司")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="公司", level=1)).to_be_visible(timeout=SOON_MS)
    await page.keyboard.press("Slash")
    await expect(page.get_by_role("searchbox", name="搜公司名称或编号")).to_be_focused()
    await page.keyboard.type("没有这一家")
    await expect(page).to_have_url(re.compile("#/companies\\?q="))
    await expect(page.get_by_role("button", name="清除筛选")).to_be_visible(timeout=SOON_MS)
    assert await serious(page) == []

    # A thousand conversations cost the page no more than those in sight.
    await page.route(re.compile(r"/api/v1/conversations(\?|$)"), _thousand)
    await page.keyboard.press("Alt+KeyC")
    await agent.tab("全部会话")
    rows = agent.list.get_by_role("listitem")
    await expect(rows.first).to_have_attribute("aria-setsize", str(MANY), timeout=SOON_MS)
    assert await rows.count() < 60
    await agent.list.locator(".virtual").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    await expect(agent.list.get_by_text(f"客户{MANY - 1}", exact=True)).to_be_visible()
    assert await rows.count() < 60
    await page.unroute_all()
    await _leave(zhou, zhao)
    agent.watch.assert_calm()


async def _calls(page: Page) -> dict[str, list[str] | int]:
    found: dict[str, list[str] | int] = await page.evaluate("window.calls")
    return found


async def test_of_two_tabs_one_calls_and_none_for_what_is_looked_at(visitors: Visitors) -> None:
    group = await visitors.group("auto")
    staff = await visitors.people.staff(group)
    context, watch = await visitors.context()
    await context.add_init_script(_COUNT_CALLS)
    first = Agent(context, await context.new_page(), watch)
    await first.page.goto("/console")
    await first.sign_in(staff.username, staff.password)
    await first.be("在线")
    await first.page.get_by_role("button", name="开启", exact=True).click()
    second = Agent(context, await context.new_page(), watch)
    await second.page.goto("/console")
    await expect(second.presence).to_be_enabled(timeout=SOON_MS)
    await second.page.get_by_role("tab", name=re.compile("^排队")).click()
    both = (first.page, second.page)

    customer = await _waiting(visitors, "孙经理", "在吗")
    for agent in (first, second):
        await expect(agent.page).to_have_title(re.compile(r"^\(\d"), timeout=SOON_MS)
    rung = [(await _calls(page))["sounds"] for page in both]
    assert sorted(map(bool, rung)) == [False, True], rung

    # Looked at in one of the tabs, it calls in none.
    await second.open_first()
    await second.page.bring_to_front()
    await second.reads("在吗")
    before = [(await _calls(page))["sounds"] for page in both]
    await customer[0].say("我再补充一句")
    await second.reads("我再补充一句")
    await expect(first.list.get_by_text("我再补充一句")).to_be_attached(timeout=SOON_MS)
    assert [(await _calls(page))["sounds"] for page in both] == before
    await expect(first.page).to_have_title("应答工作台")  # read in one is read in all
    await _leave(customer)
    watch.assert_calm()


async def test_a_supervisor_with_a_phone_walks_from_list_to_customer_and_back(visitors: Visitors) -> None:
    group = await visitors.group("pick")
    staff = await visitors.people.staff(group, role="supervisor")
    agent = await visitors.agent(staff, viewport=PHONE, is_mobile=True, has_touch=True)
    page = agent.page
    await agent.be("在线")
    customer = await _waiting(visitors, "李主任", "导入报错")
    bar = page.get_by_role("navigation", name="主导航")

    # The floor, with acts that a thumb hits.
    await bar.get_by_role("link", name="现场").tap()
    take = page.get_by_role("button", name="接管").first
    await expect(take).to_be_visible(timeout=SOON_MS)
    box = await take.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await take.tap()
    await bar.get_by_role("link", name="接待").tap()

    # List, conversation, customer: one at a time, each with a way back.
    await agent.list.get_by_text("李主任", exact=True).tap()
    await agent.reads("导入报错")
    await expect(bar).to_be_hidden()
    await page.get_by_role("button", name="客户资料").tap()
    await expect(page.get_by_text("本次会话")).to_be_visible(timeout=SOON_MS)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="返回列表").tap()
    await expect(agent.list.get_by_text("李主任", exact=True)).to_be_visible()

    # The other pages are one touch away.
    await bar.get_by_role("button", name="更多").tap()
    more = page.get_by_role("dialog", name="更多")
    assert await serious(page, "[role=dialog]") == []
    await more.get_by_role("link", name="公司").tap()
    await expect(page.get_by_role("heading", name="公司", level=1)).to_be_visible(timeout=SOON_MS)
    await expect(more).to_have_count(0)
    await _leave(customer)
    agent.watch.assert_calm()

"""The main job whole, in two browsers, with the real encoder: ask, be answered, fetch a human, be helped, rate."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import SOON_MS
from tests.browser.visitors import PHONE, Visitors

ENCODER = "multilingual-e5-small"
KNOWN = "怎么把甘特图导出成图片"
UNKNOWN = "你们公司楼下的停车场怎么收费"
ALSO_UNKNOWN = "企鹅冬天吃不吃冰淇淋"
NOTE = "内部：客户的合同 3 月到期，先别提价格 7c1f9e"


async def test_a_customer_is_answered_with_source_and_picture_and_finds_the_thread_again(visitors: Visitors) -> None:
    customer = await visitors.customer()
    await customer.say(KNOWN)

    answer = customer.theirs("导出 › 图片（PNG）")
    await expect(answer).to_be_visible(timeout=SOON_MS)
    picture = answer.locator("img")
    await expect(picture).to_have_count(1)
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert await picture.get_attribute("alt")
    await answer.get_by_text("来自知识库").click()
    await expect(answer.get_by_role("listitem").filter(has_text=KNOWN)).to_be_visible()

    await customer.press("有帮助")
    await customer.hears("很高兴帮到您")

    before = await customer.said()
    await customer.page.reload()
    await customer.hears("导出 › 图片（PNG）")
    await customer.hears("很高兴帮到您")
    assert await customer.said() == before
    customer.watch.assert_calm()
    assert "confidence" not in await customer.watch.everything_received()


async def test_two_questions_without_an_answer_lead_into_the_line(visitors: Visitors) -> None:
    customer = await visitors.customer()
    await customer.say(UNKNOWN)
    await customer.hears("没有找到可靠的答案")
    await customer.say(ALSO_UNKNOWN)
    await customer.is_in_line("同事上线后，第一个接待您")
    await expect(customer.queue).to_contain_text("10 分钟内回来位置都在")

    place = await customer.queue.locator(".queue-place").inner_text()
    await customer.page.reload()
    await customer.is_in_line(place)
    customer.watch.assert_calm()


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "by the button"])
async def test_the_wish_for_a_human_is_obeyed_at_once(visitors: Visitors, typed: bool) -> None:
    customer = await visitors.customer()
    await (customer.say("转人工") if typed else customer.press("转人工"))
    await customer.is_in_line()
    await customer.press("取消排队")
    await customer.hears("已取消排队")
    await expect(customer.queue).to_have_count(0)
    customer.watch.assert_calm()


async def test_from_the_question_to_the_rating(visitors: Visitors) -> None:
    group = await visitors.group("pick")
    first = await visitors.customer()
    await first.say(KNOWN)
    await first.hears("导出 › 图片（PNG）")
    await first.say("按钮是灰的，转人工")
    await first.is_in_line()
    second = await visitors.customer()
    await second.say(UNKNOWN)
    await second.hears("没有找到可靠的答案")
    await second.say(ALSO_UNKNOWN)
    await second.is_in_line()

    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    await agent.tab("排队")
    row = agent.line.filter(has_text="按钮是灰的")
    await expect(row).to_contain_text("主动要求人工")
    await expect(row).to_contain_text(re.compile(r"已等\s*\d+"))
    other = agent.line.filter(has_text=ALSO_UNKNOWN)
    await expect(other).to_contain_text("两次没答上")
    await expect(agent.line).to_have_text([re.compile("按钮是灰的"), re.compile(ALSO_UNKNOWN)])

    await row.get_by_role("button", name="接入").click()
    await first.hears("已接入")
    await expect(first.queue).to_have_count(0)
    await agent.reads("导出 › 图片（PNG）")
    await expect(agent.log.get_by_text(re.compile(r"把握 \d+%")).first).to_be_visible()
    await expect(agent.log.get_by_role("link", name=KNOWN)).to_be_visible()

    await agent.note(NOTE)
    await agent.reply("您好，前面的对话我看过了。按钮变灰，多半是没有导出权限。")
    await first.hears("多半是没有导出权限")
    await first.say("果然是权限，谢谢！")
    await agent.reads("果然是权限，谢谢！")

    await agent.page.get_by_role("button", name="结束", exact=True).click()
    wrap_up = agent.page.get_by_role("dialog")
    await expect(wrap_up.get_by_text("会话小结")).to_be_visible()
    await wrap_up.get_by_placeholder("怎么处理的").fill("请管理员开了导出权限")
    await expect(wrap_up.get_by_placeholder("怎么处理的")).to_have_value("请管理员开了导出权限")
    await wrap_up.get_by_role("button", name="结束会话").click()
    await expect(wrap_up).to_have_count(0, timeout=SOON_MS)

    await first.hears("刚才的问题解决了吗？")
    await first.press("已解决")
    await first.press("非常满意")
    await first.hears("感谢您的评价")
    await agent.reads("非常满意")

    await first.page.reload()
    await first.hears("感谢您的评价")
    received = await first.watch.everything_received()
    assert "多半是没有导出权限" in received
    for secret in (NOTE, "7c1f9e", "请管理员开了导出权限", "confidence", "repeated_miss"):
        assert secret not in received
        assert secret not in await first.page.content()
    for person in (first, second, agent):
        person.watch.assert_calm()


async def test_in_a_group_that_assigns_the_agent_simply_gets_the_customer(visitors: Visitors) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group, capacity=50))
    customer = await visitors.customer()
    await customer.say("转人工")
    await customer.is_in_line()
    await agent.be("在线")
    await customer.hears("已接入")
    await agent.open_first()
    await agent.reply("您好，请说。")
    await customer.hears("您好，请说。")
    customer.watch.assert_calm()
    agent.watch.assert_calm()


async def test_what_goes_along_is_in_the_customers_hands_until_a_colleague_reads_it(visitors: Visitors) -> None:
    """The card is edited while waiting and read live; another customer rather books a call."""
    group = await visitors.group("pick")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer("/chat", viewport=PHONE, is_mobile=True, has_touch=True)
    await customer.say("导出按钮是灰的，换了浏览器也一样，转人工")
    await customer.is_in_line()
    await agent.tab("排队")
    await agent.row("换了浏览器也一样").get_by_role("button", name="接入").click()
    card = agent.page.get_by_role("complementary", name="交接卡")
    await expect(card).to_contain_text("自己试过：换了浏览器也一样", timeout=SOON_MS)
    await customer.hears("已接入")

    other = await visitors.customer()
    await other.say("我的看板打不开了")
    await other.press("转人工")
    await other.is_in_line()
    await other.press("看看转交了什么")
    sheet = other.chat.get_by_role("dialog", name="转交给同事的内容")
    await expect(sheet.get_by_label("问题")).to_have_value("我的看板打不开了", timeout=SOON_MS)
    await sheet.get_by_label("所在页面").fill("甘特图，打印预览")
    await sheet.get_by_role("button", name="保存").click()
    await expect(sheet).to_have_count(0, timeout=SOON_MS)

    await other.press("预约回电")
    call = other.chat.get_by_role("dialog", name="预约回电")
    await call.get_by_role("radiogroup", name="时间").get_by_role("radio").nth(1).click(timeout=SOON_MS)
    await call.get_by_role("button", name="确认预约").click()
    await expect(call.get_by_role("alert")).to_have_text("请留下手机号")
    await call.get_by_label("手机号").fill("13800138000")
    await call.get_by_role("button", name="确认预约").click()
    await other.hears("号码 138****8000")
    await expect(other.queue).to_have_count(0)
    for person in (customer, other, agent):
        person.watch.assert_calm()

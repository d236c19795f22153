"""What both pages promise about typing, strange texts and small screens."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.acceptance.people import identity
from tests.browser.composing import compose
from tests.browser.screens import SOON_MS
from tests.browser.visitors import PHONE, Visitors

KNOWN = "怎么把甘特图导出成图片"

#: Texts that would run, load or break something where a page took them for markup; the whole corpus is in test_hostile.
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "[点我](javascript:alert(5)) ![图](/media/../api/v1/agents)",
    "**<b onmouseover=alert(7)>粗</b>** `<style>*{display:none}</style>` {{constructor.constructor('alert(6)')()}}",
]
HOSTILE_NAME = "<img src=x onerror=alert(8)>林女士"


#: Safari ends the composition first and reports the Enter that ended it a moment later, as any other Enter.
_SAFARI = """(box, word) => {
  box.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
  box.value += word;
  box.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
  box.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: word}));
  box.dispatchEvent(new KeyboardEvent("keydown", {bubbles: true, cancelable: true, key: "Enter", code: "Enter"}));
}"""


async def test_an_enter_that_confirms_a_candidate_sends_nothing(visitors: Visitors) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer("/chat")
    await customer.say("转人工")
    await customer.hears("已接入")
    await agent.open_first()
    before = await customer.thread.locator(".mine").count()

    reply = agent.page.get_by_role("textbox", name="回复", exact=True)
    for page, box in ((customer.page, customer.box), (agent.page, reply)):
        await compose(page, box, "gan te tu", "甘特图")
        await expect(box).to_have_value("甘特图")
        await box.evaluate(_SAFARI, "导出")
        await expect(box).to_have_value("甘特图导出")
    await expect(customer.thread.locator(".mine")).to_have_count(before)
    await expect(agent.log.get_by_text("甘特图导出")).to_have_count(0)

    await customer.page.wait_for_timeout(120)  # nobody presses Enter twice within the blink of an eye
    for box in (customer.box, reply):
        await box.press("Enter")
        await expect(box).to_have_value("")
    await customer.hears("甘特图导出")
    await expect(agent.log.get_by_text("甘特图导出", exact=True)).to_have_count(2, timeout=SOON_MS)


_MARKED = "script:not([src]), iframe, [onerror], [onload], [onmouseover], img[src='x'], a[href^='javascript']"


def _without_marks(text: str) -> str:
    """As Markdown shows it: an agent's words may be bold, and name pictures of our own only."""
    return re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"\*\*|`", "", text))


async def test_hostile_texts_are_shown_as_text_on_both_pages(visitors: Visitors) -> None:
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer()
    await customer.page.evaluate(
        "token => window.Yingda.push(['setUser', token])", identity("c-1", name=HOSTILE_NAME, tier="standard")
    )
    await customer.greeted()
    await customer.say("转人工")
    await customer.hears("已接入")
    await agent.open_first()
    await expect(agent.page.get_by_role("heading", name=HOSTILE_NAME)).to_be_visible()

    for text in HOSTILE:
        await customer.say(text)
        await agent.reads(text)
        await agent.note(f"备注 {text}")
        await expect(agent.log.get_by_text(f"备注 {text}")).to_have_count(1)
        await agent.reply(f"回复 {text}", shown=_without_marks(f"回复 {text}"))
        await customer.hears(re.compile(re.escape(_without_marks(f"回复 {text}"))))
        await expect(agent.page.locator(_MARKED)).to_have_count(0)  # rows out of sight are not in the page
    await expect(customer.thread.locator(_MARKED)).to_have_count(0)
    customer.watch.assert_calm()
    agent.watch.assert_calm()


async def test_a_customer_with_a_phone_has_everything_at_hand(visitors: Visitors) -> None:
    customer = await visitors.customer(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    await customer.say(KNOWN)
    answer = customer.theirs("导出 › 图片（PNG）")
    await expect(answer).to_be_visible(timeout=SOON_MS)
    picture = answer.locator("img")
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    frame = await customer.page.locator("#yingda-widget iframe").bounding_box()
    assert frame == {"x": 0, "y": 0, "width": PHONE["width"], "height": PHONE["height"]}
    shown = (customer.chat.get_by_role("button", name="转人工", exact=True).last, customer.box, picture)
    for part in shown:
        box = await part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"], box
    assert await customer.thread.evaluate("element => element.scrollWidth <= element.clientWidth")

    await picture.tap()
    await customer.chat.get_by_role("button", name="关闭大图").tap()
    await customer.chat.get_by_role("button", name="转人工", exact=True).last.tap()
    await customer.is_in_line()
    customer.watch.assert_calm()


async def test_an_agent_takes_a_customer_who_is_offered_or_waits(visitors: Visitors) -> None:
    group = await visitors.group("offer")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    offered = await visitors.customer("/chat")
    await offered.say("导出的按钮是灰的，转人工")
    await offered.is_in_line()
    offer = agent.page.get_by_role("alert").filter(has_text="导出的按钮是灰的")
    await offer.get_by_role("button", name="接受", exact=True).click()
    await offered.hears("已接入")

    await visitors.group("pick")
    waiting = await visitors.customer("/chat")
    await waiting.say("看板打不开了，转人工")
    await waiting.is_in_line()
    await agent.tab("排队")
    await agent.row("看板打不开了").get_by_role("button", name="接入", exact=True).click()
    await waiting.hears("已接入")
    await agent.reads("看板打不开了")
    await agent.reply("您好，请说。")
    await waiting.hears("您好，请说。")
    await expect(offered.theirs("您好，请说。")).to_have_count(0)
    agent.watch.assert_calm()

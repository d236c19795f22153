"""What sites and apps that embed the chat were promised: it disturbs nothing, hears its own page only, fits a phone."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from playwright.async_api import Locator, expect

from tests.acceptance.people import identity
from tests.acceptance.program import Program
from tests.browser.axe import serious
from tests.browser.elsewhere import elsewhere
from tests.browser.screens import SOON_MS, Customer
from tests.browser.visitors import PHONE, Visitors

SETTINGS = {
    "SITES__NAMES": "main,shop",
    "SITES__LOOKS": '{"shop": {"name": {"zh-CN": "商城客服", "en": "Shop support"}, "colour": "#ffcc00",'
    ' "position": "left", "launcher": {"zh-CN": "咨询", "en": "Ask us"}, "greeting": "欢迎光临，{name}。"}}',
}

KNOWN = "怎么把甘特图导出成图片"
#: Keeps what every listener of the page's own is told.
_LISTEN = 'window.told = []; for (const name of ["ready", "open", "close", "message", "unread"])' \
    ' Yingda.push(["on", name, (detail) => told.push([name, detail])]);'  # fmt: skip


async def _visit(visitors: Visitors, site: str, path: str = "", **options: Any) -> Customer:
    context, watch = await visitors.context(**options)
    customer = Customer(context, await context.new_page(), watch)
    await customer.page.goto(site + path)
    await expect(_launcher(customer)).to_be_visible()
    return customer


def _launcher(customer: Customer) -> Locator:
    return customer.page.locator("#yingda-widget .launcher")


def _calm(customer: Customer, site: str) -> None:
    customer.watch.foreign = [url for url in customer.watch.foreign if not url.startswith(site)]
    customer.watch.assert_calm()


async def test_a_strict_page_embeds_twice_and_goes_on_to_other_pages(visitors: Visitors, desk: Program) -> None:
    script = f"""window.Yingda = [["setUser", "{identity("c-7", name="方屿")}"], ["setAttributes", {{plan: "pro"}}],
        ["track", "看价格", {{seats: 20}}]]; {_LISTEN}
        window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries()))
            .observe({{type: "layout-shift", buffered: true}});"""
    async with elsewhere(desk.url, script, tags=2) as site:
        context, watch = await visitors.context()
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url.removeprefix(desk.url)))
        customer = Customer(context, await context.new_page(), watch)
        await customer.page.goto(site)
        await expect(_launcher(customer)).to_have_count(1)
        await customer.page.wait_for_load_state("networkidle")
        assert {url for url in asked if not url.startswith(site)} == {"/widget.js"}
        assert await customer.page.evaluate("shifts.length") == 0

        await customer.open_chat()
        await customer.hears("好，方屿，我是金石智能助手小应")
        await customer.say(KNOWN)
        await customer.hears("导出 › 图片（PNG）")
        # The page becomes another one without being loaded, and exchanges its whole body.
        await customer.page.evaluate(
            """() => { history.pushState({}, "", "/prices?x=1"); document.title = "价格";
                document.body.replaceWith(document.createElement("body")); }"""
        )
        (known,) = (await visitors.people.api("GET", "/customers?q=方屿"))["items"]
        path = f"/conversations?customer_id={known['id']}"
        trail = await visitors.people.api("GET", f"/customers/{known['id']}/trail")
        assert [(step["name"], step["properties"], step["url"]) for step in trail["items"]] == [
            ("看价格", {"seats": 20}, site)
        ]
        assert trail["attributes"] == {"plan": "pro"}

        wanted = {"url": f"{site}prices?x=1", "title": "价格"}
        async with asyncio.timeout(SOON_MS / 1000):
            while (await visitors.people.api("GET", path))["items"][0]["page"] != wanted:
                await customer.page.wait_for_timeout(50)

        await customer.page.evaluate("Yingda.setLocale('en')")
        await expect(customer.chat.get_by_role("button", name="Talk to a person", exact=True).last).to_be_visible()
        await expect(_launcher(customer)).to_have_accessible_name("Close chat")
        await customer.page.evaluate("Yingda.setLocale('zh-TW')")
        await expect(customer.chat.get_by_role("button", name="轉人工", exact=True).last).to_be_visible()
        told = [name for name, _ in await customer.page.evaluate("told")]
        assert told[:2] == ["open", "ready"]
        assert not await serious(customer.page)
        _calm(customer, site)


async def test_nobody_but_its_own_page_is_heard(visitors: Visitors, desk: Program) -> None:
    async with elsewhere(desk.url, f"window.Yingda = []; {_LISTEN}", about='data-site="shop"') as site:
        customer = await _visit(visitors, site)
        # The site's name, words, place and colour, with letters on it that can be read.
        await expect(_launcher(customer)).to_contain_text("咨询")
        place = await _launcher(customer).bounding_box()
        assert place
        assert place["x"] == 24
        painted = await _launcher(customer).evaluate(
            "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
        )
        assert painted == ["rgb(255, 204, 0)", "rgb(18, 24, 22)"]
        await _launcher(customer).click()
        await expect(customer.thread.get_by_text("欢迎光临")).to_be_visible(timeout=SOON_MS)

        # To the page: as if from the chat. To a chat: from a page that it does not belong to.
        await customer.page.evaluate(
            """desk => {
                postMessage({yingda: "unread", count: 9, live: true}, "*");
                postMessage({yingda: "close"}, "*");
                const other = document.createElement("iframe");
                other.id = "other";
                window.overheard = 0;
                addEventListener("message", (event) => { overheard += event.source === other.contentWindow; });
                other.src = desk + "/chat?embed=1&locale=zh-CN#origin=https%3A%2F%2Fshop.example";
                other.onload = () => {
                    for (const yingda of ["open", "reset"]) other.contentWindow.postMessage({yingda}, desk);
                    other.contentWindow.postMessage({yingda: "locale", locale: "en"}, desk); document.title = "sent"; };
                document.body.append(other);
            }""",
            desk.url,
        )
        await expect(customer.page).to_have_title("sent")
        await expect(
            customer.page.frame_locator("#other").get_by_role("button", name="转人工", exact=True).last
        ).to_be_visible()
        await expect(customer.page.locator("#yingda-widget .badge")).to_be_hidden()
        assert [name for name, _ in await customer.page.evaluate("told")] == ["open", "ready"]
        await expect(customer.thread).to_be_visible()
        # What it says goes to the origin that it was given, which is not this page's.
        assert await customer.page.evaluate("overheard") == 0
        customer.watch.errors = [
            error for error in customer.watch.errors if "does not match the recipient" not in error
        ]
        _calm(customer, site)


async def test_what_comes_in_while_the_chat_is_closed_is_shown_at_the_button(visitors: Visitors, desk: Program) -> None:
    group = await visitors.group("auto")
    agent = await visitors.people.agent(group)
    async with elsewhere(desk.url, f"window.Yingda = []; {_LISTEN}") as site:
        customer = await _visit(visitors, site)
        await customer.open_chat()
        await customer.say("转人工")
        await customer.hears("已接入")
        mine = await agent.client.until("assigned")
        card, badge = customer.page.locator("#yingda-widget .card"), customer.page.locator("#yingda-widget .badge")

        async def write(text: str) -> None:
            await agent.client.do("send_message", conversation_id=mine["conversation_id"], text=text)

        await _launcher(customer).click()
        await write('<img src=x onerror="alert(1)"> **请看** [说明](https://docs.example/a)')
        await expect(card).to_contain_text('<img src=x onerror="alert(1)"> 请看 说明')
        await expect(badge).to_have_attribute("data-count", "1")
        await expect(_launcher(customer)).to_have_accessible_name("打开在线客服 (1)")
        assert not await serious(customer.page)
        await customer.page.get_by_role("button", name="不看这条提示").click()
        await expect(card).to_have_count(0)
        await expect(badge).to_have_attribute("data-count", "1")
        # Dismissed stays dismissed on the next page of the site, and the next message is shown there.
        await customer.page.reload()
        await expect(badge).to_have_attribute("data-count", "1", timeout=SOON_MS)
        await expect(card).to_have_count(0)
        await write("还在吗？")
        await expect(card).to_contain_text("还在吗？")
        await card.locator(".read").press("Enter")
        await expect(customer.thread.get_by_text("还在吗？")).to_be_in_viewport()
        await expect(card).to_have_count(0)
        await expect(badge).to_be_hidden()
        told = await customer.page.evaluate("told")
        assert ["message", {"from": "agent", "name": agent.staff.name, "text": "还在吗？"}] in told
        assert told[-1] == ["unread", {"count": 0}]
        _calm(customer, site)


async def test_on_a_phone_the_back_key_closes_the_chat_and_the_keyboard_covers_nothing(
    visitors: Visitors, desk: Program
) -> None:
    async with elsewhere(desk.url) as site:
        size = {"width": 320, "height": 568}
        customer = await _visit(visitors, site, "list", viewport=size, is_mobile=True, has_touch=True)
        page = customer.page
        await page.goto(f"{site}shoes")
        await page.evaluate("scrollTo(0, 600)")
        await _launcher(customer).tap()
        await customer.greeted()
        panel = page.locator("#yingda-widget iframe")
        assert await panel.bounding_box() == {"x": 0, "y": 0, **size}
        assert await page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
        assert await customer.thread.evaluate("log => log.scrollWidth <= log.clientWidth")
        sizes = await customer.box.evaluate(
            "box => [parseFloat(getComputedStyle(box).fontSize), getSelection().toString()]"
        )
        assert sizes[0] >= 16  # less, and iOS zooms in
        words = customer.thread.locator(".theirs .text").first
        assert await words.evaluate("text => getComputedStyle(text).userSelect") != "none"

        # A keyboard takes the lower part of what is seen.
        await page.evaluate(
            """() => { for (const [name, value] of [["height", 300], ["offsetTop", 40]])
                Object.defineProperty(visualViewport, name, {value, configurable: true});
                visualViewport.dispatchEvent(new Event("resize")); }"""
        )
        await expect(panel).to_have_css("height", "300px")
        assert await panel.bounding_box() == {"x": 0, "y": 40, "width": 320, "height": 300}
        await expect(customer.box).to_be_in_viewport(ratio=1)

        await page.go_back()
        await expect(_launcher(customer)).to_be_visible()
        assert page.url == f"{site}shoes"
        assert await page.evaluate("[scrollY, document.documentElement.style.overflow]") == [600, ""]
        await page.go_forward()
        await expect(panel).to_be_visible()
        await customer.chat.get_by_role("button", name="关闭聊天窗口").tap()
        await expect(_launcher(customer)).to_be_visible()
        while await page.evaluate("history.state !== null"):  # the chat's own step back
            await page.wait_for_timeout(20)
        await page.go_back()
        assert page.url == f"{site}list"
        _calm(customer, site)


async def test_an_app_has_a_bridge_to_the_chat_in_its_web_view(visitors: Visitors, desk: Program) -> None:
    context, watch = await visitors.context(viewport=PHONE, is_mobile=True, has_touch=True)
    await context.add_init_script(
        """window.told = []; window.YingdaApp = {postMessage: (text) => told.push(JSON.parse(text))};
        window.WeixinJSBridge = {heard: {}, invoke() {}, on(name, heard) { this.heard[name] = heard; }};"""
    )
    customer = Customer(context, await context.new_page(), watch)
    page = customer.page
    await page.goto(f"/chat?locale=zh-CN#identity={identity('c-9', name='孙悦')}")
    await customer.hears("孙悦")
    assert "identity" not in page.url
    assert (await page.evaluate("told"))[0] == {"yingda": "ready"}

    await page.evaluate("Yingda.setInsets({top: 44, bottom: 34})")
    await expect(customer.chat.locator(".header")).to_have_css("padding-top", "55px")
    await page.evaluate("Yingda.track('打开帮助', {from: 'menu'})")
    await page.evaluate("Yingda.setLocale('ja')")
    await expect(customer.chat.get_by_role("button", name="担当者につなぐ", exact=True).last).to_be_visible()
    # Larger letters, as WeChat offers them, make the whole chat larger, and it still fits.
    await page.evaluate("WeixinJSBridge.heard['menu:setfont']({fontSize: '4'})")
    await expect(customer.chat.locator(".chat")).to_have_css("zoom", "1.15")
    log = page.get_by_role("log")
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")
    await expect(customer.box).to_be_in_viewport(ratio=1)

    await page.evaluate(
        """() => { const link = document.createElement("a"); link.href = "https://docs.example/a";
            document.querySelector("[role=log]").append(link); link.click(); link.remove(); }"""
    )
    await page.get_by_role("button", name=re.compile("チャットを閉じる")).tap()
    assert (await page.evaluate("told"))[-2:] == [
        {"yingda": "link", "url": "https://docs.example/a"},
        {"yingda": "close"},
    ]
    (known,) = (await visitors.people.api("GET", "/customers?q=孙悦"))["items"]
    (step,) = (await visitors.people.api("GET", f"/customers/{known['id']}/trail"))["items"]
    assert (step["name"], step["properties"]) == ("打开帮助", {"from": "menu"})
    watch.assert_calm()


async def test_a_mini_program_hears_and_is_left_over_the_bridge_of_wechat(visitors: Visitors) -> None:
    context, watch = await visitors.context(viewport=PHONE, is_mobile=True, has_touch=True)
    await context.add_init_script(
        """window.told = []; window.__wxjs_environment = "miniprogram";
        window.WeixinJSBridge = {invoke: (name, what) => told.push([name, what]), on() {}};"""
    )
    customer = Customer(context, await context.new_page(), watch)
    await customer.page.goto("/chat?locale=zh-CN")
    await customer.greeted()
    await customer.page.get_by_role("button", name="关闭聊天窗口").tap()
    calls = [what for name, what in await customer.page.evaluate("told") if name == "invokeMiniProgramAPI"]
    assert calls[0] == {"name": "postMessage", "arg": {"yingda": "ready"}}
    assert calls[-1] == {"name": "navigateBack", "arg": {"delta": 1}}
    # Another person signs in there: the fragment changes, and is gone at once.
    await customer.page.evaluate("token => { location.hash = 'identity=' + token; }", identity("c-12", name="吴越"))
    await customer.hears("吴越")
    assert "identity" not in customer.page.url
    watch.assert_calm()

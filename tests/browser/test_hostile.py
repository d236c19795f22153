"""Every page full of hostile texts: nothing comes alive, nobody else hears of it, and everybody can use the page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.acceptance.people import Staff, identity, people_of
from tests.acceptance.program import ROOT, Program
from tests.browser.axe import serious
from tests.browser.hostile_desk import HostileDesk
from tests.browser.screens import SOON_MS, Agent
from tests.browser.visitors import DESKTOP, PHONE, Visitors
from tests.clients import sign_in
from tests.payloads.markup import LIVE, MARKUP

#: Everybody may write as fast as a machine here.
SETTINGS = {
    "SERVER__EVENTS_PER_SECOND": "2000",
    "SERVER__EVENTS_BURST": "20000",
    "SERVER__AGENT_EVENTS_PER_SECOND": "2000",
    "SERVER__AGENT_EVENTS_BURST": "20000",
}
_MOST_PAGES = 10
#: Scrolls to the very top, a part of a screen at a time, and looks for what lives at every stop.
_SCROLL = """async ([box, live]) => {
  while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
  for (let step = 0; box && step < 600; step += 1) {
    const found = document.querySelector(live);
    if (found) return found.outerHTML.slice(0, 300);
    if (box.scrollTop <= 0) break;
    box.scrollTop -= box.clientHeight * 0.7;
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  }
  return document.querySelector(live)?.outerHTML.slice(0, 300) ?? "";
}"""


def page_names() -> list[str]:
    """Every page of the console, from the table that the console itself is made of; what lies below them, by name."""
    table = ROOT / "web" / "console" / "src" / "pages" / "pages.ts"
    pages: list[str] = re.findall(r'^  \{ name: "([a-z]+)"', table.read_text(encoding="utf-8"), re.MULTILINE)
    return [*pages, *(f"knowledge/:{tab}" for tab in ("new", "reviews", "files", "releases", "index", "trials"))]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(browser: Browser, desk: Program) -> AsyncIterator[tuple[Visitors, Staff]]:
    async with people_of(desk) as people:
        group = await people.group("pick")
        username, password = "everything", "password of everything"
        roles = ["agent", "supervisor", "editor", "admin"]
        made = await people.api(
            "POST",
            "/agents",
            {"username": username, "password": password, "roles": roles, "groups": [group["id"]], "capacity": 50},
        )
        staff = Staff(made["id"], username, username, password, await sign_in(desk.url, username, password))
        await HostileDesk(people, group, await people.seat(staff)).fill()
        visitors = Visitors(browser, desk, people)
        yield visitors, staff
        await visitors.close()


async def _calm(page: Page, box: Locator | None = None) -> None:
    """Nothing on the page came alive."""
    place = box or page.locator("body")
    handle = await place.element_handle()
    assert await page.evaluate(_SCROLL, [handle, LIVE]) == ""


async def _everything(agent: Agent, name: str) -> None:
    """A page with as much of its list as it has, and the first of it open."""
    page = agent.page
    await page.goto(f"/console#/{name}")
    await page.wait_for_load_state("networkidle")
    for _ in range(_MOST_PAGES):
        more = page.get_by_role("button", name=re.compile("^(加载)?更多|更早")).locator("visible=true").last
        if await more.count() == 0:
            break
        await more.click()
        await page.wait_for_load_state("networkidle")
    await _calm(page)
    links = page.get_by_role("main").locator(f"a[href*='#/{name}/']")
    for number in range(min(3, await links.count())):
        await links.nth(number).click()
        await page.wait_for_load_state("networkidle")
        await _calm(page)


async def test_no_text_comes_alive_on_any_page(house: tuple[Visitors, Staff]) -> None:
    visitors, staff = house
    agent = await visitors.agent(staff)
    for name in page_names():
        await _everything(agent, name)

    await agent.page.goto("/console#/workbench")
    await agent.open_first()
    await expect(agent.log).to_contain_text("alert(document.domain)", timeout=SOON_MS)
    await _calm(agent.page, agent.log)
    agent.watch.assert_calm()

    customer = await visitors.customer()
    await customer.page.evaluate("token => window.Yingda.push(['setUser', token])", identity("h-1", name="林女士"))
    await customer.hears(MARKUP[-1].splitlines()[0][:10])
    frame = next(each for each in customer.page.frames if "/chat" in each.url)
    log = await customer.thread.element_handle()
    assert await frame.evaluate(_SCROLL, [log, LIVE]) == ""
    customer.watch.assert_calm()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_any_page(house: tuple[Visitors, Staff], theme: str) -> None:
    visitors, staff = house
    agent = await visitors.agent(staff, color_scheme=theme, reduced_motion="reduce")
    found = {}
    for name in page_names():
        await agent.page.goto(f"/console#/{name}")
        for size in (DESKTOP, PHONE):
            await agent.page.set_viewport_size(size)  # type: ignore[arg-type]
            await agent.page.wait_for_load_state("networkidle")
            found[name, size["width"]] = await serious(agent.page)
    await agent.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    await agent.page.goto("/console#/workbench")
    await agent.open_first()
    found["conversation", DESKTOP["width"]] = await serious(agent.page)

    customer = await visitors.customer(color_scheme=theme, reduced_motion="reduce")
    frame = next(each for each in customer.page.frames if "/chat" in each.url)
    await customer.say("怎么把甘特图导出成图片")
    await customer.hears("导出")
    found["chat", DESKTOP["width"]] = await serious(frame)
    assert {where: what for where, what in found.items() if what} == {}

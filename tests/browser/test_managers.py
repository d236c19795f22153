"""The manager's desk in a real browser: a number, its list, its workbook; a threshold that holds at once."""

from __future__ import annotations

import io
import re

from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tests.browser.axe import serious
from tests.browser.screens import SOON_MS
from tests.browser.visitors import PHONE, Visitors

_QUESTION = "怎么把甘特图导出成图片"


async def test_a_manager_follows_a_number_saves_it_and_changes_a_threshold(visitors: Visitors) -> None:
    people = visitors.people
    for _ in range(2):
        asking = await people.customer()
        await asking.answer_to(await asking.say(_QUESTION))
    boss = await visitors.agent(await people.staff(role="supervisor"), viewport={"width": 1280, "height": 900})
    page = boss.page
    await page.goto("/console/#/analytics?since=2026-01-01&until=2026-01-01")
    await expect(page.get_by_text("这段时间没有可以统计的会话").first).to_be_visible(timeout=SOON_MS)
    await page.get_by_role("radio", name="今天").check(force=True)

    # The number leads to a list of the same length, and back.
    shown = page.get_by_role("link", name=re.compile(r"^会话：[1-9]"))
    await expect(shown).to_be_visible(timeout=SOON_MS)
    number = await shown.inner_text()
    assert await serious(page) == []
    about = page.get_by_role("button", name="“会话”是怎么算的")
    await about.focus()
    await expect(page.locator(".n-popover")).to_contain_text("客户说过话的会话")
    await shown.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"会话{number}")
    assert await serious(page) == []
    await page.get_by_role("link", name="返回看板").click()
    await expect(shown).to_be_visible(timeout=SOON_MS)
    await page.get_by_role("link", name=_QUESTION).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"会话\d+"))
    await page.go_back()

    async with page.expect_download() as saved:
        await page.get_by_role("button", name="导出 XLSX").click()
    file = await (await saved.value).path()
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    told = {row[0]: row[1] for row in book.get_sheet_by_name("总览").to_python()}
    assert told["会话"] == float(number)

    # A threshold: no effect is made up, the change holds for the next question, and goes back.
    await page.goto("/console/#/settings")
    await expect(page.get_by_text("还没有做过评估")).to_be_visible(timeout=SOON_MS)
    field = page.get_by_role("slider", name="直接回答")
    await field.focus()
    await field.press("End")
    assert await serious(page) == []
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_text(re.compile(r"0\.\d+ → 1"))).to_be_visible(timeout=SOON_MS)
    later = await people.customer()
    assert not (await later.answer_to(await later.say(_QUESTION))).get("sources")
    await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    await page.get_by_role("button", name="恢复默认").first.click()
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_text("1 → 默认")).to_be_visible(timeout=SOON_MS)
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    boss.watch.assert_calm()

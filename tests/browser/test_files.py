"""Pictures and files between two browsers: pasted, tried again, looked at, answered, and sent from the phone."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import FilePayload, Locator, Page, Route, expect

from tests.browser.axe import serious
from tests.browser.screens import SOON_MS, Agent, Customer
from tests.browser.visitors import PHONE, Visitors
from tests.edge.files import picture

_HOSTILE = "“><img src=x onerror=alert(1)>.txt"
_GUIDE = b"%PDF-1.7\n1 0 obj\nendobj\n"
#: What a browser makes of Ctrl+V after a screenshot.
_PASTE = """(field, content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}"""


async def _is_seen(image: Locator) -> None:
    """It has really come, not only its frame."""
    await expect(image).to_be_visible(timeout=SOON_MS)
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


async def test_a_pasted_screenshot_reaches_the_agent_who_answers_with_a_file(
    visitors: Visitors, tmp_path: Path
) -> None:
    group = await visitors.group("pick")
    agent = await visitors.agent(await visitors.people.staff(group))
    await agent.be("在线")
    customer = await visitors.customer()
    tries = []

    async def stumble(route: Route) -> None:
        tries.append(route.request.headers["idempotency-key"])
        await (route.abort() if len(tries) == 1 else route.continue_())

    await customer.page.route("**/api/v1/uploads", stumble)
    await customer.box.evaluate(_PASTE, base64.b64encode(picture(1200, 800)).decode())
    tray = customer.chat.locator(".tray")
    await expect(tray.get_by_role("listitem")).to_have_count(1)
    await expect(tray.locator(".upload.ready")).to_have_count(1, timeout=SOON_MS)  # the lost try was made again
    assert len(tries) == 2
    assert len(set(tries)) == 1
    assert [error for error in customer.watch.errors if "ERR_FAILED" not in error] == []
    customer.watch.errors.clear()
    hostile = FilePayload(name=_HOSTILE, mimeType="text/html", buffer="导出失败".encode())
    await customer.chat.locator(".attaching input").set_input_files([hostile])
    await expect(tray.locator(".upload.ready")).to_have_count(2, timeout=SOON_MS)
    await customer.page.reload()
    await customer.greeted()
    await expect(tray.locator(".upload.ready")).to_have_count(2, timeout=SOON_MS)  # nothing has to be chosen again
    await customer.say("导出按钮是灰的，转人工")
    await expect(tray).to_have_count(0)
    await _is_seen(customer.mine("导出按钮").locator("img"))
    await customer.is_in_line()

    await agent.tab("排队")
    await agent.row("导出按钮是灰的").get_by_role("button", name="接入").click()
    card = agent.page.get_by_role("complementary", name="交接卡")
    await _is_seen(card.get_by_role("button", name="查看大图").locator("img"))
    shot = agent.log.get_by_role("button", name="查看大图").last
    await _is_seen(shot.locator("img"))
    await expect(agent.log.get_by_text("_img src=x onerror=alert(1)_.txt")).to_be_visible()
    await shot.click()
    viewer = agent.page.get_by_role("dialog")
    await _is_seen(viewer.locator("img"))
    await agent.page.keyboard.press("+")
    await expect(viewer).to_contain_text("150%")
    assert await serious(agent.page, "[role=dialog]") == []
    await agent.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(shot).to_be_focused()

    guide = FilePayload(name="操作手册.pdf", mimeType="application/pdf", buffer=_GUIDE)
    await agent.page.locator(".attach-input").set_input_files([guide])
    await agent.page.get_by_role("button", name="发送", exact=True).click()
    link = customer.thread.get_by_role("link", name="操作手册.pdf")
    await expect(link).to_be_visible(timeout=SOON_MS)
    async with customer.page.expect_download() as downloading:
        await link.click()
    download = await downloading.value
    await download.save_as(tmp_path / "guide.pdf")
    assert ((tmp_path / "guide.pdf").read_bytes(), download.suggested_filename) == (_GUIDE, "操作手册.pdf")

    await _from_the_phone(visitors, customer)
    await _is_seen(agent.log.get_by_role("button", name="查看大图").last.locator("img"))
    await _through_a_ticket(visitors, agent, customer)
    for person in (customer, agent):
        person.watch.assert_calm()


async def _through_a_ticket(visitors: Visitors, agent: Agent, customer: Customer) -> None:
    """A file beside a reply survives a reload and reaches the chat; one among colleagues does not."""
    (row,) = (await visitors.people.api("GET", "/conversations?state=human"))["items"]
    made = await visitors.people.api("POST", "/tickets", {"conversation_id": row["id"], "title": "导出按钮是灰的"})
    page = agent.page
    await page.goto(f"/console#/tickets/{made['number']}")
    form = page.locator("form.write")
    for side, name in (("内部备注", "日志.txt"), ("回复客户", "补丁说明.txt")):
        await form.get_by_text(side).click()
        await form.locator(".attach-input").set_input_files(
            [FilePayload(name=name, mimeType="text/plain", buffer=b"x")]
        )
        await expect(form.locator(".tray li.ready")).to_have_count(1, timeout=SOON_MS)
    await page.reload()
    await expect(form.locator(".tray li.ready")).to_have_text(re.compile("补丁说明"), timeout=SOON_MS)
    await form.get_by_role("button", name="发送", exact=True).click()
    await expect(customer.thread.get_by_role("link", name="补丁说明.txt")).to_be_visible(timeout=SOON_MS)
    await form.get_by_text("内部备注").click()
    await form.get_by_role("textbox").press("Control+Enter")
    await expect(page.locator(".comment.internal").get_by_role("link", name="日志.txt")).to_be_visible(timeout=SOON_MS)
    await expect(customer.thread.get_by_text("日志.txt")).to_have_count(0)


async def _from_the_phone(visitors: Visitors, customer: Customer) -> None:
    """The code on the computer opens the same talk on the phone; its picture closes the sheet."""
    frame = next(frame for frame in customer.page.frames if "/chat" in frame.url)
    await customer.press("发送图片或文件")
    await expect(customer.chat.get_by_role("menuitem").first).to_be_focused()
    async with customer.page.expect_response("**/api/v1/continuations") as answering:
        await customer.chat.get_by_role("menuitem", name="用手机拍照上传").click()
    code: dict[str, Any] = json.loads(await (await answering.value).body())
    sheet = customer.chat.get_by_role("dialog", name="用手机继续")
    await _is_seen(sheet.get_by_role("img"))
    assert await serious(frame) == []

    context, watch = await visitors.context(viewport=PHONE, is_mobile=True, has_touch=True)
    phone = await context.new_page()
    await phone.goto(code["url"])
    bar = phone.get_by_role("region", name="用手机继续")
    await expect(bar).to_contain_text("已接上电脑上的对话", timeout=SOON_MS)
    await expect(phone.get_by_text("导出按钮是灰的，转人工")).to_be_visible(timeout=SOON_MS)
    assert await serious(phone) == []
    await _photograph(phone)
    await expect(bar).to_contain_text("已发送", timeout=SOON_MS)
    await expect(sheet).to_have_count(0, timeout=SOON_MS)
    await _is_seen(customer.thread.locator(".mine img").last)
    await phone.reload()  # this tab goes on
    await expect(bar).to_be_visible(timeout=SOON_MS)
    watch.assert_calm()

    late = await context.new_page()
    await late.goto(code["url"])
    await expect(late.get_by_role("heading")).to_have_text("二维码已经用过或过期了", timeout=SOON_MS)


async def _photograph(phone: Page) -> None:
    shot = FilePayload(name="IMG_0001.jpg", mimeType="image/jpeg", buffer=picture(900, 1600, "JPEG"))
    await phone.locator(".phone-bar input").set_input_files([shot])
    await expect(phone.locator(".upload.ready")).to_have_count(1, timeout=SOON_MS)
    await phone.get_by_role("button", name="发送", exact=True).click()

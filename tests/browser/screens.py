"""The two kinds of people in front of their screens, in the words that stand on the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.watching import Watch

#: How long a promise may take on a busy machine.
SOON_MS = 30_000


@dataclass
class Customer:
    """A customer on the demo site, or on the page with the chat alone."""

    context: BrowserContext
    page: Page
    watch: Watch

    @property
    def chat(self) -> FrameLocator | Page:
        return self.page if "/chat" in self.page.url else self.page.frame_locator("#yingda-widget iframe")

    @property
    def thread(self) -> Locator:
        return self.chat.get_by_role("log", name="对话记录")

    @property
    def box(self) -> Locator:
        return self.chat.locator("footer textarea")

    async def open_chat(self) -> None:
        """Presses the button in the corner and waits for the greeting."""
        await self.page.locator("#yingda-widget").get_by_role("button", name="打开在线客服").click()
        await self.greeted()

    async def greeted(self) -> None:
        await expect(self.thread.get_by_text("我是金石智能助手小应").first).to_be_visible(timeout=SOON_MS)

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.mine(text).last).to_be_visible(timeout=SOON_MS)

    def mine(self, text: str | re.Pattern[str]) -> Locator:
        return self.thread.locator(".mine .bubble").filter(has_text=text)

    def theirs(self, text: str | re.Pattern[str]) -> Locator:
        return self.thread.locator(".theirs").filter(has_text=text)

    async def press(self, name: str) -> None:
        await self.chat.get_by_role("button", name=name, exact=True).last.click()

    async def hears(self, text: str | re.Pattern[str]) -> None:
        """Somebody else, or the desk itself, has said this in the thread."""
        await expect(self.thread.get_by_text(text).last).to_be_visible(timeout=SOON_MS)

    @property
    def queue(self) -> Locator:
        return self.chat.get_by_role("region", name="排队情况")

    async def is_in_line(
        self, words: str | re.Pattern[str] = re.compile("下一位就是您|您前面还有|第一个接待您")
    ) -> None:
        await expect(self.queue).to_contain_text(words, timeout=SOON_MS)

    async def delivered(self) -> None:
        """Nothing of what was said is still on its way."""
        await expect(self.thread.get_by_text("发送中")).to_have_count(0, timeout=SOON_MS)

    async def said(self) -> list[str]:
        """What the thread shows, message by message, without its times."""
        return [text.strip() for text in await self.thread.locator(".bubble .text, .mine .bubble p").all_inner_texts()]


@dataclass
class Agent:
    """An agent at the console."""

    context: BrowserContext
    page: Page
    watch: Watch

    async def sign_in(self, username: str, password: str) -> None:
        await self.page.get_by_label("账号").fill(username)
        await self.page.get_by_label("密码").first.fill(password)
        await self.page.get_by_role("button", name="登录", exact=True).click()
        await expect(self.presence).to_be_visible(timeout=SOON_MS)

    @property
    def presence(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^切换接待状态"))

    async def be(self, status: str) -> None:
        """在线, 小休, 离线 …"""
        await expect(self.presence).to_be_enabled(timeout=SOON_MS)
        await self.presence.click()
        await self.page.get_by_role("button", name=status, exact=True).click()
        await expect(self.presence).to_have_accessible_name(re.compile(f"：{status}"), timeout=SOON_MS)

    async def tab(self, name: str) -> None:
        await self.page.get_by_role("tab", name=re.compile(f"^{name}")).click()

    @property
    def list(self) -> Locator:
        return self.page.get_by_role("tabpanel")

    @property
    def line(self) -> Locator:
        """The rows of the waiting line, in order."""
        return self.list.get_by_role("listitem")

    def row(self, text: str | re.Pattern[str]) -> Locator:
        """The row of the list that is shown, of the customer who said this or is called so."""
        return self.list.get_by_role("listitem").filter(has_text=text)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="会话记录")

    async def open_first(self) -> None:
        """The conversation that stands first among mine."""
        await self.tab("我的会话")
        await self.list.get_by_role("listitem").get_by_role("button").first.click()

    async def reads(self, text: str | re.Pattern[str]) -> None:
        await expect(self.log.get_by_text(text).last).to_be_visible(timeout=SOON_MS)

    async def reply(self, text: str, shown: str | None = None) -> None:
        """``shown`` where marks of Markdown do not stand on the page."""
        await self.page.get_by_role("button", name="回复", exact=True).click()
        await self._write("回复", "发送", text, shown or text)

    async def note(self, text: str) -> None:
        await self.page.get_by_role("button", name="备注", exact=True).click()
        await self._write("内部备注，客户看不到", "保存备注", text, text)

    async def _write(self, label: str, button: str, text: str, shown: str) -> None:
        box = self.page.get_by_role("textbox", name=label, exact=True)
        await box.fill(text)
        # Nothing goes out before the whole history is there.
        await expect(self.page.get_by_role("button", name=button, exact=True)).to_be_enabled(timeout=SOON_MS)
        await box.press("Enter")
        await self.reads(shown)
        await expect(self.log.get_by_text("发送中")).to_have_count(0, timeout=SOON_MS)

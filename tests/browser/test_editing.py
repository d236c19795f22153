"""An article's way at the editors' desk: written, a duplicate warned of, tried, reviewed, published, said to customers,
brought back; with the small encoder, since what is tested is the desk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.acceptance.people import Staff
from tests.acceptance.program import Program
from tests.browser.axe import serious
from tests.browser.screens import SOON_MS
from tests.browser.visitors import PHONE, Visitors
from tests.browser.watching import Watch
from tests.edge.films import webm
from tests.fakes import PostgresForTests

_QUESTION = "松鼠的指甲太长怎么办"
_ANSWER = "先问松鼠，再慢慢剪。"
_HOSTILE = "<img src=x onerror=alert(1)> **粗** ![图](https://evil.example/p.png)"


@pytest.fixture(scope="module")
def desk(postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server of this module's own: ten articles and an encoder that is quick."""
    dsn = asyncio.run(postgres.new())
    settings = {"KNOWLEDGE__SECOND_REVIEWER": "true"}
    with Program(tmp_path_factory.mktemp("editing"), dsn, **settings) as program:
        program.start()
        yield program
    asyncio.run(postgres.drop(dsn))


async def _editor(visitors: Visitors, staff: Staff, **options: Any) -> tuple[Page, Watch]:
    context, watch = await visitors.context(**options)
    page = await context.new_page()
    await page.goto("/console#/knowledge")
    await page.get_by_label("账号").fill(staff.username)
    await page.get_by_label("密码").first.fill(staff.password)
    await page.get_by_role("button", name="登录", exact=True).click()
    await expect(page.get_by_role("heading", name="知识库")).to_be_visible(timeout=SOON_MS)
    return page, watch


async def _said(page: Page, text: str) -> None:
    await expect(page.get_by_text(text).first).to_be_visible(timeout=SOON_MS)


async def test_an_article_goes_from_its_author_over_a_reviewer_to_customers_and_back(visitors: Visitors) -> None:
    people = visitors.people
    author, reviewer = await people.staff(role="editor"), await people.staff(role="editor")
    page, watch = await _editor(visitors, author)
    await page.get_by_role("link", name="写一篇").click()
    question = page.get_by_role("textbox", name="标准问题")

    await question.fill("怎么把甘特图导出成图片")
    await _said(page, "很像已有的《怎么把甘特图导出成图片》")
    await question.fill(_QUESTION)
    await expect(page.get_by_text("很像已有的")).to_have_count(0)
    await page.get_by_role("textbox", name="答案").fill(f"{_ANSWER}\n\n{_HOSTILE}")
    await _said(page, "没保存的内容已留在这台电脑上")
    await expect(page.locator(".preview strong")).to_have_text("粗")
    await page.reload()
    await expect(question).to_have_value(_QUESTION, timeout=SOON_MS)
    await expect(page.get_by_role("button", name="发布…")).to_have_count(0)

    await page.get_by_role("radio", name="试一试").check(force=True)
    await page.get_by_role("button", name="问问看").click()
    await expect(page.locator(".verdict strong")).not_to_have_text("直接回答", timeout=SOON_MS)
    await page.get_by_role("radio", name="改好以后").check(force=True)
    await page.get_by_role("button", name="问问看").click()
    after = page.locator(".result").filter(has=page.get_by_role("heading", name="改好以后"))
    await expect(after.locator(".verdict strong")).to_have_text("直接回答", timeout=60_000)
    assert await serious(page) == []

    await page.get_by_role("textbox", name="答案").fill(_ANSWER)
    film = FilePayload(name="剪指甲.webm", mimeType="video/webm", buffer=webm())
    await page.locator(".answer input[type=file]").set_input_files(film)
    await page.get_by_role("radio", name="预览").check(force=True)
    await _plays(page.locator(".preview"), "剪指甲")
    await page.get_by_role("button", name="交给同事审核").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("请看")
    await dialog.get_by_role("button", name="交给同事审核").click()
    await _said(page, "已交审核")

    other, others_watch = await _editor(visitors, reviewer)
    await other.get_by_role("link", name=re.compile("草稿与待审")).click()
    await other.get_by_role("link", name=re.compile(_QUESTION)).click()
    await other.get_by_role("button", name="发布…").click()
    await other.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    await _said(other, "已发布")
    await expect(other.get_by_role("heading", name=_QUESTION)).to_be_visible(timeout=SOON_MS)
    await _indexed(other)
    customer = await visitors.customer("/chat")
    await customer.say(_QUESTION)
    await customer.hears(_ANSWER)
    await _plays(customer.page, "剪指甲")

    # A second revision, and the first one back; the author of the change is whoever wrote last, so the other publishes.
    await other.get_by_role("button", name="编辑").click()
    await other.get_by_role("textbox", name="答案").fill("不要剪。")
    await other.get_by_role("button", name="交给同事审核").click()
    await expect(other.get_by_role("dialog").locator("ins")).to_contain_text("不要")
    await other.get_by_role("dialog").get_by_role("button", name="交给同事审核").click()
    await _said(other, "已交审核")
    await _review(page, "不要剪。")
    await page.get_by_role("radio", name="修改记录").check(force=True)
    await page.get_by_role("button", name=re.compile("第 1 版")).click()
    await page.get_by_role("button", name="恢复这一版").click()
    await page.get_by_role("button", name="交给同事审核").click()
    await page.get_by_role("dialog").get_by_role("button", name="交给同事审核").click()
    await _said(page, "已交审核")
    await other.reload()
    await _review(other, _ANSWER)
    watch.assert_calm()
    others_watch.assert_calm()


async def _plays(place: Page | Locator, name: str) -> None:
    """A video with a poster, of which nothing is fetched before somebody presses play; then it plays."""
    video = place.locator("video")
    await expect(video).to_have_attribute("preload", "none", timeout=SOON_MS)
    await expect(video).to_have_attribute("poster", re.compile(r"^/media/[0-9a-f]{64}\.jpg$"))
    await expect(place.get_by_role("link", name=f"▶ {name}")).to_have_attribute("href", re.compile(r"\.webm$"))
    assert await video.evaluate("film => film.readyState") == 0
    seconds = await video.evaluate(
        "film => new Promise((ended, failed) => {film.muted = true; film.onended = () => ended(film.duration);"
        " film.onerror = () => failed(film.error.message); film.play()})"
    )
    assert seconds == pytest.approx(0.5, abs=0.1)


async def _indexed(page: Page) -> None:
    """Nothing is being built any more."""
    await page.get_by_role("link", name="索引", exact=True).click()
    await _said(page, "正在使用第 2 版")
    await page.go_back()


async def _review(page: Page, answer: str) -> None:
    """Publishes what waits, and reads it as it is served then."""
    await page.get_by_role("link", name=re.compile("草稿与待审")).click()
    await page.get_by_role("link", name=re.compile(_QUESTION)).click()
    await page.get_by_role("button", name="发布…").click()
    await page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    await expect(page.get_by_role("heading", name=_QUESTION)).to_be_visible(timeout=SOON_MS)
    await expect(page.locator(".bubble").first).to_contain_text(answer)


async def test_two_editors_of_one_draft_see_both_texts_and_lose_neither(visitors: Visitors) -> None:
    people = visitors.people
    mine, theirs = await people.staff(role="editor"), await people.staff(role="editor")
    page, _ = await _editor(visitors, mine, viewport=PHONE)
    await page.goto("/console#/knowledge/invoice")
    await page.get_by_role("button", name="编辑").click()
    box = page.get_by_role("textbox", name="答案")
    await box.fill("我的答案。")
    article = await people.api("GET", "/articles/invoice", token=theirs.token)
    content = {"question": article["question"], "answer": "对方的答案。", "variants": article["variants"]}
    saved = {"version": 0, "base_revision": article["revision"], "content": content}
    await people.api("PUT", "/articles/invoice/draft", saved, token=theirs.token)

    await page.get_by_role("button", name="保存草稿").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("我的答案。", timeout=SOON_MS)
    await expect(dialog).to_contain_text("对方的答案。")
    assert await serious(page) == []
    await dialog.get_by_role("button", name="用我的").click()
    await expect(box).to_have_value("我的答案。")
    await page.get_by_role("button", name="保存草稿").click()
    await _said(page, "草稿已保存")
    draft = await people.api("GET", "/articles/invoice/draft", token=mine.token)
    assert draft["content"]["answer"] == "我的答案。"
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_a_table_is_looked_at_row_by_row_before_anything_is_stored(visitors: Visitors) -> None:
    page, watch = await _editor(visitors, await visitors.people.staff(role="editor"))
    await page.get_by_role("link", name="导入导出").click()
    table = "id,question,answer\nnew,仓库钥匙归谁管,归库管员\nbad,没有答案,\n"
    file = FilePayload(name="知识.csv", mimeType="text/csv", buffer=table.encode())
    await page.locator("input[type=file]").set_input_files(file)
    await _said(page, "仓库钥匙归谁管")
    await _said(page, "缺少“答案 answer”")
    assert await serious(page) == []
    await page.get_by_role("button", name="存入好的 1 篇").click()
    await _said(page, "1 篇已交审核")
    await expect(page.get_by_role("link", name=re.compile("仓库钥匙归谁管"))).to_be_visible(timeout=SOON_MS)
    watch.assert_calm()

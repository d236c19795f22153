"""When nobody is there: the bot answers on, says when people are back, and takes a message with a number."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from tests.browser.screens import SOON_MS
from tests.browser.visitors import Visitors

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _closed_now() -> dict[str, list[str]]:
    """Open every day but today and tomorrow, so that midnight may pass during the test."""
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    closed = {_DAYS[day.weekday()] for day in (today, today + timedelta(days=1))}
    return {day: [] if day in closed else ["09:00-18:00"] for day in _DAYS}


SETTINGS = {"HOURS__ALWAYS_OPEN": "false", "HOURS__WEEKLY": json.dumps(_closed_now())}


async def test_at_night_a_customer_learns_the_hours_and_leaves_a_message(visitors: Visitors) -> None:
    customer = await visitors.customer()
    await expect(customer.chat.get_by_text("人工已下班")).to_be_visible()
    await customer.say("怎么把甘特图导出成图片")
    await customer.hears("导出 › 图片（PNG）")

    await customer.say("转人工")
    await customer.hears("现在不在人工服务时间")
    opens = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)).date()
    await customer.hears(re.compile(rf"{opens.month}月{opens.day}日（周.）\d+:00 前回复"))
    await expect(customer.queue).to_have_count(0)

    await customer.chat.get_by_role("button", name="留言", exact=True).last.click()
    form = customer.chat.get_by_role("dialog", name="给我们留言")
    await expect(form).to_contain_text("现在不在人工服务时间")
    await form.get_by_label("问题描述").fill("导出按钮是灰的，明天上班前要交图")
    await form.get_by_role("button", name="提交留言").click()
    await expect(form.get_by_text("请留下手机号或邮箱")).to_be_visible()
    await form.get_by_label("手机号或邮箱").fill("13800138000")
    await form.get_by_role("button", name="提交留言").click()
    done = customer.chat.get_by_role("dialog", name="留言已收到")
    await expect(done).to_contain_text(re.compile(r"GD\d{8}-\d{4}"), timeout=SOON_MS)
    await done.get_by_role("button", name="知道了").click()
    await customer.hears(re.compile(r"已为您建立工单 GD\d{8}-\d{4}"))
    await customer.page.reload()
    await customer.hears(re.compile(r"已为您建立工单 GD\d{8}-\d{4}"))
    customer.watch.assert_calm()

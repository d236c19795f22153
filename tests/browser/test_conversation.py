"""The conversation at the console: logs of any length, nobody answers blind, quotes, mentions, what was not sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from playwright.async_api import WebSocketRoute, expect

from tests.browser.axe import serious
from tests.browser.composing import compose
from tests.browser.conftest import Seed
from tests.browser.screens import SOON_MS, Agent
from tests.browser.visitors import PHONE, Visitors
from tests.clients import ChatClient

LONG_MS = 60_000
_EVENTS = 10_000

#: A talk of years: customer and agent in turns, now and then somebody quotes what was said at the beginning.
_FILL = """
with kept as (select last_seq, started_at, customer_id from conversations where id = $1::uuid),
said as (
    insert into events (conversation_id, seq, kind, at, actor_kind, actor_id, actor_name, reply_to_seq, body)
    select $1::uuid, n, 'message', kept.started_at + n * interval '1 millisecond',
           case when n % 2 = 0 then 'customer' else 'agent' end,
           case when n % 2 = 0 then kept.customer_id else $3::uuid end,
           case when n % 2 = 0 then null else '小林' end,
           case when n = $2::integer - 1 then 40 end,
           jsonb_build_object('id', gen_random_uuid(), 'text', '第 ' || n || ' 句' || repeat('，很长的话', n % 23))
    from kept, generate_series(kept.last_seq + 1, $2::integer) as n
    returning seq
)
update conversations set last_seq = $2::integer, agent_read_seq = $2::integer, last_text = '第 10000 句'
where id = $1::uuid and (select count(*) from said) > 0
"""

#: Once the page has come to rest: the first message in view and where it stands, and how many rows there are at all.
_SEEN = """async (log) => {
  for (let n = 0; n < 6; n += 1) await new Promise(requestAnimationFrame);
  const top = log.getBoundingClientRect().top;
  const rows = [...log.querySelectorAll('[data-index]')];
  const seen = rows.filter((row) => row.getBoundingClientRect().bottom > top + 60 && /第 \\d+ 句/.test(row.innerText));
  const place = seen[0]?.getBoundingClientRect().top ?? 0;
  return {first: seen[0]?.innerText ?? '', top: Math.round(place), rows: rows.length};
}"""

#: Scrolls up by the wheel's steps until the beginning is reached; how often a step showed nothing, or went astray.
_CLIMB = """async (log) => {
  const frame = () => new Promise(requestAnimationFrame);
  const first = () => {
    const top = log.getBoundingClientRect().top;
    for (const row of log.querySelectorAll('[data-index]')) {
      const box = row.getBoundingClientRect();
      const match = box.bottom > top && row.innerText.match(/第 (\\d+) 句/);
      if (match) return Number(match[1]);
    }
    return null;
  };
  let empty = 0, astray = 0, steps = 0, most = 0, before = first();
  while (steps < 4000 && before !== 1 && !log.innerText.includes('会话从这里开始')) {
    log.scrollTop = Math.max(0, log.scrollTop - 3000);
    for (let n = 0; n < 2; n += 1) await frame();
    const now = first();
    if (now === null) empty += 1;
    else if (before !== null && now > before) astray += 1;
    if (now !== null) before = now;
    most = Math.max(most, log.querySelectorAll('[data-index]').length);
    steps += 1;
  }
  return {empty, astray, steps, most};
}"""


async def _talk(visitors: Visitors, **options: Any) -> tuple[Agent, ChatClient, str]:
    """An agent who has just been given a customer's conversation, and the customer."""
    group = await visitors.group("auto")
    agent = await visitors.agent(await visitors.people.staff(group, capacity=3), **options)
    await agent.be("在线")
    customer = await visitors.people.customer()
    ack = await customer.do("request_human")
    await customer.until("event", lambda event: event.get("state") == "human", timeout=20)
    return agent, customer, ack["conversation_id"]


@dataclass
class Wire:
    """The socket of a page, through a hand that can hold back what it carries."""

    hold_syncs: bool = False
    hold_replies: bool = False
    held: list[Callable[[], None]] = field(default_factory=list)
    pages: list[WebSocketRoute] = field(default_factory=list)

    def through(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        self.pages.append(page)

        def to_server(message: str | bytes) -> None:
            if not (self.hold_replies and '"send_message"' in str(message)):
                server.send(message)

        def to_page(message: str | bytes) -> None:
            if self.hold_syncs and '"last_note_seq"' in str(message) and str(message).startswith("43"):
                self.held.append(lambda: page.send(message))
            else:
                page.send(message)

        page.on_message(to_server)
        server.on_message(to_page)

    async def cut(self) -> None:
        await self.pages[-1].close()

    def release(self) -> None:
        self.hold_syncs = self.hold_replies = False
        for send in self.held:
            send()
        self.held.clear()


async def test_ten_thousand_messages_are_read_from_the_end_to_the_beginning(visitors: Visitors, ground: Seed) -> None:
    agent, customer, conversation_id = await _talk(visitors, viewport={"width": 1440, "height": 900})
    connection = await asyncpg.connect(ground.dsn)
    try:
        owner = await connection.fetchval("select owner from conversations where id = $1::uuid", conversation_id)
        await connection.execute(_FILL, conversation_id, _EVENTS, owner)
    finally:
        await connection.close()
    await agent.page.reload()
    await agent.open_first()
    await agent.reads(re.compile("第 10000 句"))
    at_end = await agent.log.evaluate(_SEEN)
    assert at_end["rows"] < 80, "only what is in sight is in the page"

    climbed = await agent.log.evaluate(_CLIMB)
    assert (climbed["empty"], climbed["astray"]) == (0, 0), climbed
    assert climbed["most"] < 80, climbed
    await expect(agent.log.get_by_text("会话从这里开始")).to_be_visible(timeout=LONG_MS)

    # What comes meanwhile moves nothing, and says that it is there.
    before = await agent.log.evaluate(_SEEN)
    await customer.say("最新的一句")
    jump = agent.page.get_by_role("button", name=re.compile(r"^\d+ 条新消息"))
    await expect(jump).to_be_visible(timeout=SOON_MS)
    after = await agent.log.evaluate(_SEEN)
    assert after == before
    await jump.click()
    await agent.reads("最新的一句")
    await expect(jump).to_have_count(0)

    # A quote leads to what it quotes, ten thousand messages up, and the keys lead back.
    await agent.log.get_by_role("button", name=re.compile("第 40 句")).click()
    await expect(agent.log.locator(".marked").get_by_text(re.compile("第 40 句，"))).to_be_visible(timeout=LONG_MS)
    await agent.log.focus()
    await agent.page.keyboard.press("End")
    await agent.reads("最新的一句")
    agent.watch.assert_calm()


async def test_nobody_answers_blind_and_nothing_typed_is_lost(visitors: Visitors) -> None:
    agent, customer, conversation_id = await _talk(visitors)
    wire = Wire()
    await agent.page.route_web_socket(re.compile("/socket.io/"), wire.through)
    await agent.page.reload()
    await agent.open_first()
    await agent.reply("您好，请说")
    box = agent.page.get_by_role("textbox", name="回复", exact=True)
    send = agent.page.get_by_role("button", name="发送", exact=True)
    await box.fill("写到一半的话")
    await expect(send).to_be_enabled(timeout=SOON_MS)

    # Connected again, and not yet told everything: the key waits and says why.
    wire.hold_syncs = True
    await customer.say("断线以前说的")
    await wire.cut()
    await expect(agent.page.get_by_text("正在补齐消息，补齐后才能发送")).to_be_visible(timeout=SOON_MS)
    await expect(send).to_be_disabled()
    await box.press("Enter")
    await expect(box).to_have_value("写到一半的话")
    await customer.say("断线的时候说的")
    wire.release()
    await agent.reads("断线的时候说的")
    await expect(send).to_be_enabled(timeout=SOON_MS)
    await expect(box).to_have_value("写到一半的话")

    # What a page could not send before it was closed is there again, and goes out once, when its writer says so.
    wire.hold_replies = True
    await box.press("Enter")
    await expect(agent.log.get_by_text("发送中")).to_be_visible()
    await agent.page.reload()  # the conversation that was open is open again
    wire.release()
    await expect(agent.log.get_by_text("上次没有发出")).to_be_visible(timeout=SOON_MS)
    await agent.log.get_by_role("button", name="重发").click()
    await customer.until("event", lambda event: event.get("text") == "写到一半的话")
    await expect(agent.log.get_by_text("上次没有发出")).to_have_count(0)
    await expect(agent.log.get_by_text("写到一半的话", exact=True)).to_have_count(1)
    said = [event["text"] for event in customer.events(conversation_id) if event.get("text") == "写到一半的话"]
    assert len(said) == 1
    agent.watch.assert_calm(lost_connection=True)


async def test_words_are_quoted_taken_back_and_brought_to_a_colleague(visitors: Visitors) -> None:
    staff = await visitors.people.staff(await visitors.group("auto"))
    agent, customer, _ = await _talk(visitors)
    asked = await customer.say("第二个问题：发票抬头怎么改")
    await customer.say("还有，导出也不行")
    await agent.open_first()
    await agent.reads("还有，导出也不行")

    row = agent.log.get_by_role("article").filter(has_text="发票抬头怎么改").first
    await row.get_by_role("button", name="引用回复").press("Enter")
    await expect(agent.page.get_by_text(re.compile("^回复 .*：第二个问题"))).to_be_visible()
    await agent.reply("**先**说发票", shown="先说发票")
    quoted = await customer.until("event", lambda event: str(event.get("text")).endswith("说发票"))
    assert quoted["reply_to_seq"] == asked["seq"]

    own = agent.log.get_by_role("article").filter(has_text="说发票").last
    await own.get_by_role("button", name="撤回").press("Enter")
    await expect(agent.log.get_by_text("消息已撤回")).to_be_visible(timeout=SOON_MS)
    await customer.until("event", lambda event: event["kind"] == "redact" and event["target_seq"] == quoted["seq"])
    await expect(agent.page.get_by_role("textbox", name="回复", exact=True)).to_have_value("**先**说发票")

    # An Enter that takes a candidate chooses nothing from the list that is open.
    box = agent.page.get_by_role("textbox", name="回复", exact=True)
    await box.fill("/")
    await compose(agent.page, box, "kai", "开")
    await expect(box).to_have_value("/开")
    await box.fill("")

    colleague = await visitors.agent(staff, viewport=PHONE, is_mobile=True, has_touch=True)
    await agent.page.get_by_role("button", name="备注", exact=True).click()
    note = agent.page.get_by_role("textbox", name="内部备注，客户看不到", exact=True)
    await note.press_sequentially(f"@{staff.name}")
    await agent.page.get_by_role("option", name=re.compile(staff.name)).wait_for()
    await note.press("Enter")
    await expect(note).to_have_value(f"@{staff.name} ")
    await note.press_sequentially("帮忙看看权限")
    await note.press("Enter")
    await agent.reads("帮忙看看权限")
    await colleague.page.get_by_role("button", name=re.compile("有同事在备注里提到您")).click()
    await colleague.reads("帮忙看看权限")
    await expect(colleague.log.locator(".at.me")).to_have_text(f"@{staff.name}")
    await expect(colleague.page.get_by_text("您可以写备注")).to_be_visible()
    await colleague.page.get_by_role("button", name="客户资料", exact=True).click()
    await expect(colleague.page.get_by_role("dialog", name="客户")).to_be_visible()
    assert await serious(agent.page) == []
    assert await serious(colleague.page) == []
    assert "帮忙看看权限" not in str(customer.received)
    agent.watch.assert_calm()
    colleague.watch.assert_calm()

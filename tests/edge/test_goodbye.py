"""The last words of a conversation: what was settled, what goes on, and nothing called solved that is not."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.clients import ChatClient
from tests.edge.ticket_desk import with_agent


async def _last_words(customer: ChatClient) -> list[str]:
    """What the desk itself said before the end."""
    over = await customer.state("closed")
    said: list[dict[str, Any]] = [each for each in customer.all("event") if each["kind"] == "message"]
    return [each["text"] for each in said if each["actor"]["kind"] == "system" and each["seq"] == over["seq"] - 1]


async def test_a_solved_conversation_ends_with_what_was_settled(people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    target = {"conversation_id": conversation_id}
    await seat.client.do("send_message", **target, text="请先打开导出，再选图片格式")
    await seat.client.do("close", **target, resolved=True, wrap_up={"category": "使用问题/甘特图"})
    (words,) = await _last_words(customer)
    assert words.startswith("您咨询的“甘特图”已经处理好了。")


async def test_a_conversation_with_a_ticket_ends_with_its_number(people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    target = {"conversation_id": conversation_id}
    await seat.client.do("send_message", **target, text="这个需要研发同事看一下")
    number = (await seat.client.do("create_ticket", **target))["ticket"]
    await seat.client.do("close", **target, resolved=False, wrap_up={"category": "使用问题/其他"})
    (words,) = await _last_words(customer)
    assert number in words
    assert "处理好了" not in words
    assert "其他" not in words


async def test_what_is_not_solved_ends_with_the_way_back(people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    target = {"conversation_id": conversation_id}
    await seat.client.do("send_message", **target, text="您方便的时候再说")
    await seat.client.do("close", **target, resolved=False)
    (words,) = await _last_words(customer)
    assert "直接回复就能接着处理" in words
    assert "处理好了" not in words


async def test_whom_no_human_answered_is_told_nothing_of_a_settled_matter(people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    assert await _last_words(customer) == []

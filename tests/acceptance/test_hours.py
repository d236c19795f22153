"""Hours as customers meet them: a group has its own, and they are read in one's own language."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest

from tests.acceptance.people import People

#: A table in which nothing ever opens; the common server is open around the clock.
_NEVER: dict[str, list[str]] = {day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def _group_with(people: People, hours: dict[str, Any] | None) -> dict[str, Any]:
    group = await people.group()
    changed: dict[str, Any] = await people.api("PATCH", f"/groups/{group['id']}", {"hours": hours})
    return changed


async def test_a_group_outside_its_own_hours_says_so_although_the_desk_is_open(people: People) -> None:
    group = await _group_with(people, _NEVER)
    assert group["hours"] == _NEVER
    customer = await people.customer(locale="zh-CN")

    ack = await customer.do("request_human", topic=group["name"])

    assert (ack["outcome"], ack["state"]) == ("after_hours", "bot")
    said = await customer.until("event", lambda event: event["actor"]["kind"] == "bot")
    assert "（暂未安排）" in said["text"]
    assert "我们会尽快回复" in said["text"]  # nobody knows when somebody will be there


async def test_who_asks_again_outside_the_hours_is_not_told_the_same_words(people: People) -> None:
    group = await _group_with(people, _NEVER)
    customer = await people.customer(locale="zh-CN")
    await customer.do("request_human", topic=group["name"])
    first = await customer.until("event", lambda event: event["actor"]["kind"] == "bot")

    await customer.do("request_human", topic=group["name"])

    again = await customer.until("event", lambda event: event["actor"]["kind"] == "bot" and event["seq"] > first["seq"])
    assert again["text"] != first["text"]
    assert again["buttons"] == first["buttons"]


async def test_without_hours_of_its_own_a_group_has_those_of_the_desk(people: People) -> None:
    group = await _group_with(people, _NEVER)
    await people.api("PATCH", f"/groups/{group['id']}", {"hours": None})
    customer = await people.customer()

    ack = await customer.do("request_human", topic=group["name"])

    assert ack["outcome"] == "nobody"


@pytest.mark.parametrize(
    ("hours", "named"),
    [
        ({"mon": ["09:00-18:00"], "tue": ["18:00-09:00"]}, "tue"),
        ({"wed": ["9-18"]}, "wed"),
        ({"thu": ["09:00+08:00-18:00"]}, "thu"),
        ({"fri": "09:00-18:00"}, "fri"),
        ({"sat": [7]}, "sat"),
        ({"weekday": ["09:00-18:00"]}, "weekday"),
    ],
)
async def test_hours_that_are_none_are_refused_with_their_day(people: People, hours: Any, named: str) -> None:
    group = await people.group()
    headers = {"Authorization": f"Bearer {await people.admin_token()}"}

    async with aiohttp.ClientSession(people.program.url, headers=headers) as session:
        for method, path, body in (
            ("PATCH", f"/api/v1/groups/{group['id']}", {"hours": hours}),
            ("POST", "/api/v1/groups", {"name": f"{group['name']} 2", "hours": hours}),
        ):
            async with session.request(method, path, json=body) as answer:
                error = (await answer.json())["error"]
                assert (answer.status, error["code"]) == (400, "invalid")
                assert named in error["message"]


async def test_who_reads_no_chinese_is_told_the_hours_in_english(people: People) -> None:
    group = await _group_with(people, _NEVER)
    customer = await people.customer(locale="en")

    await customer.do("request_human", topic=group["name"])

    welcome = customer.all("welcome")[0]
    assert welcome["hours"]["text"] == "around the clock"
    said = await customer.until("event", lambda event: event["actor"]["kind"] == "bot")
    assert "as soon as we can" in said["text"]
    for text in (welcome["greeting"], said["text"]):
        assert not re.search("[\u4e00-\u9fff]", re.sub("小应|金石", "", text)), text

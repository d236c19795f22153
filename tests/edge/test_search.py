"""Searching over HTTP: what was said is found by two characters and more, within what one may see."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.acceptance.people import People, Staff
from tests.edge.house import House


async def _search(people: People, staff: Staff, q: str, **query: Any) -> Any:
    pairs = "".join(f"&{name}={value}" for name, value in query.items())
    return await people.api("GET", f"/search?q={q}{pairs}", token=staff.token)


def _found(answer: Any, kind: str = "messages") -> list[str]:
    return [hit["id"] for hit in answer[kind]["items"]]


async def test_two_characters_find_a_conversation_wherever_they_stand(house: House, people: People) -> None:
    supervisor = await people.staff(role="supervisor")
    customer = await people.customer()
    said = await customer.say("我们做了安全审计，报告在哪里下载？")
    other = await people.customer()
    await other.say("完全不一样的问题，看板怎么用")
    await house.pass_time()

    answer = await _search(people, supervisor, "安全")

    assert _found(answer) == [said["conversation_id"]]
    hit = answer["messages"]["items"][0]
    assert hit["seq"] == said["seq"]
    assert [hit["excerpt"][start:end] for start, end in hit["marks"]] == ["安全"]


WRITTEN = (
    ("报错 TH01-A 怎么办", "th01-a"),
    ("错误码５０２一直出现", "502"),
    ("導出的報表是空的", "导出的报表"),
    ("The Gantt export button is grey", "gantt exp"),
    ("甘特图怎么导出成图片", "甘特图 图片"),
    ("𠮷野家的账号登不上", "𠮷野家"),
)


async def test_every_way_of_writing_it(house: House, people: People) -> None:
    supervisor = await people.staff(role="supervisor")
    ids = []
    for said, _ in WRITTEN:
        customer = await people.customer()
        ids.append((await customer.say(said))["conversation_id"])
    await house.pass_time()

    assert [_found(await _search(people, supervisor, q)) for _, q in WRITTEN] == [[found] for found in ids]


async def test_pairs_that_only_stand_apart_are_no_hit(house: House, people: People) -> None:
    supervisor = await people.staff(role="supervisor")
    customer = await people.customer()
    await customer.say("甘特和特图，还有图导，都是导出")  # every pair of 甘特图导出, never in one piece
    await house.pass_time()

    assert _found(await _search(people, supervisor, "甘特图导出")) == []


async def test_an_agent_finds_their_groups_and_their_own_and_no_others(house: House, people: People) -> None:
    mine, theirs = await people.group(), await people.group()
    agent, other = await people.staff(mine), await people.staff(theirs)
    customer, conversation_id = await people.waiting_customer(mine["name"])
    await customer.say("白鹤计划的权限不对")
    await house.pass_time()

    assert _found(await _search(people, agent, "白鹤")) == [conversation_id]
    assert _found(await _search(people, other, "白鹤")) == []

    seat = await people.seat(agent)
    await seat.client.do("accept", conversation_id=conversation_id)
    await seat.client.do("add_note", conversation_id=conversation_id, text="密语：找后端的阿青")
    supervisor = await people.agent(role="supervisor")
    whisper = {"conversation_id": conversation_id, "text": "密语：语气再软一点，丹顶鹤", "whisper": True}
    await supervisor.client.do("add_note", **whisper)
    await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": theirs["id"]})
    await house.pass_time()

    assert _found(await _search(people, other, "阿青")) == [conversation_id]
    assert _found(await _search(people, agent, "白鹤")) == []
    assert _found(await _search(people, other, "丹顶鹤")) == []


async def test_what_was_taken_back_is_not_found_and_a_restart_loses_nothing(house: House, people: People) -> None:
    supervisor = await people.staff(role="supervisor")
    customer = await people.customer()
    slip = await customer.say("我的密码是火烈鸟七号")
    await customer.say("刚才那条请忽略，问的是长颈鹿插件")
    await house.pass_time()
    assert _found(await _search(people, supervisor, "火烈鸟")) == [slip["conversation_id"]]

    await customer.do("recall", conversation_id=slip["conversation_id"], seq=slip["seq"])
    await house.restart()  # before it was read again
    await house.pass_time()

    assert _found(await _search(people, supervisor, "火烈鸟")) == []
    assert _found(await _search(people, supervisor, "长颈鹿")) == [slip["conversation_id"]]


async def test_a_list_goes_on_where_it_stopped(house: House, people: People) -> None:
    supervisor = await people.staff(role="supervisor")
    ids = []
    for _ in range(5):
        customer = await people.customer()
        ids.append((await customer.say("斑马线功能在哪"))["conversation_id"])
        await house.pass_time(1)

    first = await _search(people, supervisor, "斑马线", kind="message", limit=2)
    second = await _search(people, supervisor, "斑马线", kind="message", limit=2, cursor=first["messages"]["next"])
    third = await _search(people, supervisor, "斑马线", kind="message", limit=2, cursor=second["messages"]["next"])

    assert [*_found(first), *_found(second), *_found(third)] == ids[::-1]
    assert third["messages"]["next"] is None


async def test_articles_are_found_by_everybody_messages_only_by_those_who_serve(house: House, people: People) -> None:
    editor = await people.staff(role="editor")
    customer = await people.customer()
    await customer.say("甘特图的河马模式在哪")
    await house.pass_time()

    answer = await _search(people, editor, "甘特图")

    assert answer["articles"]["items"][0]["title"].startswith("怎么把甘特图")
    assert answer["messages"]["items"] == answer["tickets"]["items"] == []


REFUSED = (
    "q=",
    "q=%20",
    "q=安",
    "q=a",
    f"q={'长' * 101}",
    "q=%27%26%7C",
    "q=安全&cursor=zzz&kind=message",
    "q=安全&kind=x",
)
STRANGE = ("') or true --", "安全' | '全", "a:* & b1", "\\'安全")


async def test_what_cannot_be_searched_for_is_said_and_marks_of_a_query_language_are_only_text(
    house: House, people: People
) -> None:
    customer = await people.customer()
    await customer.say("这里没有那些词")
    await house.pass_time()
    headers = {"Authorization": f"Bearer {await people.admin_token()}"}
    async with aiohttp.ClientSession(house.url, headers=headers) as session:
        for query in REFUSED:
            async with session.get(f"/api/v1/search?{query}") as response:
                assert (response.status, (await response.json())["error"]["code"]) == (400, "invalid"), query
        for q in STRANGE:
            async with session.get("/api/v1/search", params={"q": q}) as response:
                assert response.status == 200, q
                assert (await response.json())["messages"]["items"] == []

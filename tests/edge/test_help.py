"""What helps agents answer: canned replies, suggestions, what was alike before, what happened before they came."""

from __future__ import annotations

import asyncio
import base64
from io import BytesIO
from typing import Any

import python_calamine

from tests.acceptance.people import KNOWN, KNOWN_TITLE, People, Seat
from tests.clients import ChatClient
from tests.edge.house import House

_GANTT = "甘特图导出的图片怎么是模糊的"
_REPLY = "导出前把时间轴缩放到一周，再选高清，图片就清楚了。"


async def _talk(people: People, seat: Seat, group: str, question: str) -> tuple[ChatClient, str]:
    """A customer who asked something and was taken by an agent."""
    customer = await people.customer()
    await customer.say(question)
    ack = await customer.do("request_human", topic=group)
    await seat.client.do("accept", conversation_id=ack["conversation_id"])
    return customer, ack["conversation_id"]


async def test_canned_replies_are_found_by_pinyin_and_filled_in_literally(house: House, people: People) -> None:
    group = await people.group()
    seat, colleague, boss = await people.agent(group), await people.agent(group), await people.agent(role="supervisor")
    token = seat.staff.token
    mine = {"folder": "发票", "name": "开票资料", "text": "{客户姓名}，请把抬头发给{客服姓名}。工单 {工单号}，{不认识}"}
    made = await people.api("POST", "/canned-replies", mine, token=token)
    assert made["unknown"] == ["不认识"]
    team = {"folder": "问候", "name": "稍等", "text": "请稍等，我看一下。", "is_team": True}
    assert (await people.api_error("POST", "/canned-replies", team, token=token))[1] == "forbidden"
    await people.api("POST", "/canned-replies", team, token=boss.staff.token)
    assert (await people.api_error("POST", "/canned-replies", mine, token=token))[1] == "conflict"

    async def found(seat: Seat, asked: str) -> list[str]:
        listed = await people.api("GET", f"/canned-replies?q={asked}", token=seat.staff.token)
        return [reply["name"] for reply in listed["items"]]

    for asked in ("kpzl", "kaipiao", "开票", "抬头", "fp", "kai piao"):
        assert await found(seat, asked) == ["开票资料"], asked
    assert await found(colleague, "") == ["稍等"]
    assert sorted(await found(seat, "")) == ["开票资料", "稍等"]

    identity = people.identity("u-1", name="王{客服姓名}<b>", company={"id": "c1", "name": "蓝海"})
    customer = await people.customer(identity=identity)
    ack = await customer.do("request_human", topic=group["name"])
    await seat.client.do("accept", conversation_id=ack["conversation_id"])
    use = {"conversation_id": ack["conversation_id"]}
    used = await people.api("POST", f"/canned-replies/{made['id']}/use", use, token=token)
    name = seat.staff.name
    assert used["text"] == f"王{{客服姓名}}<b>，请把抬头发给{name}。工单 {{工单号}}，{{不认识}}"
    assert used["missing"] == ["{工单号}", "{不认识}"]
    assert await people.api_error("POST", f"/canned-replies/{made['id']}/use", use, token=colleague.staff.token) == (
        404, "not_found",
    )  # fmt: skip
    await people.api("PATCH", f"/canned-replies/{made['id']}", {"text": "好的"}, token=token)
    await people.api("DELETE", f"/canned-replies/{made['id']}", token=token)
    assert await found(seat, "") == ["稍等"]


async def test_a_table_is_taken_in_row_by_row_with_a_report(house: House, people: People) -> None:
    seat = await people.agent(await people.group())
    token = seat.staff.token
    template = await people.api("GET", "/canned-replies/template", token=token)
    rows = python_calamine.CalamineWorkbook.from_filelike(
        BytesIO(base64.b64decode(template["content"]))
    ).get_sheet_by_index(0)
    assert rows.to_python()[0] == ["文件夹", "名称", "内容"]

    def body(text: str, **more: bool) -> dict[str, object]:
        return {"file_name": "我的.csv", "content": base64.b64encode(text.encode("gb18030")).decode(), **more}

    table = "文件夹,名称,内容\n问候,你好,您好\n问候,,没有名称\n问候,你好,重复\n结束,再见,祝您{顺利}\n"
    tried = await people.api("POST", "/canned-replies/import", body(table, dry_run=True), token=token)
    assert (tried["added"], tried["faulty"]) == (2, 2)
    assert (await people.api("GET", "/canned-replies", token=token))["items"] == []
    taken = await people.api("POST", "/canned-replies/import", body(table), token=token)
    assert [(row["row"], row["outcome"]) for row in taken["rows"]] == [
        (2, "added"), (3, "faulty"), (4, "faulty"), (5, "added"),
    ]  # fmt: skip
    assert "顺利" in taken["rows"][3]["note"]
    again = await people.api("POST", "/canned-replies/import", body(table.replace("您好\n", "您好！\n")), token=token)
    assert (again["changed"], again["unchanged"]) == (1, 1)
    workbook = {"file_name": "模板.xlsx", "content": template["content"]}
    assert (await people.api("POST", "/canned-replies/import", workbook, token=token))["added"] == 3
    broken = {"file_name": "坏的.xlsx", "content": base64.b64encode(b"PK\x03\x04nonsense").decode()}
    assert await people.api_error("POST", "/canned-replies/import", broken, token=token) == (400, "invalid")
    for_all = await people.api_error("POST", "/canned-replies/import", body(table, is_team=True), token=token)
    assert for_all[1] == "forbidden"


async def test_suggestions_come_from_articles_and_from_what_colleagues_solved(house: House, people: People) -> None:
    group, other = await people.group(), await people.group()
    seat, stranger = await people.agent(group), await people.agent(other)
    _, solved = await _talk(people, seat, group["name"], _GANTT)
    await seat.client.do("send_message", conversation_id=solved, text=f"王总您好，{_REPLY}明天上午我再给您回电")
    await seat.client.do(
        "close", conversation_id=solved, resolved=True, wrap_up={"category": "使用问题/甘特图", "cause": "how_to"}
    )
    _, private = await _talk(people, seat, group["name"], "发票抬头写错了怎么改")
    await seat.client.do(
        "send_message", conversation_id=private, text="已改好，您的手机号 13800138000 收到短信了吧", confirmed=True
    )
    await seat.client.do("close", conversation_id=private, resolved=True)
    await house.pass_time(1)

    _, conversation_id = await _talk(people, seat, group["name"], _GANTT)
    replies = (await seat.client.ask("suggest", conversation_id=conversation_id))["replies"]
    case = next(reply for reply in replies if reply["source"] == "case")
    assert case["text"] == _REPLY  # without the name and the promise
    assert (case["conversation_id"], case["article_id"], case["title"]) == (solved, None, _GANTT)
    assert 0.5 < case["confidence"] <= 1
    assert any(reply["source"] == "article" and reply["article_id"] for reply in replies)
    assert [reply["confidence"] for reply in replies] == sorted((r["confidence"] for r in replies), reverse=True)

    path = f"/conversations/{conversation_id}/similar"
    similar = await people.api("GET", path, token=seat.staff.token)
    assert similar["conversations"][0]["conversation_id"] == solved
    assert similar["conversations"][0]["wrap_up"]["category"] == "使用问题/甘特图"
    assert await people.api_error("GET", path, token=stranger.staff.token) == (404, "not_found")
    _, elsewhere = await _talk(people, stranger, other["name"], _GANTT)
    assert (await people.api("GET", f"/conversations/{elsewhere}/similar", token=stranger.staff.token)) == {
        "conversations": [], "tickets": [],
    }  # fmt: skip
    theirs = (await stranger.client.ask("suggest", conversation_id=elsewhere))["replies"]
    assert all(reply["source"] == "article" for reply in theirs)

    _, wrong_number = await _talk(people, seat, group["name"], "发票抬头写错了怎么改")
    assert "13800138000" not in str(await seat.client.ask("suggest", conversation_id=wrong_number))

    await house.restart()  # vectors are read again, not made again
    await house.pass_time(5)
    back = await people.seat(seat.staff)
    again = (await back.client.ask("suggest", conversation_id=conversation_id))["replies"]
    assert [reply["text"] for reply in again] == [reply["text"] for reply in replies]


async def test_an_agent_starts_with_what_happened_before(house: House, people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer = await people.customer()
    question = await customer.say(KNOWN)
    answer = await customer.answer_to(question)
    target = {"conversation_id": question["conversation_id"], "seq": answer["seq"]}
    await customer.do("rate_answer", **target, helpful=False)
    ack = await customer.do("request_human", topic=group["name"])
    await customer.say("已经清过缓存了，还是报“导出失败，错误 ERR_5021”")

    await seat.client.do("accept", conversation_id=ack["conversation_id"])
    told = await seat.client.until("assigned")
    assert KNOWN in told["summary"]
    assert "没帮上" in told["summary"]
    brief = await people.api("GET", f"/conversations/{ack['conversation_id']}/brief", token=seat.staff.token)
    for part in (f"问题：{KNOWN}", f"《{KNOWN_TITLE}》（没帮上）", "清过缓存", "ERR_5021", "自动摘录"):
        assert part in brief["summary"], part
    assert brief["first_sentence"].startswith(f"您好，我是{seat.staff.name}，前面的对话我看过了。")
    assert brief["wrap_up"]["tags"] == ["ERR_5021"]
    replies = (await seat.client.ask("suggest", conversation_id=ack["conversation_id"]))["replies"]
    assert all(reply["already"] for reply in replies if reply["title"] == KNOWN_TITLE)
    assert all(not reply["already"] for reply in replies if reply["title"] != KNOWN_TITLE)
    (note,) = await _summaries(seat, ack["conversation_id"])
    assert f"问题：{KNOWN}" in note["text"]


async def _summaries(seat: Seat, conversation_id: str) -> list[dict[str, Any]]:
    """The notes of what happened before, written beside the hand-off: once there is one."""
    async with asyncio.timeout(30):
        while True:
            page = await seat.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0)
            if notes := [note for note in page["notes"] if note["kind"] == "summary"]:
                return notes
            await asyncio.sleep(0.02)


async def test_who_already_has_the_conversation_hears_the_note_of_what_happened_before(
    house: House, people: People
) -> None:
    """Taking over from the bot leaves no time to write it first: it comes after ``assigned``, to the open page."""
    boss = await people.agent(role="supervisor")
    customer = await people.customer()
    asked = await customer.say(KNOWN)
    await customer.answer_to(asked)
    await boss.client.do("take_over", conversation_id=asked["conversation_id"])
    note = await boss.client.until("note", lambda one: one["kind"] == "summary")
    assert note["conversation_id"] == asked["conversation_id"]
    assert f"问题：{KNOWN}" in note["text"]
    assert await _summaries(boss, asked["conversation_id"]) == [note]

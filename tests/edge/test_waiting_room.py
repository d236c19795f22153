"""What customers see and may do while they wait, with the whole desk in this process and a clock moved by hand."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

from tests.acceptance.people import KNOWN, UNKNOWN, People, Seat, people_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_MINUTE = 60.0
_QUESTION = "怎么申请开具发票"


def _said(customer: ChatClient, *, after: int = 0) -> list[dict[str, Any]]:
    """What was said to the customer, in order."""
    found = [e for e in customer.all("event") if e["kind"] == "message" and e["actor"]["kind"] != "customer"]
    return sorted((e for e in found if e["seq"] > after), key=lambda e: int(e["seq"]))


async def _hears(customer: ChatClient, words: str) -> dict[str, Any]:
    found: dict[str, Any] = await customer.until("event", lambda e: words in (e.get("text") or ""))
    return found


async def _state_of(house: House, conversation_id: str) -> tuple[str, str]:
    (row,) = await house.rows("select state, reason from conversations where id = $1", conversation_id)
    return row["state"], row["reason"]


async def _in_line(people: People, seats: int = 1) -> tuple[dict[str, Any], list[Seat], ChatClient, dict[str, Any]]:
    group = await people.group("pick")
    there = [await people.agent(group) for _ in range(seats)]
    customer = await people.customer()
    ack = await customer.do("request_human", topic=group["name"])
    return group, there, customer, ack


async def test_a_range_is_held_and_taking_longer_is_said_once_with_a_way_out(house: House, people: People) -> None:
    group, _, customer, ack = await _in_line(people)
    low, high = ack["eta"]
    assert (ack["position"], ack["outcome"]) == (1, "queued")
    first = await customer.until("queue")
    assert (first["position"], first["eta"], first["keep_minutes"]) == (1, [low, high], 10)
    for _ in range(3):  # they come behind, and the group becomes slower: nobody is told a longer wait
        await people.waiting_customer(group["name"])
    await house.pass_time(high - 1)
    assert not [said for said in _said(customer) if "久等" in said["text"]]

    await house.pass_time(2)

    sorry = await _hears(customer, "让您久等了")
    assert "现在咨询的人比较多，还需要约" in sorry["text"]
    assert "不方便等的话可以留言，我们会在" in sorry["text"]
    assert sorry["buttons"] == ["leave_message", "book_callback"]
    slower = await customer.until("queue", lambda place: "slower" in place)
    assert slower["slower"][1] > 0
    assert "eta" not in slower

    told_before = len(customer.all("queue"))
    other, other_id = await people.waiting_customer(group["name"])
    for _ in range(3):  # whoever comes and goes is told at most every five seconds
        await other.do("leave_queue", conversation_id=other_id)
        await other.do("request_human", conversation_id=other_id, topic=group["name"])
    await house.pass_time(4)
    assert len(other.all("queue")) == 1
    await house.pass_time(1)
    assert len(other.all("queue")) == 2
    assert len(customer.all("queue")) == told_before

    for _ in range(6):
        await house.pass_time(10 * _MINUTE)
    await house.restart()
    await house.pass_time(10 * _MINUTE)
    rows = await house.rows(
        "select body ->> 'text' as text from events where conversation_id = $1 and kind = 'message'",
        ack["conversation_id"],
    )
    assert sum("久等" in row["text"] for row in rows) == 1
    told = [place for place in customer.all("queue") if place["conversation_id"] == ack["conversation_id"]]
    assert all(later["position"] <= earlier["position"] for earlier, later in pairwise(told))
    ranges = [place["eta"] for place in told if "eta" in place]
    assert all(later[1] <= earlier[1] for earlier, later in pairwise([[low, high], *ranges]))


async def test_who_comes_back_from_a_human_goes_on_with_the_same_wait_and_hears_one_apology(
    house: House, people: People
) -> None:
    _, seats, customer, ack = await _in_line(people)
    seat, conversation_id = seats[0], ack["conversation_id"]
    for _ in range(3):
        await house.pass_time(15 * _MINUTE)
        await seat.client.do("accept", conversation_id=conversation_id)
        await customer.state("human")
        (group,) = await house.rows("select group_id from conversations where id = $1", conversation_id)
        await seat.client.do("transfer", conversation_id=conversation_id, to={"group_id": str(group["group_id"])})
    await house.pass_time(15 * _MINUTE)
    await customer.ask("sync", conversation_id=conversation_id, after_seq=0)

    late = [said["text"] for said in _said(customer) if "还需要约" in said["text"] or "离开" in said["text"]]
    assert ["久等" in text for text in late] == [True]
    told = [place for place in customer.all("queue") if place["conversation_id"] == conversation_id]
    assert all(later["position"] <= earlier["position"] for earlier, later in pairwise(told))


async def test_far_back_a_place_is_told_when_it_fell_by_a_twentieth_and_near_the_head_each_time(
    house: House, people: People
) -> None:
    group, _, first, ack = await _in_line(people)
    line = [(first, ack["conversation_id"])]
    while len(line) < 43:
        house.clock.advance(1)
        line.append(await people.waiting_customer(group["name"]))
    await house.pass_time(6)
    order = [page for page, _ in line]
    near, far = order[5], order[42]
    held_by = dict(line)
    seen = {page: len(page.all("queue")) for page in (near, far)}
    for gone in order[:4]:
        await gone.do("leave_queue", conversation_id=held_by[gone])
        await house.pass_time(6)
    for page in (near, far):
        await page.ask("sync", conversation_id=held_by[page], after_seq=0)
    told = [[place["position"] for place in page.all("queue")[seen[page] :]] for page in (near, far)]
    assert told == [[5, 4, 3, 2], [41, 39]]


async def test_who_leaves_the_page_keeps_the_place_for_ten_minutes_and_then_loses_nothing_but_it(
    house: House, people: People
) -> None:
    group, _, stays, ack = await _in_line(people)
    goes = ChatClient(house.url)
    visitor = (await goes.enter())["visitor"]
    await goes.say("导出按钮是灰的")
    gone_id = (await goes.do("request_human", topic=group["name"]))["conversation_id"]
    reached = ChatClient(house.url)
    await reached.enter(identity=people.identity(f"u-{uuid4()}", phone="13800138000"))
    await reached.say("甘特图打不开，点了没反应")
    reached_id = (await reached.do("request_human", topic=group["name"]))["conversation_id"]
    await house.pass_time(0)
    for page in (goes, reached):
        await page.close()

    await house.pass_time(9 * _MINUTE)
    assert (await _state_of(house, gone_id))[0] == "waiting"
    await house.restart()  # a restart closes every page, and takes nobody's place
    stays = await people.customer(visitor=stays.all("welcome")[0]["visitor"])
    await house.pass_time(0.5 * _MINUTE)
    assert (await _state_of(house, gone_id))[0] == "waiting"

    await house.pass_time(1 * _MINUTE)
    assert await _state_of(house, gone_id) == ("bot", "left_queue")
    back = await people.customer(visitor=visitor)
    events = (await back.ask("sync", conversation_id=gone_id, after_seq=0))["events"]
    texts = [event.get("text", "") for event in events]
    assert texts[0] == "导出按钮是灰的"
    assert any("您离开超过 10 分钟，排队先为您取消了，说过的内容都还在" in text for text in texts)

    # Who can be reached has left a message instead; nothing is promised that this house cannot send.
    assert await _state_of(house, reached_id) == ("bot", "message_left")
    (ticket,) = await house.rows("select text from tickets where conversation_id = $1", reached_id)
    assert "甘特图打不开" in ticket["text"]
    rows = await house.rows(
        "select body ->> 'text' as text from events where conversation_id = $1 and kind = 'message' order by seq",
        reached_id,
    )
    assert "已经转成留言。我们会在" in rows[-1]["text"]
    assert "短信" not in rows[-1]["text"]

    await house.pass_time(60 * _MINUTE)  # with a page open one waits as long as one likes
    assert (await _state_of(house, ack["conversation_id"]))[0] == "waiting"


async def test_once_a_human_has_had_it_the_bot_is_silent_and_the_place_is_kept(house: House, people: People) -> None:
    group, seats, customer, ack = await _in_line(people)
    target = {"conversation_id": ack["conversation_id"]}
    await seats[0].client.do("accept", **target)
    joined = (await customer.state("human"))["seq"]
    await customer.say(KNOWN)
    await house.pass_time(30)
    await seats[0].client.do("send_message", **target, text="您好，正在看")
    await _hears(customer, "正在看")
    assert [said["actor"]["kind"] for said in _said(customer, after=joined)] == ["agent"]

    await seats[0].client.do("transfer", **target, to={"group_id": group["id"]})
    await customer.until("event", lambda e: e.get("reason") == "transferred")
    told = await customer.answer_to(await customer.say(KNOWN))
    assert "while_waiting" not in told
    await customer.close()
    await house.pass_time(30 * _MINUTE)

    assert await _state_of(house, target["conversation_id"]) == ("waiting", "transferred")


async def test_one_marked_answer_keeps_the_place_and_may_end_the_wait(house: House, people: People) -> None:
    _, _, customer, ack = await _in_line(people)
    target = {"conversation_id": ack["conversation_id"]}

    asked = await customer.say(KNOWN)
    answer = await customer.answer_to(asked)

    assert answer["while_waiting"] is True
    assert answer["text"].startswith("等待期间，先给您一个可能有用的答案")
    assert answer["sources"]
    assert (await _state_of(house, target["conversation_id"]))[0] == "waiting"

    second = await customer.answer_to(await customer.say(_QUESTION))  # another one that the bot would know
    assert "while_waiting" not in second
    assert second["text"] == "收到，已经补充到转交的内容里，同事接入后会先看到。"

    await customer.do("rate_answer", **target, seq=answer["seq"], helpful=True)
    offer = await _hears(customer, "可以取消排队")
    assert offer["buttons"] == ["leave_queue", "keep_waiting"]
    await customer.say("已解决")  # asked once is enough
    left = await customer.do("leave_queue", **target)
    assert left["state"] == "bot"
    assert sum("可以取消排队" in said["text"] for said in _said(customer)) == 1


async def test_the_bot_may_be_told_not_to_answer_while_somebody_waits(open_house: OpenHouse) -> None:
    house = await open_house(WAITING__ANSWER_WHILE_WAITING="false")
    async with people_of(house) as people:
        _, _, customer, _ = await _in_line(people)
        answer = await customer.answer_to(await customer.say(KNOWN))
        assert "while_waiting" not in answer


async def test_what_is_added_is_confirmed_now_and_then_and_the_place_is_told_when_asked(
    house: House, people: People
) -> None:
    _, _, customer, _ = await _in_line(people)
    first = await customer.answer_to(await customer.say("客户端是 3.2 版本，" + UNKNOWN))
    assert "同事接入后会先看到" in first["text"]
    silent = await customer.say("补充一下，" + UNKNOWN)
    await house.pass_time(2 * _MINUTE)
    told = await customer.answer_to(await customer.say("还要等多久？"))
    assert told["text"].startswith("您是下一位")
    assert not [said for said in _said(customer) if said.get("reply_to_seq") == silent["seq"]]
    await customer.say("谢谢")
    await house.pass_time(6 * _MINUTE)
    again = await customer.answer_to(await customer.say("再补充一下，" + UNKNOWN))
    assert "同事接入后会先看到" in again["text"]


async def test_the_topic_is_asked_once_can_be_skipped_and_never_stands_in_the_way(house: House, people: People) -> None:
    billing = await people.api(
        "POST", "/groups", {"name": f"账务 {uuid4().hex[:4]}", "assignment": "pick", "topics": ["账单"]}
    )
    default = next(group for group in (await people.api("GET", "/groups"))["items"] if group["name"] == "使用支持")
    await people.api("PATCH", f"/groups/{default['id']}", {"assignment": "pick"})
    for group in (default, billing):
        await people.agent(group)
    customer = await people.customer()
    ack = await customer.do("request_human")
    assert ack["state"] == "waiting"  # whatever is asked, they stand in line
    question = await customer.until("event", lambda e: e.get("options"))
    assert [option["label"] for option in question["options"]] == ["使用问题", "故障", "账单", "售前", "跳过"]

    await customer.say("账单", option_id="topic:账单")
    await _hears(customer, "好的，记下了：账单。")

    (row,) = await house.rows("select topic, group_id, state from conversations where id = $1", ack["conversation_id"])
    assert (row["topic"], str(row["group_id"]), row["state"]) == ("账单", billing["id"], "waiting")
    places = [place["position"] for place in customer.all("queue")]
    assert all(position <= ack["position"] for position in places)

    skips = await people.customer()
    other = await skips.do("request_human")
    asked = await skips.until("event", lambda e: e.get("options"))
    await skips.say("跳过", option_id="topic:skip")
    await skips.do("leave_queue", conversation_id=other["conversation_id"])
    await skips.do("request_human")
    await house.pass_time(1)
    assert [e["seq"] for e in skips.all("event") if e.get("options")] == [asked["seq"]]

    knows = await people.customer()
    await knows.do("request_human", topic="故障")
    await house.pass_time(1)
    assert not [e for e in knows.all("event") if e.get("options")]


async def test_the_desk_closes_while_somebody_waits(house: House, people: People) -> None:
    group = await people.group("pick")
    customer, conversation_id = await people.waiting_customer(group["name"])  # nobody is there, but it is ten o'clock

    await house.pass_time(8 * 60 * _MINUTE + 1)

    closed = await _hears(customer, "同事已经下班了")
    assert "人工服务：工作日 9:00–18:00" in closed["text"]
    assert closed["buttons"] == ["leave_message", "book_callback"]
    await house.pass_time(60)
    assert sum("同事已经下班了" in said["text"] for said in _said(customer)) == 1
    assert (await _state_of(house, conversation_id))[0] == "waiting"


async def test_at_night_they_hear_it_in_the_language_they_write_in(house: House, people: People) -> None:
    house.clock.advance(12 * 60 * _MINUTE)
    customer = await people.customer(locale="zh-CN")
    await customer.answer_to(await customer.say("What is the weather on Mars like today?"))

    await customer.do("request_human")

    said = await _hears(customer, "Our people are not there right now")
    assert "a phone number" in said["text"]
    assert said["buttons"] == ["leave_message", "book_callback"]
    left = await customer.do("leave_message", text="Please call me", contact={"phone": "13800138000"})
    assert left["ticket"].startswith("GD")
    await _hears(customer, "Your message has arrived.")


async def test_silence_during_a_promised_time_is_ours(house: House, people: People) -> None:
    _, seats, customer, ack = await _in_line(people)
    target = {"conversation_id": ack["conversation_id"]}
    await seats[0].client.do("accept", **target)
    await seats[0].client.do("send_message", **target, text="我去核实一下，半小时内回您")
    until = house.clock.now() + timedelta(minutes=30)
    await seats[0].client.do("hold", **target, until=until.isoformat())
    for _ in range(3):
        await house.pass_time(9 * _MINUTE)
    assert not [said for said in _said(customer) if said["actor"]["kind"] == "system" and "您还在吗" in said["text"]]
    assert (await _state_of(house, target["conversation_id"]))[0] == "human"

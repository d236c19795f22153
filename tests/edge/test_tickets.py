"""Tickets from one click to the customer's last word, over sockets and HTTP, with the clock moved by hand."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.acceptance.people import KNOWN, UNKNOWN, People, refusal_of
from tests.clients import ChatClient
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent

_HOUR = 3600.0
_DAY = 24 * _HOUR
_SECRET = "密语：客户很着急，先稳住"


async def _ticket_event(customer: ChatClient, status: str) -> dict[str, Any]:
    found: dict[str, Any] = await customer.until(
        "event", lambda event: event["kind"] == "ticket" and event["status"] == status
    )
    return found


async def test_a_ticket_of_one_click_is_worked_on_answered_solved_and_closed(house: House, people: People) -> None:
    sub = people.identity("li", name="李雷", phone="13800138000", tier="enterprise")
    _, seat, customer, conversation_id = await with_agent(people, identity=sub)
    desk = TicketDesk(people, seat)

    click = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    ack = await seat.client.call("create_ticket", click)
    assert await seat.client.call("create_ticket", click) == ack
    number = ack["ticket"]
    assert number == "GD20261123-0001"
    assert (await _ticket_event(customer, "new"))["number"] == number
    made = await desk.one(number)
    assert (made["title"], made["level"], made["tier"]) == ("甘特图导出来是空白的", "L2", "enterprise")
    assert made["contact"] == {"phone": "13800138000"}
    assert made["created_by"]["id"] == seat.id
    assert [each["id"] for each in made["conversations"]] == [conversation_id]
    mine = (await desk.send("GET", f"/conversations/{conversation_id}"))["conversation"]["tickets"]
    assert [(each["number"], each["status"]) for each in mine] == [(number, "new")]

    await desk.comment(number, _SECRET, "internal")
    replied = await desk.comment(number, "研发已经定位到原因", status="waiting_development")
    said = await customer.until("event", lambda event: event.get("text") == "研发已经定位到原因")
    assert (said["number"], said["actor"]["kind"], said["conversation_id"]) == (number, "agent", conversation_id)
    assert [each["number"] for each in replied["discussion"]] == [1, 2]
    await _ticket_event(customer, "waiting_development")
    own = (await customer.ask("ticket", number=number))["ticket"]
    assert [comment["text"] for comment in own["comments"]] == ["研发已经定位到原因"]
    assert (own["status"], own["may_answer"]) == ("waiting_development", True)

    await desk.patch(number, tracker={"kind": "zentao", "number": "BUG-77", "url": "https://zentao.example/77"})
    await desk.patch(number, status="solved")
    asked = await customer.until("event", lambda event: bool(event.get("options")))
    yes = next(option for option in asked["options"] if option["label"] == "已解决")
    await customer.say(yes["label"], conversation_id=conversation_id, option_id=yes["id"])
    await _ticket_event(customer, "closed")

    closed = await desk.one(number)
    assert (closed["status"], closed["tracker"]["number"], closed["moves"]) == ("closed", "BUG-77", ["open"])
    assert [sorted(entry["changes"]) for entry in closed["history"]] == [
        ["created"],
        ["status"],
        ["tracker_kind", "tracker_number", "tracker_url"],
        ["status"],
        ["status"],
    ]
    assert closed["history"][-1]["by"]["kind"] == "customer"
    assert [entry["version"] for entry in closed["history"]] == [1, 2, 3, 4, 5]
    audit = await house.rows("select action from audit where subject_kind = 'ticket'")
    assert len(audit) == 5


async def test_silence_closes_after_three_working_days_and_a_word_opens_again_for_seven(
    house: House, people: People
) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    visitor = customer.all("welcome")[0]["visitor"]
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    await seat.client.do("close", conversation_id=conversation_id, resolved=False)
    await customer.state("closed")

    await desk.patch(number, status="solved")
    asked = await customer.until("event", lambda event: bool(event.get("options")))
    assert asked["conversation_id"] != conversation_id  # a closed log stays closed: a linked one goes on
    threads = (await customer.ask("threads"))["conversations"]
    assert threads[0]["previous_id"] == conversation_id
    assert threads[0]["id"] == asked["conversation_id"]

    await house.restart()
    await house.pass_time(3 * _DAY - 1)
    assert (await desk.one(number))["status"] == "solved"
    await house.pass_time(1)
    assert (await desk.one(number))["status"] == "closed"
    assert (await desk.one(number))["history"][-1]["by"]["kind"] == "system"

    await house.pass_time(7 * _DAY)
    back = await people.customer(visitor=visitor)
    answer = await back.do("answer_ticket", number=number, text="又出现了，还是空白")
    assert answer["status"] == "open"
    page = await back.ask("sync", conversation_id=answer["conversation_id"], after_seq=answer["seq"] - 1)
    assert [event["kind"] for event in page["events"]] == ["message", "ticket", "message"]
    reopened = await desk.one(number)
    assert (reopened["reopened"], reopened["closed_at"]) == (1, None)

    await desk.patch(number, status="solved")
    await back.do("answer_ticket", number=number, solved=True)
    await house.pass_time(7 * _DAY + 1)
    late = await people.customer(visitor=visitor)
    wish = {"client_id": str(uuid4()), "number": number, "text": "再看看"}
    assert (await refusal_of(late, "answer_ticket", wish))["code"] == "conflict"
    assert (await late.ask("tickets"))["tickets"][0]["may_answer"] is False


async def test_what_is_written_below_a_ticket_that_waits_goes_to_the_ticket_and_not_to_the_bot(
    house: House, people: People
) -> None:
    customer = await people.customer()
    left = await customer.do("leave_message", text="请回电", contact={"phone": "13800138000"})
    admin = await people.agent(role="supervisor")
    desk = TicketDesk(people, admin)
    number = left["ticket"]
    await desk.comment(number, "请发一下浏览器版本", status="waiting_customer")
    await customer.until("event", lambda event: event.get("text") == "请发一下浏览器版本")

    await customer.say("Chrome 131")
    house.clock.advance(5)
    said = await customer.say("Windows 11")  # a fragment of the same answer

    ticket = await desk.one(number)
    assert ticket["status"] == "open"
    assert [each["text"] for each in ticket["discussion"][1:]] == ["Chrome 131", "Windows 11"]
    await house.pass_time(10)
    events = customer.events(said["conversation_id"])
    assert not [event for event in events if event["actor"]["kind"] == "bot" and event["seq"] > said["seq"]]
    again = await customer.say(KNOWN)  # the ticket waits for nothing now: this is the bot's
    assert (await customer.answer_to(again))["sources"]

    await desk.patch(number, status="solved")
    await customer.until("event", lambda event: bool(event.get("options")) and event.get("number") == number)
    await customer.say("谢谢")  # thanks open nothing again
    assert (await desk.one(number))["status"] == "solved"
    await customer.say("还是不行，又空白了")
    assert (await desk.one(number))["status"] == "open"


async def test_what_was_taken_back_is_taken_back_in_its_ticket(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await customer.say("甘特图导出按钮是灰的，点不了", conversation_id=conversation_id)
    said = await customer.say("我的口令是 swordfish，登录不了", conversation_id=conversation_id)
    await seat.client.do("accept", conversation_id=conversation_id)
    made = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    before = await TicketDesk(people, seat).one(made)
    assert "swordfish" in before["title"]  # the newest problem
    assert "swordfish" in before["summary"]
    await customer.do("recall", conversation_id=conversation_id, seq=said["seq"])
    after = await TicketDesk(people, seat).one(made)
    assert "swordfish" not in str(after)
    assert "甘特图导出按钮是灰的" in after["text"]

    customer = await people.customer()
    left = await customer.do("leave_message", text="我的密码是 123456", contact={"phone": "13800138000"})
    desk = TicketDesk(people, await people.agent(role="supervisor"))
    answer = await customer.do("answer_ticket", number=left["ticket"], text="账号 admin")
    target = {"conversation_id": answer["conversation_id"]}

    await customer.do("recall", **target, seq=answer["seq"])
    await customer.do("recall", **target, seq=1)

    ticket = await desk.one(left["ticket"])
    assert (ticket["discussion"][0]["text"], ticket["text"], ticket["title"]) == ("", "", left["ticket"])


async def test_duplicates_are_merged_and_nothing_is_lost(house: House, people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    boss = await people.agent(role="supervisor")
    desk = TicketDesk(people, boss)
    first = (await seat.client.do("create_ticket", conversation_id=conversation_id, title="导出空白"))["ticket"]
    second = (await seat.client.do("create_ticket", conversation_id=conversation_id, title="导出又空白"))["ticket"]
    stranger = await people.customer()
    third = (await stranger.do("leave_message", text="导出空白", contact={"email": "a@b.cn"}))["ticket"]
    await desk.comment(second, "先记在这里", "internal")
    await customer.do("answer_ticket", number=second, text="另一台电脑也一样")

    kept = await desk.send("POST", f"/tickets/{second}/merge", {"into": first})
    assert [each["number"] for each in kept["duplicates"]] == [second]
    await desk.send("POST", f"/tickets/{third}/merge", {"into": first})

    told = await customer.until("event", lambda event: first in (event.get("text") or ""))
    assert second in told["text"]
    joined = await stranger.until("event", lambda event: event["kind"] == "message" and third in (event["text"] or ""))
    assert first not in str(joined)
    gone = await desk.one(second)
    assert (gone["status"], gone["goes_on_in"]["number"], gone["moves"]) == ("closed", first, [])
    assert [each["text"] for each in gone["discussion"]] == ["先记在这里", "另一台电脑也一样"]

    before = len([event for event in customer.all("event") if event["kind"] == "ticket"])
    await desk.comment(first, "已修复，下周发布", status="waiting_release")
    heard = await stranger.until("event", lambda event: event.get("text") == "已修复，下周发布")
    assert heard["number"] == third
    await _ticket_event(customer, "waiting_release")
    assert len([event for event in customer.all("event") if event["kind"] == "ticket"]) == before + 1
    theirs = (await stranger.ask("ticket", number=third))["ticket"]
    assert (theirs["status"], theirs["comments"][-1]["text"]) == ("waiting_release", "已修复，下周发布")
    assert "另一台电脑" not in str(theirs)
    answer = await stranger.do("answer_ticket", number=third, text="我这边也等着")
    assert answer["status"] == "waiting_release"
    assert (await desk.one(first))["discussion"][-1]["text"] == "我这边也等着"
    mine = (await customer.ask("ticket", number=first))["ticket"]
    assert "我这边也等着" not in str(mine)
    numbers = {each["number"]: each.get("merged_into") for each in (await customer.ask("tickets"))["tickets"]}
    assert numbers == {first: None, second: first}
    wish = {"client_id": str(uuid4()), "number": first, "text": "谁的"}
    assert (await refusal_of(stranger, "answer_ticket", wish))["code"] == "not_found"


async def test_numbers_of_a_day_have_no_gaps_however_tickets_are_made(people: People) -> None:
    _, seat, _, conversation_id = await with_agent(people)
    customers = [await people.customer() for _ in range(4)]

    acks = await asyncio.gather(
        *(seat.client.do("create_ticket", conversation_id=conversation_id) for _ in range(3)),
        *(each.do("leave_message", text="请回电", contact={"phone": "13800138000"}) for each in customers),
    )

    assert sorted(ack["ticket"] for ack in acks) == [f"GD20261123-{n:04d}" for n in range(1, 8)]


async def test_who_sees_and_changes_a_ticket(people: People) -> None:
    group, seat, _, conversation_id = await with_agent(people)
    other = await people.group("pick")
    stranger, boss = await people.agent(other), await people.agent(role="supervisor")
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    mine, theirs, all_of_it = TicketDesk(people, seat), TicketDesk(people, stranger), TicketDesk(people, boss)
    ticket = await mine.one(number)

    assert ticket["group_id"] == group["id"]
    assert await theirs.numbers() == []
    assert number in await all_of_it.numbers()
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "title": "我来"}),
        ("POST", "/comments", {"text": "我来", "visibility": "public"}),
        ("POST", "/watch", {}),
        ("POST", "/merge", {"into": number}),
        ("POST", "/conversations", {"conversation_id": conversation_id}),
    ):
        refusal = await people.refused(method, f"/tickets/{number}{path}", body, token=stranger.staff.token)
        assert refusal["code"] == "not_found", path

    news = seat.client
    await all_of_it.send("POST", f"/tickets/{number}/watch", {"account_id": stranger.id})
    assert [watcher["id"] for watcher in (await theirs.one(number))["watchers"]] == [seat.id, stranger.id]
    changed = await theirs.patch(number, assignee_id=stranger.id, level="L3")
    assert (changed["assignee"]["id"], changed["level"]) == (stranger.id, "L3")
    told = await news.until("ticket", lambda each: each["assignee"] == stranger.id)
    assert (told["what"], told["ticket"]["number"], told["by"]["id"]) == ("changed", number, stranger.id)

    refusal = await people.refused(
        "PATCH", f"/tickets/{number}", {"version": ticket["version"], "title": "我也改"}, token=seat.staff.token
    )
    assert (refusal["code"], refusal["details"]["version"]) == ("conflict", changed["version"])
    refusal = await people.refused(
        "PATCH", f"/tickets/{number}", {"version": changed["version"], "status": "closed"}, token=seat.staff.token
    )
    assert (refusal["code"], refusal["details"]["status"]) == ("conflict", "new")


async def test_the_list_narrows_by_every_filter(people: People) -> None:
    group, seat, _, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    numbers = [
        (await seat.client.do("create_ticket", conversation_id=conversation_id, title=f"第 {n} 张"))["ticket"]
        for n in range(3)
    ]
    await desk.patch(numbers[0], assignee_id=seat.id, category="售前/价格")
    await desk.patch(numbers[1], status="solved", level="L3")

    assert await desk.numbers() == numbers[::-1]
    for query, expected in (
        ("status=unfinished", [numbers[2], numbers[0]]),
        ("status=solved,closed", [numbers[1]]),
        ("assignee=me", [numbers[1], numbers[0]]),  # what they made L3 is theirs
        ("assignee=nobody", [numbers[2]]),
        (f"group_id={group['id']}&level=L3", [numbers[1]]),
        (f"category={quote('售前')}", [numbers[0]]),
        (f"category={quote('售前/价格')}", [numbers[0]]),
        (f"text={quote('第 2')}", [numbers[2]]),
        (f"text={numbers[1]}", [numbers[1]]),
        ("overdue=true", []),
    ):
        assert await desk.numbers(query) == expected, query
    first = await desk.send("GET", "/tickets?limit=2")
    rest = await desk.send("GET", f"/tickets?limit=2&cursor={first['next']}")
    assert [each["number"] for each in first["items"] + rest["items"]] == numbers[::-1]
    assert rest["next"] is None


async def test_a_tickets_own_clocks_stop_at_a_reply_rest_while_the_customer_is_asked_and_go_on(
    house: House, people: People
) -> None:
    customer = await people.customer()
    number = (await customer.do("leave_message", text="请回电", contact={"phone": "13800138000"}))["ticket"]
    desk = TicketDesk(people, await people.agent(role="supervisor"))
    assert await desk.clocks(number) == {"first_reply": "runs", "resolution": "runs"}
    assert await desk.numbers("overdue=true") == []

    await house.pass_time(31 * 60)
    assert (await desk.clocks(number))["first_reply"] == "breached"
    assert await desk.numbers("overdue=true") == [number]
    await desk.comment(number, "内部先看一下", "internal")
    assert await desk.numbers("overdue=true") == [number]
    await desk.comment(number, "请发一下截图", status="waiting_customer")
    assert await desk.clocks(number) == {"resolution": "rests"}
    assert await desk.numbers("overdue=true") == []

    await house.restart()
    back = await people.customer(visitor=customer.all("welcome")[0]["visitor"])
    await back.do("answer_ticket", number=number, text="已发到邮箱")
    assert await desk.clocks(number) == {"next_reply": "runs", "resolution": "runs"}
    await desk.patch(number, status="solved")
    assert await desk.clocks(number) == {}
    await back.do("answer_ticket", number=number, solved=False)
    assert (await desk.clocks(number))["resolution"] == "runs"


async def test_a_ticket_opened_in_a_new_conversation_does_not_make_the_customer_start_over(
    house: House, people: People
) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await desk.patch(number, status="waiting_development")
    news = await _ticket_event(customer, "waiting_development")
    await house.pass_time(2 * _HOUR)  # the bot's conversation, in which nobody wrote, ends silently
    await customer.until(
        "event", lambda e: e["conversation_id"] == news["conversation_id"] and e.get("state") == "closed"
    )

    ack = await customer.say(UNKNOWN)

    waiting = await customer.until(
        "event", lambda e: e["conversation_id"] == ack["conversation_id"] and e.get("state") == "waiting"
    )
    assert "reason" not in waiting  # back within a day on the same matter: past the bot, whatever came between


async def test_words_below_a_solved_or_closed_ticket_reach_it_also_beside_a_human_and_in_a_new_conversation(
    house: House, people: People
) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    await desk.patch(number, status="solved")
    await customer.until("event", lambda event: bool(event.get("options")) and event.get("number") == number)

    await customer.say("还是不行啊")  # a colleague is there, but this answers the ticket's question
    assert (await desk.one(number))["status"] == "open"
    said = await customer.say("对了，另外想问下发票")
    assert [each["text"] for each in (await desk.one(number))["discussion"]] == ["还是不行啊"]
    assert said["conversation_id"] == conversation_id

    await desk.patch(number, status="solved")
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await customer.say("没解决")  # the next conversation begins with it
    assert (await desk.one(number))["status"] == "open"

    await desk.patch(number, status="solved")
    await house.pass_time(3 * _DAY)
    assert (await desk.one(number))["status"] == "closed"
    await customer.say("它又坏了")
    assert (await desk.one(number))["status"] == "open"

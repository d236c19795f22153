"""Who hears of a ticket, and where: colleagues at once, customers in the window and outside, other systems."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent


async def _notices(house: House, kind: str) -> list[Any]:
    return await house.rows(
        "select recipient_kind, recipient_id::text from notices where kind = $1 order by position", kind
    )


async def test_a_message_left_is_news_for_colleagues_and_its_answer_finds_the_customer_outside(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    seat, boss = await people.agent(group), await people.agent(role="supervisor")
    customer = await people.customer()
    visitor = customer.all("welcome")[0]["visitor"]

    number = (await customer.do("leave_message", text="发票还没收到", contact={"email": "wang@example.com"}))["ticket"]

    for hears in (seat, boss):  # it belongs to no group: everybody's
        news = await hears.client.until("ticket", lambda each: each["ticket"]["number"] == number)
        assert (news["what"], news["by"]["kind"]) == ("created", "customer")
    assert [row["recipient_kind"] for row in await _notices(house, "ticket.created")] == ["integrators"]
    assert [row["recipient_kind"] for row in await _notices(house, "ticket_created")] == ["customer"]
    await customer.close()
    desk = TicketDesk(people, boss)
    await desk.patch(number, assignee_id=seat.id)
    assert [row["recipient_id"] for row in await _notices(house, "ticket_assigned")] == [seat.id]
    await desk.comment(number, "发票昨天寄出了")
    customer_id = (await desk.one(number))["customer"]["id"]
    assert [row["recipient_id"] for row in await _notices(house, "message_answered")] == [customer_id]
    await desk.comment(number, "单号 SF123")
    assert len(await _notices(house, "message_answered")) == 1
    assert [row["recipient_id"] for row in await _notices(house, "ticket_updated")] == [customer_id]
    await desk.comment(number, "密语：财务说是补寄的", "internal")
    assert len(await _notices(house, "ticket_updated")) == 1

    back = await people.customer(visitor=visitor)
    assert back.all("welcome")[0]["tickets"] is True
    await back.do("answer_ticket", number=number, text="收到了")
    assert [row["recipient_id"] for row in await _notices(house, "ticket_replied")] == [seat.id]
    await desk.patch(number, status="solved")
    assert [row["recipient_id"] for row in await _notices(house, "ticket_solved")] == [customer_id]
    assert [row["recipient_kind"] for row in await _notices(house, "ticket.solved")] == ["integrators"]
    assert seat.id in [row["recipient_id"] for row in await _notices(house, "ticket_changed")]


async def test_news_of_a_ticket_reaches_nobody_who_may_not_see_it(people: People) -> None:
    _, seat, _, conversation_id = await with_agent(people)
    stranger = await people.agent(await people.group("pick"))
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    desk = TicketDesk(people, seat)

    await desk.comment(number, "看一下", "internal")
    await seat.client.until("ticket", lambda each: each["what"] == "commented")
    assert stranger.client.all("ticket") == []

    await desk.send("POST", f"/tickets/{number}/watch", {"account_id": stranger.id})
    await stranger.client.until("ticket", lambda each: each["ticket"]["number"] == number)


async def test_a_ticket_by_hand_reaches_a_customer_who_is_not_talking(house: House, people: People) -> None:
    _, _, customer, conversation_id = await with_agent(people)
    boss = await people.agent(role="supervisor")
    desk = TicketDesk(people, boss)
    customer_id = (await desk.send("GET", f"/conversations/{conversation_id}"))["conversation"]["customer"]["id"]
    await customer.do("close", conversation_id=conversation_id)

    by_hand = await desk.send("POST", "/tickets", {"customer_id": customer_id, "title": "续费前回访"})
    await customer.until("event", lambda event: event.get("number") == by_hand["number"])
    draft = await desk.send("GET", f"/conversations/{conversation_id}/ticket-draft")
    assert (draft["title"], draft["level"]) == ("甘特图导出来是空白的", "L2")
    late = await desk.send("POST", "/tickets", {"conversation_id": conversation_id, "category": "故障/甘特图"})
    heard = await customer.until("event", lambda event: event.get("number") == late["number"])

    assert heard["conversation_id"] != conversation_id
    assert {each["id"] for each in late["conversations"]} == {conversation_id, heard["conversation_id"]}
    linked = await desk.send("POST", f"/tickets/{by_hand['id']}/conversations", {"conversation_id": conversation_id})
    assert conversation_id in {each["id"] for each in linked["conversations"]}
    gone = await desk.send("DELETE", f"/tickets/{by_hand['id']}/conversations/{conversation_id}")
    assert conversation_id not in {each["id"] for each in gone["conversations"]}
    kept = await desk.send("DELETE", f"/tickets/{late['id']}/conversations/{conversation_id}")
    assert kept["conversation_id"] == conversation_id  # where it was made from stays
    assert conversation_id in {each["id"] for each in kept["conversations"]}
    assert [sorted(each["changes"]) for each in gone["history"]] == [["created"], ["linked"], ["unlinked"]]
    for body in (
        {"title": "谁的"},
        {"customer_id": customer_id},
        {"customer_id": customer_id, "title": "有", "assignee_id": customer_id},
        {"customer_id": customer_id, "title": "有", "group_id": customer_id},
    ):
        assert (await people.refused("POST", "/tickets", body))["code"] == "invalid", body


async def test_words_that_may_not_be_sent_stop_a_public_comment_only(house: House, people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    number = (await seat.client.do("create_ticket", conversation_id=conversation_id))["ticket"]
    await people.api(
        "POST", "/minded-words", {"direction": "out", "word": "一定修好", "effect": "warn", "reason": "不要保证"}
    )
    await house.pass_time(10)
    path, token = f"/tickets/{number}/comments", await people.token(seat.staff)

    refusal = await people.refused("POST", path, {"text": "明天一定修好", "visibility": "public"}, token=token)
    assert (refusal["code"], refusal["details"]["confirm"]) == ("conflict", True)
    await desk.comment(number, "密语：别说一定修好", "internal")
    await desk.comment(number, "明天一定修好", confirmed=True)

    said = await customer.until("event", lambda event: event.get("text") == "明天一定修好")
    await seat.client.do("recall", conversation_id=conversation_id, seq=said["seq"])
    assert [each["text"] for each in (await desk.one(number))["discussion"]] == ["密语：别说一定修好", ""]
    assert (await customer.ask("ticket", number=number))["ticket"]["comments"][0]["text"] == ""

"""Two customers whose tickets were merged: each has their own title, words and yes, and reads nothing of the other."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.clients import ChatClient
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent

_DAY = 24 * 3600.0
_THEIRS = "只有甲"


async def _left(people: People, text: str) -> tuple[ChatClient, str]:
    customer = await people.customer()
    ack = await customer.do("leave_message", text=text, contact={"phone": "13800138000"})
    return customer, ack["ticket"]


async def _own(customer: ChatClient, number: str) -> dict[str, Any]:
    found: dict[str, Any] = (await customer.ask("ticket", number=number))["ticket"]
    return found


def _words(customer: ChatClient, number: str) -> list[str]:
    return [
        each["text"] for each in customer.all("event") if each["kind"] == "message" and each.get("number") == number
    ]


async def _asked(customer: ChatClient, number: str, times: int = 1) -> None:
    """Waits until the customer was asked so often whether it is solved."""
    seen: set[str] = set()

    def is_last(event: dict[str, Any]) -> bool:
        if event.get("options") and event.get("number") == number:
            seen.add(event["id"])
        return len(seen) == times

    await customer.until("event", is_last)


async def test_one_reads_nothing_of_the_other_and_speaks_for_oneself_alone(house: House, people: People) -> None:
    desk = TicketDesk(people, await people.agent(role="supervisor"))
    (a, na), (b, nb), (c, nc) = [
        await _left(people, text) for text in (f"{_THEIRS}的导出空白", "乙的导出空白", "丙的导出空白")
    ]
    await desk.comment(na, f"{_THEIRS}您好，请把账号发来")
    await desk.comment(nb, "乙您好")
    await desk.comment(nc, "丙您好")
    await a.do("answer_ticket", number=na, text=f"{_THEIRS}的账号 admin")
    await desk.send("POST", f"/tickets/{nb}/merge", {"into": nc})  # at the same moment: not by time, by what was said
    await desk.comment(nc, "乙丙两位好")
    await desk.send("POST", f"/tickets/{nc}/merge", {"into": na})
    await a.do("answer_ticket", number=na, text=f"{_THEIRS}：还有一件事")
    await desk.comment(na, "三位好", status="waiting_release")

    assert {each["text"] for each in (await _own(b, nb))["comments"]} == {"乙您好", "乙丙两位好", "三位好"}
    assert {each["text"] for each in (await _own(c, nc))["comments"]} == {"丙您好", "乙丙两位好", "三位好"}
    nb2 = (await b.do("leave_message", text="乙又来", contact={"phone": "13800138000"}))["ticket"]
    await desk.send("POST", f"/tickets/{nb2}/merge", {"into": na})

    await desk.patch(na, status="solved")
    for customer, number in ((a, na), (b, nb), (c, nc)):
        await _asked(customer, number)
    assert any("“乙的导出空白”" in text for text in _words(b, nb))
    for customer in (b, c):
        heard = str(list(customer.all("event")))
        assert _THEIRS not in heard
        assert na not in heard

    heard_before = (len(a.all("event")), len(c.all("event")))
    answer = await b.do("answer_ticket", number=nb, solved=True)
    assert answer["status"] == "closed"
    assert ((await _own(b, nb))["status"], (await _own(b, nb))["may_answer"]) == ("closed", True)
    await b.do("rate_conversation", conversation_id=answer["conversation_id"], ticket=nb, resolved=True)
    assert ((await desk.one(na))["status"], (await _own(a, na))["status"]) == ("solved", "solved")
    assert (len(a.all("event")), len(c.all("event"))) == heard_before

    answer = await c.do("answer_ticket", number=nc, text="还是不行，又空白了")
    assert answer["status"] == "open"
    going_on = await a.until("event", lambda event: "继续处理" in event.get("text", ""))
    assert na in going_on["text"]
    assert (await _own(b, nb))["status"] == "closed"  # it is over for them
    assert not any("继续处理" in text for text in _words(b, nb))

    await desk.patch(na, status="solved")
    await _asked(a, na, 2)
    await _asked(c, nc, 2)
    assert len([text for text in _words(b, nb) if "问题解决了吗" in text]) == 1
    await c.do("answer_ticket", number=nc, solved=True)
    assert (await desk.one(na))["status"] == "solved"
    await a.do("answer_ticket", number=na, solved=True)
    assert (await desk.one(na))["status"] == "closed"
    assert sum("谢谢您的确认" in text for text in _words(c, nc)) == 1

    answer = await b.do("answer_ticket", number=nb, text="又出现了，还是空白")
    assert (answer["status"], (await desk.one(na))["status"]) == ("open", "open")
    assert not any("还没完" in text for text in [*_words(a, na), *_words(c, nc)][-1:])
    await desk.patch(na, status="solved")
    await house.pass_time(3 * _DAY)
    assert (await desk.one(na))["status"] == "closed"
    for customer, number, closed in ((a, na, 1), (b, nb, 2), (c, nc, 1)):  # whom it was over for hears nothing more
        events = [each for each in customer.all("event") if each["kind"] == "ticket" and each["number"] == number]
        assert [each["status"] for each in events].count("closed") == closed


async def test_a_canned_reply_names_the_customers_own_ticket_however_conversations_are_linked(people: People) -> None:
    _, seat, customer, conversation_id = await with_agent(people)
    desk = TicketDesk(people, seat)
    _, theirs = await _left(people, "别人的事")
    await desk.send("POST", f"/tickets/{theirs}/conversations", {"conversation_id": conversation_id})
    reply = await desk.send("POST", "/canned-replies", {"folder": "工单", "name": "号", "text": "工单 {工单号}"})
    use = {"conversation_id": conversation_id}

    assert (await desk.send("POST", f"/canned-replies/{reply['id']}/use", use))["missing"] == ["{工单号}"]
    own = (await customer.do("leave_message", text="我的事", contact={"phone": "13800138000"}))["ticket"]
    await desk.send("POST", f"/tickets/{own}/merge", {"into": theirs})
    assert (await desk.send("POST", f"/canned-replies/{reply['id']}/use", use))["text"] == f"工单 {own}"

"""Files of a ticket's comments: customers get the public ones, colleagues both; each is used once, by its sender."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.edge.files import fetch, sent
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent

_DAY = 86_400


async def _link(house: House, upload: dict[str, Any], token: str) -> int:
    return (await fetch(house, f"/api/v1/uploads/{upload['id']}/link", token)).status


async def test_a_public_comments_files_reach_the_customer_and_an_internal_ones_stay_among_colleagues(
    house: House, people: People
) -> None:
    _group, seat, customer, conversation_id = await with_agent(people)
    desk, mine = TicketDesk(people, seat), str(customer.all("welcome")[0]["visitor"])
    made = await desk.send("POST", "/tickets", {"conversation_id": conversation_id, "title": "导出空白"})
    number, token = made["number"], await people.token(seat.staff)
    guide, log, spare = [await sent(house, token, name=name) for name in ("步骤.png", "日志.png", "多余.png")]

    told = await desk.comment(number, "请看附图", upload_ids=[guide["id"]])
    await desk.comment(number, "", "internal", upload_ids=[log["id"]])
    heard = await customer.until("event", lambda event: event.get("text") == "请看附图")
    assert [each["name"] for each in heard["attachments"]] == ["步骤.png"]
    assert (await fetch(house, heard["attachments"][0]["url"])).status == 200
    assert [each["name"] for each in told["discussion"][-1]["attachments"]] == ["步骤.png"]

    shot = await sent(house, mine, name="客户的图.png")
    await desk.patch(number, status="waiting_customer")
    await customer.do("send_message", conversation_id=conversation_id, text="", upload_ids=[shot["id"]])
    seen = [
        (one["text"], [each["name"] for each in one["attachments"]]) for one in (await desk.one(number))["discussion"]
    ]
    assert seen[:2] == [("请看附图", ["步骤.png"]), ("", ["日志.png"])]
    own = (await customer.ask("ticket", number=number))["ticket"]["comments"]
    assert [each["name"] for each in own[0]["attachments"]] == ["步骤.png"]
    assert "日志.png" not in str(own) + str(customer.received)

    # Who sees the ticket sees its files; the customer the public ones; others none.
    other = await people.agent(await people.group())
    boss = await people.staff(role="supervisor")
    assert [await _link(house, log, each) for each in (token, boss.token, other.staff.token, mine)] == [
        200,
        200,
        404,
        404,
    ]
    assert await _link(house, guide, mine) == 200

    # A file is used once, a refused comment gives it back, and one that is in use outlives the day.
    again = {"text": "再发", "visibility": "public", "upload_ids": [guide["id"]]}
    assert await people.api_error("POST", f"/tickets/{number}/comments", again, token=token) == (409, "conflict")
    foreign = again | {"upload_ids": [shot["id"]]}
    assert await people.api_error("POST", f"/tickets/{number}/comments", foreign, token=token) == (400, "invalid")
    refused = {"text": "保证没问题", "visibility": "public", "upload_ids": [spare["id"]]}
    await people.api_error("POST", f"/tickets/{number}/comments", refused, token=token)
    await desk.comment(number, "", upload_ids=[spare["id"]], status="solved")
    unused = await sent(house, await people.token(seat.staff))
    await house.pass_time(_DAY + 60)
    token = await people.token(seat.staff)
    assert [await _link(house, each, token) for each in (guide, log, spare, unused)] == [200, 200, 200, 404]

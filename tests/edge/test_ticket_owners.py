"""L3 has an owner whatever is left out; what a disabled colleague leaves is handed on, or supervisors are told."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent

_COMPANY = {"id": "c-1", "name": "远山家居"}


async def test_a_ticket_that_is_l3_always_has_an_owner(house: House, people: People) -> None:
    manager = await people.staff()
    await people.api("POST", "/companies", {"external_id": "c-1", "name": "远山家居", "success_manager": manager.id})
    _, seat, _, managed = await with_agent(people, identity=people.identity("vip", company=_COMPANY))
    _, other_seat, _, alone = await with_agent(people)
    desk, other_desk = TicketDesk(people, seat), TicketDesk(people, other_seat)

    async def made(by: TicketDesk, conversation_id: str, **more: Any) -> dict[str, Any]:
        return await by.send("POST", "/tickets", {"conversation_id": conversation_id, **more})

    assert (await made(desk, managed, level="L3"))["assignee"]["id"] == manager.id
    assert (await made(other_desk, alone, level="L3"))["assignee"]["id"] == other_seat.id
    second = await made(desk, managed)
    assert (second["level"], second["assignee"]) == ("L2", None)

    third = await desk.patch(second["number"], level="L3", assignee_id=None)
    assert third["assignee"]["id"] == manager.id
    nobody = {"version": third["version"], "assignee_id": None}
    refusal = await people.refused("PATCH", f"/tickets/{second['number']}", nobody, token=seat.staff.token)
    assert (refusal["code"], refusal["details"]["field"]) == ("invalid", "assignee_id")
    assert "L2" in refusal["message"]
    freed = await desk.patch(second["number"], level="L2", assignee_id=None)
    assert (freed["level"], freed["assignee"]) == ("L2", None)


async def test_what_a_disabled_colleague_leaves_is_handed_on_or_told(house: House, people: People) -> None:
    manager, gone, boss = await people.staff(), await people.staff(), await people.agent(role="supervisor")
    await people.api("POST", "/companies", {"external_id": "c-1", "name": "远山家居", "success_manager": manager.id})
    _, seat, _, managed = await with_agent(people, identity=people.identity("vip", company=_COMPANY))
    _, other_seat, _, alone = await with_agent(people)
    desk, other_desk = TicketDesk(people, seat), TicketDesk(people, other_seat)
    numbers = []
    for by, where, level in ((desk, managed, "L3"), (other_desk, alone, "L3"), (other_desk, alone, "L2")):
        wish = {"conversation_id": where, "level": level, "assignee_id": gone.id}
        numbers.append((await by.send("POST", "/tickets", wish))["number"])
    solved = (await desk.send("POST", "/tickets", {"conversation_id": managed, "assignee_id": gone.id}))["number"]
    await desk.patch(solved, status="solved")

    await people.api("PATCH", f"/agents/{gone.id}", {"disabled": True})
    await house.pass_time(15)

    alert = await boss.client.until("alert", lambda alert: alert["kind"] == "ticket_unowned")
    assert f"{gone.name}的账号已停用，2 张工单" in alert["text"]
    assert alert["text"].endswith(f"：{numbers[1]}、{numbers[2]}。其中 L3 必须有负责人：{numbers[1]}")
    owners = [(await people.api("GET", f"/tickets/{number}"))["assignee"] for number in (*numbers, solved)]
    assert [owner and owner["id"] for owner in owners] == [manager.id, None, None, gone.id]
    told = await house.rows(
        "select kind, recipient_id from notices where kind in ('ticket_unowned', 'ticket_assigned')"
    )
    assert [row["kind"] for row in told].count("ticket_unowned") == 1
    assert str(manager.id) in [str(row["recipient_id"]) for row in told if row["kind"] == "ticket_assigned"]
    await house.pass_time(60)
    assert len([one for one in boss.client.all("alert") if one["kind"] == "ticket_unowned"]) == 1

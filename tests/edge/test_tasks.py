"""What colleagues have to do at a time: reminded once, told when late, ended with an outcome; planned visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.acceptance.people import People, Seat, people_of
from tests.clients import sign_in
from tests.edge.conftest import OpenHouse
from tests.edge.house import House
from tests.edge.test_notifications import mail
from tests.integration.notifications.receivers import Mailbox, smtp_server

_HOUR = 3_600.0
_DAY = 24 * _HOUR


def _in(house: House, hours: float) -> str:
    return (house.clock.now() + timedelta(hours=hours)).isoformat()


async def _back(people: People, seat: Seat) -> Seat:
    """Signed in again after the restart."""
    tokens = await sign_in(people.program.url, seat.staff.username, seat.staff.password)
    return await people.seat(replace(seat.staff, tokens=tokens))


def _alerts(seat: Seat, kind: str) -> list[Any]:
    return [alert for alert in seat.client.all("alert") if alert["kind"] == kind]


async def test_a_task_reminds_its_assignee_once_and_supervisors_when_it_stays_undone(
    house: House, people: People
) -> None:
    group, other = await people.group(), await people.group()
    agent, colleague = await people.agent(group), await people.agent(group)
    stranger, boss = await people.agent(other), await people.agent(role="supervisor")
    new = {"kind": "follow_up", "due_at": _in(house, 2), "text": "回访导出问题", "contact": "13800001234"}
    task = await people.api("POST", "/tasks", new, token=agent.staff.token)
    assert (task["assignee"], task["state"], task["contact"]) == (agent.id, "open", "13800001234")
    stored = await house.rows("select tasks::text as line from tasks")
    assert all("13800001234" not in row["line"] for row in stored)

    await house.pass_time(2 * _HOUR - 1)
    assert _alerts(agent, "task_due") == []
    await house.pass_time(1)
    due = await agent.client.until("alert", lambda alert: alert["kind"] == "task_due")
    assert due["text"] == "回访导出问题"
    await house.restart()
    agent, colleague, boss = [await _back(people, seat) for seat in (agent, colleague, boss)]
    await house.pass_time(_HOUR - 1)
    assert _alerts(agent, "task_due") == _alerts(boss, "task_late") == []
    await house.pass_time(1)
    late = await boss.client.until("alert", lambda alert: alert["kind"] == "task_late")
    assert late["owner"] == agent.id
    await house.pass_time(_HOUR)
    assert len(_alerts(boss, "task_late")) == 1
    assert _alerts(colleague, "task_late") == []
    told = await house.rows("select kind from notices where kind in ('task_due', 'task_late') order by kind")
    assert [row["kind"] for row in told] == ["task_due", "task_late"]

    token = await people.token(agent.staff)
    path = f"/tasks/{task['id']}"
    for hidden in (stranger, colleague):
        assert await people.api_error("GET", path, token=await people.token(hidden.staff)) == (404, "not_found")
    without = await people.api_error("PATCH", path, {"version": 1, "state": "done"}, token=token)
    assert without == (400, "invalid")
    later = await people.api("PATCH", path, {"version": 1, "due_at": _in(house, 1)}, token=token)
    stale = await people.api_error("PATCH", path, {"version": 1, "text": "x"}, token=token)
    assert stale == (409, "conflict")
    await house.pass_time(_HOUR)
    await agent.client.until("alert", lambda alert: alert["kind"] == "task_due")  # a new time, a new reminder
    ended = {"version": later["version"], "state": "done", "outcome": "solved", "outcome_text": "已确认"}
    token = await people.token(agent.staff)
    done = await people.api("PATCH", path, ended, token=token)
    assert (done["state"], done["outcome"], done["ended_by"]) == ("done", "solved", agent.id)
    assert await people.api_error("PATCH", path, {**ended, "version": done["version"]}, token=token) == (
        409,
        "conflict",
    )
    await house.pass_time(_DAY)
    assert len(_alerts(boss, "task_late")) == 1


async def test_tasks_are_listed_by_whose_they_are_the_soonest_first(house: House, people: People) -> None:
    group = await people.group()
    agent, colleague = await people.staff(group), await people.staff(group)
    boss = await people.staff(role="supervisor")
    made: dict[str, str] = {}
    for name, hours, whose in (
        ("b", 2, {"assignee": agent.id}),
        ("a", 1, {"group_id": group["id"]}),
        ("c", 3, {"assignee": colleague.id, "group_id": group["id"]}),
    ):
        task = {"kind": "other", "due_at": _in(house, hours), "text": name, **whose}
        made[name] = (await people.api("POST", "/tasks", task, token=boss.token))["id"]

    async def listed(query: str, token: str) -> str:
        return "".join(task["text"] for task in (await people.api("GET", f"/tasks?{query}", token=token))["items"])

    assert await listed("", boss.token) == "abc"
    assert await listed("", agent.token) == "abc"
    assert await listed("mine=true", agent.token) == "b"
    assert await listed("unassigned=true", agent.token) == "a"
    assert await listed("mine=true", colleague.token) == "c"
    page = await people.api("GET", "/tasks?limit=2", token=boss.token)
    assert await listed(f"limit=2&cursor={page['next']}", boss.token) == "c"

    await house.pass_time(1.5 * _HOUR)
    token = await people.token(agent)
    assert await listed("late=true", token) == "a"
    taken = {"version": 1, "assignee": agent.id}
    assert (await people.api("PATCH", f"/tasks/{made['a']}", taken, token=token))["assignee"] == agent.id
    foreign = await people.api_error("PATCH", f"/tasks/{made['c']}", {"version": 1, "assignee": boss.id}, token=token)
    assert foreign == (403, "forbidden")


async def test_visits_are_made_once_for_two_weeks_after_going_live(house: House, people: People) -> None:
    manager, successor = await people.staff(), await people.staff()
    went_live = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # a Saturday, so the visits move to Mondays
    company = await people.api(
        "POST", "/companies",
        {"name": "远山家居", "success_manager": manager.id, "go_live_at": went_live.isoformat()},
    )  # fmt: skip

    async def visits() -> list[tuple[str, str, str]]:
        found = (await people.api("GET", f"/tasks?kind=visit&company_id={company['id']}"))["items"]
        return [(task["due_at"], task["assignee"], task["company"]) for task in found]

    await house.pass_time(0)
    assert await visits() == []
    await house.pass_time(3 * _DAY)  # Thursday: the first one comes near
    first = ("2026-11-30T01:00:00Z", manager.id, "远山家居")
    assert await visits() == [first]
    await house.restart()
    await house.pass_time(_DAY)
    assert await visits() == [first]
    await house.pass_time(6 * _DAY)
    second = ("2026-12-07T01:00:00Z", manager.id, "远山家居")
    assert await visits() == [first, second]

    await people.api("PATCH", f"/companies/{company['id']}", {"version": 1, "success_manager": successor.id})
    assert {assignee for _, assignee, _ in await visits()} == {successor.id}
    await house.pass_time(30 * _DAY)
    assert len(await visits()) == 2


async def test_what_nobody_of_a_group_has_taken_up_reminds_the_whole_group_and_a_supervisor_when_late(
    open_house: OpenHouse,
) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox):
        house = await open_house(**mail(mailbox))
        async with people_of(house) as people:
            group = await people.group()
            agent, colleague = await people.agent(group), await people.staff(group)
            boss = await people.agent(role="supervisor")
            for who, name in ((agent.staff, "agent"), (colleague, "colleague"), (boss.staff, "boss")):
                address = {"email": f"{name}@desk.test", "locale": "zh-CN"}
                await people.api("PUT", f"/agents/{who.id}/contact", address)
            customer = await people.customer()
            await customer.do("request_human", topic=group["name"])
            slot = (await customer.ask("callback_slots"))["slots"][0]["at"]
            await customer.do("book_callback", at=slot, phone="13800138000", text="导出按钮是灰的")

            await house.pass_time((datetime.fromisoformat(slot) - house.clock.now()).total_seconds())
            due = await agent.client.until("alert", lambda alert: alert["kind"] == "task_due")
            assert due["text"] == "导出按钮是灰的"
            await house.pass_time(1)
            await mailbox.until(2)
            assert sorted(mailbox.recipients) == [["agent@desk.test"], ["colleague@desk.test"]]
            assert "该给客户回电了" in mailbox.mails[0]["Subject"]
            assert _alerts(boss, "task_due") == []
            (notice,) = await house.rows("select trouble from notices where kind = 'callback_due'")
            assert notice["trouble"] is None
            await house.pass_time(_HOUR)
            await boss.client.until("alert", lambda alert: alert["kind"] == "task_late")

"""Ratings: solved first, then 1 to 5, once, changed for a day; what a bad one brings; who is asked for NPS."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.acceptance.people import KNOWN, People, Seat, people_of, refusal_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


async def _helped(people: People, seat: Seat, group: dict[str, Any], **auth: Any) -> tuple[ChatClient, str]:
    """A customer to whom a human has answered."""
    customer, conversation_id = await people.waiting_customer(group["name"], **auth)
    await seat.client.do("accept", conversation_id=conversation_id)
    await seat.client.do("send_message", conversation_id=conversation_id, text="请先打开导出，再选图片格式")
    return customer, conversation_id


async def _ratings(people: People, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await people.api("GET", f"/ratings?{query}"))["items"]
    return items


async def test_a_bad_rating_tells_supervisors_and_is_followed_up_within_a_working_day(
    house: House, people: People
) -> None:
    group = await people.group()
    agent, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await _helped(people, agent, group)
    await agent.client.do("close", conversation_id=conversation_id, resolved=True)
    target = {"conversation_id": conversation_id}

    await customer.do("rate_conversation", **target, resolved=False)
    await customer.do("rate_conversation", **target, csat=2, comment="一直没弄好")

    alert = await boss.client.until("alert", lambda alert: alert["kind"] == "bad_rating")
    assert (alert["conversation_id"], alert["owner"], alert["text"]) == (conversation_id, agent.id, "问题没有解决")
    assert alert["customer"]["tier"] == "free"
    (task,) = (await people.api("GET", f"/tasks?kind=follow_up&conversation_id={conversation_id}"))["items"]
    assert (task["due_at"], task["text"]) == ("2026-11-24T02:00:00Z", "回访：问题没有解决")
    assert task["assignee"] is None
    (rating,) = await _ratings(people, "bad=true")
    expected = {"csat": 2, "resolved": False, "nps": None, "comment": "一直没弄好", "agent_id": agent.id, "ticket": ""}
    assert {name: rating[name] for name in expected} == expected
    notices = await house.rows("select count(*) as n from notices where kind = 'bad_rating'")
    assert notices[0]["n"] == 1
    assert len([one for one in boss.client.all("alert") if one["kind"] == "bad_rating"]) == 1
    hidden = await people.api_error("GET", "/tasks/" + task["id"], token=agent.staff.token)
    assert hidden == (404, "not_found")

    # Changed for a day, and no longer; the follow-up stays.
    await house.pass_time(_DAY)
    await customer.do("rate_conversation", **target, resolved=True, csat=4)
    await house.pass_time(1)
    late = await refusal_of(customer, "rate_conversation", {"client_id": str(uuid4()), **target, "csat": 5})
    assert late["code"] == "conflict"
    (rating,) = await _ratings(people)
    assert (rating["csat"], rating["resolved"]) == (4, True)
    assert await _ratings(people, "bad=true") == []


async def test_an_agent_may_ask_for_a_rating_once_after_having_answered(house: House, people: People) -> None:
    group = await people.group()
    agent, other = await people.agent(group), await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await agent.client.do("accept", conversation_id=conversation_id)
    ask = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    assert (await refusal_of(agent.client, "invite_rating", ask))["code"] == "conflict"
    await agent.client.do("send_message", conversation_id=conversation_id, text="请先打开导出，再选图片格式")
    assert (await refusal_of(other.client, "invite_rating", {**ask, "client_id": str(uuid4())}))["code"] == "conflict"

    first = await agent.client.call("invite_rating", ask)

    assert first["ok"]
    assert await agent.client.call("invite_rating", ask) == first
    asked = await customer.until("event", lambda event: event.get("buttons") == ["rate"])
    assert asked["text"] == "刚才的问题解决了吗？"
    again = {**ask, "client_id": str(uuid4())}
    assert (await refusal_of(agent.client, "invite_rating", again))["code"] == "conflict"
    await customer.do("rate_conversation", conversation_id=conversation_id, resolved=True, csat=5)
    (rating,) = await _ratings(people, f"agent_id={agent.id}")
    assert (rating["csat"], rating["agent_id"]) == (5, agent.id)
    assert await _ratings(people, f"agent_id={other.id}") == []


async def test_what_the_customer_called_unsolved_stays_so_whatever_the_agent_puts_down(
    house: House, people: People
) -> None:
    group = await people.group()
    agent = await people.agent(group)
    signed = people.identity("u-1", email="min@example.cn")
    customer, conversation_id = await _helped(people, agent, group, identity=signed)
    await agent.client.do("invite_rating", conversation_id=conversation_id)
    await customer.do("rate_conversation", conversation_id=conversation_id, resolved=False)
    await agent.client.do("close", conversation_id=conversation_id, resolved=True)

    (row,) = await house.rows("select resolved from conversations where id = $1", conversation_id)
    assert row["resolved"] is False
    made = await customer.do("follow_up", conversation_id=conversation_id)

    assert (await people.api("GET", f"/tickets/{made['ticket']}"))["source"] == "unresolved"


async def test_what_the_bot_alone_answered_is_rated_apart_and_brings_no_follow_up(house: House, people: People) -> None:
    customer = await people.customer()
    said = await customer.say(KNOWN)
    answer = await customer.answer_to(said)
    target = {"conversation_id": said["conversation_id"]}
    await customer.do("rate_answer", **target, seq=answer["seq"], helpful=True)
    assert await _ratings(people) == []
    await customer.do("rate_conversation", **target, resolved=False)
    (rating,) = await _ratings(people)
    assert (rating["agent_id"], rating["resolved"]) == (None, False)
    assert (await people.api("GET", "/tasks"))["items"] == []


async def test_nps_is_asked_of_who_comes_back_after_the_rating_is_over_and_every_90_days(
    open_house: OpenHouse,
) -> None:
    house = await open_house(ROUTING__ASSIGNMENT="pick", RATINGS__NPS_SHARE="1")
    async with people_of(house) as people:
        group = await people.group()
        agent = await people.agent(group)
        customer, conversation_id = await _helped(people, agent, group)
        token = customer.all("welcome")[0]["visitor"]
        assert "survey" not in customer.all("welcome")[0]
        await agent.client.do("close", conversation_id=conversation_id, resolved=True)

        async def survey() -> Any:
            page = await people.customer(visitor=token)
            return page.all("welcome")[0].get("survey")

        await house.pass_time(_DAY - _MINUTE)
        assert await survey() is None  # never beside the rating
        await house.pass_time(_MINUTE + 1)
        assert await survey() == {"kind": "nps", "conversation_id": conversation_id}
        assert await survey() is None
        # The score is said to the conversation that is asked about, also when its own rating is over.
        page = await people.customer(visitor=token)
        await page.do("rate_conversation", conversation_id=conversation_id, nps=9)
        (rating,) = await house.rows("select nps, csat from ratings")
        assert tuple(rating) == (9, None)
        await house.pass_time(89 * _DAY)
        assert await survey() is None


async def test_what_is_unsolved_becomes_one_ticket_with_one_click(house: House, people: People) -> None:
    group = await people.group()
    agent = await people.agent(group)
    customer, conversation_id = await _helped(
        people, agent, group, identity=people.identity("u-1", phone="13800001234")
    )
    await agent.client.do("close", conversation_id=conversation_id, resolved=True)
    target = {"conversation_id": conversation_id}
    early = await refusal_of(customer, "follow_up", {"client_id": str(uuid4()), **target})
    assert early["code"] == "conflict"
    await customer.do("rate_conversation", **target, resolved=False)

    made = await customer.do("follow_up", **target)

    assert (await customer.do("follow_up", **target))["ticket"] == made["ticket"]
    event = await customer.until("event", lambda event: event["kind"] == "ticket")
    assert (event["number"], event["status"]) == (made["ticket"], "new")
    assert event["conversation_id"] != conversation_id  # what is closed stays closed
    ticket = await people.api("GET", f"/tickets/{made['ticket']}")
    assert (ticket["source"], ticket["status"]) == ("unresolved", "new")
    (task,) = (await people.api("GET", f"/tasks?conversation_id={conversation_id}"))["items"]
    assert task["kind"] == "follow_up"

    # Whom nobody could reach leaves a message instead, which asks for a way.
    stranger, other_id = await _helped(people, agent, group)
    await agent.client.do("close", conversation_id=other_id, resolved=True)
    await stranger.do("rate_conversation", conversation_id=other_id, resolved=False)
    refusal = await refusal_of(stranger, "follow_up", {"client_id": str(uuid4()), "conversation_id": other_id})
    assert (refusal["code"], refusal["details"]["field"]) == ("invalid", "contact")


async def test_stars_are_for_a_human_who_has_written_and_are_that_humans(house: House, people: People) -> None:
    group = await people.group()
    agent, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    target = {"conversation_id": conversation_id}

    async def too_early() -> bool:
        refusal = await refusal_of(customer, "rate_conversation", {"client_id": str(uuid4()), **target, "csat": 5})
        return bool(refusal["code"] == "conflict")

    assert await too_early()
    await customer.do("rate_conversation", **target, resolved=False, comment="机器人没帮上")
    await agent.client.do("accept", **target)
    assert await too_early()
    (rating,) = await _ratings(people)
    assert (rating["csat"], rating["agent_id"]) == (None, None)
    assert boss.client.all("alert") == []

    await agent.client.do("send_message", **target, text="请先打开导出，再选图片格式")
    await customer.do("rate_conversation", **target, csat=1)

    (rating,) = await _ratings(people, f"agent_id={agent.id}")
    assert rating["csat"] == 1
    await boss.client.until("alert", lambda alert: alert["kind"] == "bad_rating")


async def test_a_bad_rating_is_told_also_of_who_only_said_hello(house: House, people: People) -> None:
    group = await people.group()
    agent, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await agent.client.do("accept", conversation_id=conversation_id)
    await agent.client.do("send_message", conversation_id=conversation_id, text="您好")
    await agent.client.do("close", conversation_id=conversation_id, resolved=True)

    for stars in (1, 4, 2):
        await customer.do("rate_conversation", conversation_id=conversation_id, csat=stars)

    alert = await boss.client.until("alert", lambda alert: alert["kind"] == "bad_rating")
    assert (alert["owner"], alert["text"]) == (agent.id, "评价 1 分")
    (rating,) = await _ratings(people)
    assert (rating["agent_id"], rating["csat"]) == (agent.id, 2)
    (task,) = (await people.api("GET", f"/tasks?kind=follow_up&conversation_id={conversation_id}"))["items"]
    assert task["text"] == "回访：评价 1 分"
    assert len([one for one in boss.client.all("alert") if one["kind"] == "bad_rating"]) == 1

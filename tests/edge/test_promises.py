"""What an agent promises: proposed at once, confirmed with one click, reminded of, due, broken, kept; customers never
see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.acceptance.people import People, Seat, refusal_of
from tests.clients import ChatClient
from tests.edge.house import House

_HOUR = 3600.0
#: Monday ten o'clock in Shanghai is when every house opens.
_TUESDAY_NOON = "2026-11-24T04:00:00Z"


async def _talk(people: People) -> tuple[ChatClient, Seat, Seat, str]:
    """A customer with an agent, and a supervisor: customer, agent, supervisor, conversation."""
    group = await people.group()
    boss = await people.agent(role="supervisor")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    return customer, seat, boss, conversation_id


async def _promised(seat: Seat, conversation_id: str, text: str) -> dict[str, Any]:
    said = await seat.client.do("send_message", conversation_id=conversation_id, text=text)
    heard: dict[str, Any] = await seat.client.until("promise", lambda promise: promise["seq"] == said["seq"])
    return heard


async def _off(seat: Seat, promise_id: str) -> dict[str, Any]:
    off: dict[str, Any] = await seat.client.until(
        "promise", lambda one: one["id"] == promise_id and one["state"] == "dismissed"
    )
    return off


async def _back(people: People, seat: Seat) -> Seat:
    """The same colleague a day later: the token of yesterday is no good any more."""
    return await people.seat(replace(seat.staff, tokens={"access_token": await people.token(seat.staff)}))


def _alerts(seat: Seat, kind: str) -> list[Any]:
    return [alert for alert in seat.client.all("alert") if alert["kind"] == kind]


def _dismissed(promise_id: str) -> Callable[[Any], bool]:
    return lambda one: bool((one["id"], one["state"]) == (promise_id, "dismissed"))


async def test_a_promise_is_reminded_of_due_and_broken_once_each_whatever_restarts(
    house: House, people: People
) -> None:
    _, seat, boss, conversation_id = await _talk(people)

    proposed = await _promised(seat, conversation_id, "您好。这个问题我跟研发核实一下，明天上午答复您")
    assert (proposed["state"], proposed["due_at"], proposed["is_dated"]) == ("proposed", _TUESDAY_NOON, True)
    assert proposed["text"] == "这个问题我跟研发核实一下，明天上午答复您"
    path = f"/promises/{proposed['id']}"
    opened = await people.api("POST", f"{path}/confirm", {}, token=seat.staff.token)
    assert opened["state"] == "open"
    held = await house.rows("select held_until from conversations where id = $1", conversation_id)
    assert held[0]["held_until"] == datetime.fromisoformat(_TUESDAY_NOON)

    await house.pass_time(25 * _HOUR)  # 11:00; on the way the conversation has gone idle and ended
    assert _alerts(seat, "promise_reminder") == []
    await house.pass_time(_HOUR / 2)
    reminder = await seat.client.until("alert", lambda alert: alert["kind"] == "promise_reminder")
    assert "明天上午答复您" in reminder["text"]
    assert reminder["conversation_id"] == conversation_id

    await house.restart()
    seat, boss = await _back(people, seat), await _back(people, boss)
    await house.pass_time(60)
    await house.pass_time(_HOUR / 2)
    await seat.client.until("alert", lambda alert: alert["kind"] == "promise_due")
    await house.pass_time(_HOUR / 4)
    await boss.client.until("alert", lambda alert: alert["kind"] == "promise_broken")
    await seat.client.until("alert", lambda alert: alert["kind"] == "promise_broken")
    await house.pass_time(_HOUR)
    told = [alert["kind"] for alert in seat.client.all("alert") if alert["kind"].startswith("promise")]
    assert told == ["promise_due", "promise_broken"]
    assert _alerts(boss, "promise_reminder") == []

    boss_token = await people.token(boss.staff)
    broken = await people.api("GET", "/promises?scope=all&broken=true&state=open", token=boss_token)
    assert [promise["id"] for promise in broken["items"]] == [proposed["id"]]
    kept = await people.api("POST", f"{path}/keep", token=boss_token)
    assert kept["state"] == "kept"
    assert kept["broken_at"] is not None


async def test_a_promise_is_moved_dismissed_and_shown_to_who_may_see_it(house: House, people: People) -> None:
    customer, seat, _, conversation_id = await _talk(people)
    stranger = await people.agent(await people.group())
    token = seat.staff.token

    plain = await seat.client.do("send_message", conversation_id=conversation_id, text="您先刷新一下页面，明天再试试")
    first = await _promised(seat, conversation_id, "我下午三点前回您")
    assert first["due_at"] == "2026-11-23T07:00:00Z"
    mine = await people.api("GET", "/promises", token=token)
    assert [promise["seq"] for promise in mine["items"]] == [first["seq"]]
    assert plain["seq"] != first["seq"]

    path = f"/promises/{first['id']}"
    moved = await people.api("POST", f"{path}/confirm", {"due_at": "2026-11-23T09:30:00Z"}, token=token)
    assert moved["due_at"] == "2026-11-23T09:30:00Z"
    for method, wrong in (("2026-11-22T09:30:00Z", "invalid"), ("2030-01-01T00:00:00Z", "invalid")):
        assert await people.api_error("POST", f"{path}/confirm", {"due_at": method}, token=token) == (400, wrong)
    assert (await people.api_error("POST", f"{path}/keep", token=stranger.staff.token))[1] == "not_found"
    assert (await people.api_error("GET", "/promises?scope=all", token=token))[1] == "forbidden"
    assert (await people.api("GET", "/promises", token=stranger.staff.token))["items"] == []

    await customer.say("好的，我等您")
    await house.pass_time(20 * 60)  # far beyond a silent agent's time, but a promise runs
    rows = await house.rows("select state, held_until from conversations where id = $1", conversation_id)
    assert rows[0]["state"] == "human"

    second = await _promised(seat, conversation_id, "核实后给您回电")
    assert second["is_dated"] is False
    gone = await people.api("POST", f"/promises/{second['id']}/dismiss", token=token)
    assert gone["state"] == "dismissed"
    by_hand = {"conversation_id": conversation_id, "seq": plain["seq"], "due_at": "2026-11-24T01:00:00Z"}
    written = await people.api("POST", "/promises", by_hand, token=token)
    assert (written["state"], written["chance"]) == ("open", None)

    await customer.say("好的")
    await seat.client.do(
        "send_message", conversation_id=conversation_id, text="查到了，是权限没有开，您在设置里打开就行"
    )
    answered = await seat.client.until(
        "promise", lambda promise: promise["id"] == first["id"] and promise.get("answered_seq")
    )
    assert answered["state"] == "open"  # an answer only asks whether it was kept
    kept = await people.api("POST", f"{path}/keep", token=token)
    assert kept["state"] == "kept"

    await house.pass_time(24 * _HOUR)
    assert [alert["kind"] for alert in seat.client.all("alert")].count("promise_broken") == 1  # the one by hand


async def test_a_promise_goes_with_the_conversation_and_with_a_ticket(house: House, people: People) -> None:
    group = await people.group()
    seat, colleague = await people.agent(group), await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    promise = await _promised(seat, conversation_id, "下午三点前给您回电")
    await people.api("POST", f"/promises/{promise['id']}/confirm", {}, token=seat.staff.token)

    await seat.client.do("transfer", conversation_id=conversation_id, to={"agent_id": colleague.id})
    await colleague.client.until("assigned")
    assert (await people.api("GET", "/promises", token=seat.staff.token))["items"] == []
    theirs = await people.api("GET", "/promises", token=colleague.staff.token)
    assert [one["id"] for one in theirs["items"]] == [promise["id"]]
    await colleague.client.do("send_message", conversation_id=conversation_id, text="我接着帮您看，先核对一下权限设置")
    await house.pass_time(5 * _HOUR)
    await colleague.client.until("alert", lambda alert: alert["kind"].startswith("promise"))
    assert _alerts(seat, "promise_due") == _alerts(seat, "promise_broken") == []

    token = await people.token(colleague.staff)
    made = await colleague.client.do("create_ticket", conversation_id=conversation_id)
    comment = {"text": "补丁周五前给您", "visibility": "public"}
    await people.api("POST", f"/tickets/{made['ticket']}/comments", comment, token=token)
    of_ticket = await colleague.client.until("promise", lambda one: one.get("ticket") == made["ticket"])
    assert of_ticket["due_at"] == "2026-11-27T10:00:00Z"
    blocked = {"text": "加我微信 xiaolin_8021", "visibility": "public"}
    assert (await people.api_error("POST", f"/tickets/{made['ticket']}/comments", blocked, token=token))[1] == "invalid"


async def test_a_promise_that_is_taken_back_is_off_and_holds_nothing(house: House, people: People) -> None:
    _, seat, _, conversation_id = await _talk(people)
    token, held = seat.staff.token, "select held_until from conversations where id = $1"
    first, later = (
        await _promised(seat, conversation_id, "下午三点前回您"),
        await _promised(seat, conversation_id, "明天上午答复您"),
    )
    for promise in (first, later):
        await people.api("POST", f"/promises/{promise['id']}/confirm", {}, token=token)

    for promise, still in ((later, first["due_at"]), (first, None)):
        await seat.client.do("recall", conversation_id=conversation_id, seq=promise["seq"])
        rows = await house.rows(held, conversation_id)
        assert rows[0]["held_until"] == (still and datetime.fromisoformat(still))
        off = await _off(seat, promise["id"])
        assert off["text"] == ""
    assert (await people.api("GET", "/promises?state=open", token=token))["items"] == []

    await house.pass_time(26 * _HOUR)
    assert not [alert for alert in seat.client.all("alert") if alert["kind"].startswith("promise")]


async def test_a_proposal_that_nobody_answers_is_forgotten_when_it_would_be_due(house: House, people: People) -> None:
    _, seat, _, conversation_id = await _talk(people)
    proposed = await _promised(seat, conversation_id, "两小时内给您答复")

    await house.pass_time(3 * _HOUR)

    await seat.client.until("promise", lambda one: one["id"] == proposed["id"] and one["state"] == "dismissed")
    assert _alerts(seat, "promise_broken") == []


async def test_words_that_block_or_warn_are_told_to_the_agent_before_anything_is_sent(
    people: People,
) -> None:
    customer, seat, boss, conversation_id = await _talk(people)
    message = {"conversation_id": conversation_id, "text": "加我微信 xiaolin_8021 发您资料"}

    blocked = await refusal_of(
        seat.client, "send_message", {"client_id": "0197a000-0000-7000-8000-000000000001", **message}
    )
    assert blocked["code"] == "invalid"
    assert blocked["details"]["words"][0]["effect"] == "block"
    assert "企业微信" in blocked["details"]["words"][0]["reason"]

    careful = {
        "client_id": "0197a000-0000-7000-8000-000000000002",
        "conversation_id": conversation_id,
        "text": "我保证没问题",
    }
    warned = await refusal_of(seat.client, "send_message", careful)
    assert (warned["code"], warned["details"]["confirm"]) == ("conflict", True)
    assert [word["words"] for word in warned["details"]["words"]] == ["保证"]
    sent = await seat.client.call("send_message", {**careful, "confirmed": True})
    assert sent["ok"]
    await customer.until("event", lambda event: event.get("seq") == sent["seq"])
    assert not any("xiaolin" in str(event) for event in customer.all("event"))

    rule = {"direction": "out", "effect": "block", "word": "老*东西", "reason": "请换个说法"}
    assert (await people.api_error("POST", "/minded-words", rule, token=seat.staff.token))[1] == "forbidden"
    made = await people.api("POST", "/minded-words", rule, token=boss.staff.token)
    rude = {"conversation_id": conversation_id, "text": "这个老旧的东西"}
    refused = await refusal_of(
        seat.client, "send_message", {"client_id": "0197a000-0000-7000-8000-000000000003", **rude}
    )
    assert refused["details"]["words"][0]["reason"] == "请换个说法"
    await people.api("PATCH", f"/minded-words/{made['id']}", {"is_active": False}, token=boss.staff.token)
    await seat.client.do("send_message", **rude)

    told = {"direction": "in", "effect": "tell", "word": "曝光"}
    await people.api("POST", "/minded-words", told, token=boss.staff.token)
    await customer.say("你们这帮傻逼")
    abuse = await boss.client.until("alert", lambda alert: alert["kind"] == "abuse")
    assert abuse["conversation_id"] == conversation_id
    await customer.say("一群傻逼")
    await customer.say("我要去网上曝光你们")
    await boss.client.until("alert", lambda alert: alert["kind"] == "abuse" and "曝光" in alert["text"])
    assert len(_alerts(boss, "abuse")) == 2

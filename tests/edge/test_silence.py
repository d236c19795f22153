"""Agents who keep silent, vanish, or let offers run out; restarts included."""

from __future__ import annotations

from datetime import timedelta

from tests.acceptance.people import KNOWN, People, Seat, cut, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.floor import in_time, line, owner, reasons, refusal, state, waits
from tests.edge.house import House


async def test_a_silent_agent_loses_the_customer_to_a_colleague_unless_a_time_was_promised(
    house: House, people: People
) -> None:
    group = await people.group("auto")
    silent, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await silent.client.until("assigned")
    other = await people.agent(group)

    await house.pass_time(4 * 60)
    promised = house.clock.now() + timedelta(minutes=10)
    await silent.client.do("hold", conversation_id=conversation_id, until=promised.isoformat())
    await house.restart()
    silent, other, boss = [await people.seat(seat.staff) for seat in (silent, other, boss)]
    await house.pass_time(9 * 60)
    assert await owner(house, conversation_id) == silent.id

    await house.pass_time(61)
    assert await owner(house, conversation_id) == other.id
    assert await reasons(house, conversation_id) == ["asked", "assigned", "agent_silent", "assigned"]
    assert (await silent.client.until("unassigned"))["conversation_id"] == conversation_id
    for told in (silent, boss):
        alert = await told.client.until("alert", lambda alert: alert["kind"] == "agent_silent")
        assert (alert["conversation_id"], alert["owner"]) == (conversation_id, silent.id)
    assert "agent_silent" not in str(customer.received)


async def test_who_answered_is_not_silent_and_the_first_unanswered_word_counts(house: House, people: People) -> None:
    group = await people.group("auto")
    mine = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await mine.client.until("assigned")
    other = await people.agent(group)

    await mine.client.do("send_message", conversation_id=conversation_id, text="您好，请问您用的是哪个版本？")
    await house.pass_time(6 * 60)
    assert await owner(house, conversation_id) == mine.id
    await customer.say("谢谢")  # a thank-you wants no answer
    await house.pass_time(6 * 60)
    assert await owner(house, conversation_id) == mine.id
    await customer.say("企业版")
    await house.pass_time(4 * 60)
    await customer.say("在吗")
    await house.pass_time(30)
    assert await owner(house, conversation_id) == mine.id
    await house.pass_time(31)
    assert await owner(house, conversation_id) == other.id


async def test_who_keeps_silent_does_not_get_the_same_customer_again_and_is_set_away(
    house: House, people: People
) -> None:
    group = await people.group("auto")
    silent, boss = await people.agent(group), await people.agent(role="supervisor")
    first, first_id = await people.waiting_customer(group["name"])
    await silent.client.until("assigned")
    await house.pass_time(301)
    assert await reasons(house, first_id) == ["asked", "assigned", "agent_silent"]
    assert (await silent.client.ask("waiting_line"))["items"][0]["conversation_id"] == first_id  # they may still accept

    _, second_id = await people.waiting_customer(group["name"])
    assert await owner(house, second_id) == silent.id
    await house.pass_time(301)
    away = await silent.client.until("presence", lambda presence: presence["status"] == "away")
    assert away["reason"] == "silent"
    assert (await boss.client.until("alert", lambda alert: alert["kind"] == "agent_away"))["owner"] == silent.id
    for _ in range(4):
        await house.pass_time(301)
    assert await reasons(house, first_id) == ["asked", "assigned", "agent_silent"]

    places = [place["position"] for place in first.all("queue")]
    assert places == sorted(places, reverse=True)
    said = [event["text"] for event in first.all("event") if event["kind"] == "message"]
    assert len([text for text in said if "久等" in text]) <= 1

    await house.pass_time(8 * 3600)  # the desk has closed, and nobody will take it: told once, in words
    await house.pass_time(3600)
    closed = [event["text"] for event in first.all("event") if event["kind"] == "message"][len(said) :]
    assert len(closed) == 1
    assert "9:00" in closed[0]


async def test_two_silent_agents_do_not_pass_a_customer_to_and_fro(house: House, people: People) -> None:
    group = await people.group("auto")
    seats = [await people.agent(group), await people.agent(group)]
    boss = await people.agent(role="supervisor", online=False)
    _, conversation_id = await people.waiting_customer(group["name"])
    await house.pass_time(301)
    await house.pass_time(301)
    twice = ["asked", "assigned", "agent_silent", "assigned", "agent_silent"]
    assert await reasons(house, conversation_id) == twice
    told = await boss.client.until("alert", lambda alert: "2 位客服" in (alert["text"] or ""))
    assert (told["kind"], told["conversation_id"]) == ("agent_silent", conversation_id)

    await house.restart()
    seats = [await people.seat(seat.staff) for seat in seats]
    await house.pass_time(301)
    assert await reasons(house, conversation_id) == twice
    for seat in seats:
        await seat.client.ask("set_presence", status="online", accepting=False)
    _, important = await waits(people, group, "strategic", "strategic")
    third = await people.agent(group, capacity=1)
    assert await owner(house, conversation_id) == third.id  # from the head of the line
    assert await state(house, important) == ("waiting", "asked")


async def test_a_word_to_anybody_ends_the_silence(house: House, people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    await people.waiting_customer(group["name"])
    await house.pass_time(301)
    _, second_id = await people.waiting_customer(group["name"])
    await seat.client.do("send_message", conversation_id=second_id, text="您好，我看一下您的导出设置")
    _, third_id = await people.waiting_customer(group["name"])
    await house.pass_time(301)
    assert await state(house, third_id) == ("waiting", "agent_silent")
    rows = await house.rows("select status, silences from presence where account_id = $1::uuid", seat.id)
    assert (rows[0]["status"], rows[0]["silences"]) == ("online", 1)


async def test_a_promised_time_lies_ahead_and_not_too_far(house: House, people: People) -> None:
    group = await people.group("auto")
    mine, other = await people.agent(group), await people.agent()
    _, conversation_id = await people.waiting_customer(group["name"])
    await mine.client.until("assigned")
    now = house.clock.now()
    for until in (now, now + timedelta(hours=73)):
        error = await refusal(mine, "hold", conversation_id=conversation_id, until=until.isoformat())
        assert error["code"] == "invalid"
    later = (now + timedelta(hours=1)).isoformat()
    assert (await refusal(other, "hold", conversation_id=conversation_id, until=later))["code"] == "not_found"

    await mine.client.do("hold", conversation_id=conversation_id, until=later)
    await mine.client.do("hold", conversation_id=conversation_id, until=None)
    await house.pass_time(301)
    assert await state(house, conversation_id) == ("waiting", "agent_silent")


async def test_a_vanished_agents_customer_is_at_the_head_within_a_minute(house: House, people: People) -> None:
    group = await people.group("auto")
    gone, boss = await people.agent(group, capacity=1), await people.agent(role="supervisor")
    _, first = await people.waiting_customer(group["name"])
    await gone.client.until("assigned")
    _, important = await waits(people, group, "vip", "strategic")

    await gone.client.close()
    await house.restart()
    boss = await people.seat(boss.staff)
    await house.pass_time(50)

    assert await state(house, first) == ("waiting", "agent_lost")
    assert (await line(boss))[:2] == [first, important]
    alert = await boss.client.until("alert", lambda alert: alert["kind"] == "agent_lost")
    assert alert["conversation_id"] == first


async def test_only_the_chats_of_who_vanished_go_to_the_head_of_the_line(house: House, people: People) -> None:
    group = await people.group("pick")
    lost, stays, back = [await people.agent(group, capacity=10) for _ in range(3)]
    chats = [await people.waiting_customer(group["name"]) for _ in range(4)]
    for seat, (_, conversation_id) in zip((lost, lost, stays, back), chats, strict=True):
        await seat.client.do("accept", conversation_id=conversation_id)
    patient, patient_id = await people.waiting_customer(group["name"])

    cut(lost.client)
    cut(back.client)
    await _left(house, lost)
    await _left(house, back)
    await people.seat(back.staff)
    await house.pass_time(50)

    for customer, _ in chats[:2]:
        again = await customer.until("event", lambda e: e.get("reason") == "agent_lost")
        assert again["state"] == "waiting"
    assert await line(stays) == [*sorted(chat[1] for chat in chats[:2]), patient_id]
    for customer, conversation_id in chats[2:]:  # who stayed or came back in time keeps theirs
        page = await customer.ask("sync", conversation_id=conversation_id, after_seq=0)
        assert page["state"] == "human"
    said = await chats[0][0].say(KNOWN)
    await stays.client.do("accept", conversation_id=chats[0][1])
    page = await stays.client.ask("sync", conversation_id=chats[0][1], after_seq=0, after_note_seq=0)
    assert said["id"] in [event.get("id") for event in page["events"]]
    assert patient.connected


async def test_who_comes_back_after_a_long_time_is_not_online_any_more(house: House, people: People) -> None:
    gone, blinked = await people.agent(), await people.agent()
    await gone.client.ask("set_presence", status="away", reason="就餐")
    await gone.client.close()
    await _left(house, gone)
    await house.pass_time(50)
    await blinked.client.close()
    await _left(house, blinked)

    presences = [
        (await people.seat(seat.staff, online=False)).client.all("welcome")[0]["presence"] for seat in (gone, blinked)
    ]

    assert [(each["status"], each["accepting"], each["reason"]) for each in presences] == [
        ("offline", False, None),
        ("online", True, None),
    ]


async def _left(house: House, seat: Seat) -> None:
    """Returns once it is known that their page is gone."""

    async def is_known() -> bool:
        rows = await house.rows("select left_at from presence where account_id = $1::uuid", seat.id)
        return rows[0]["left_at"] is not None

    await in_time(is_known)


async def test_who_lets_three_offers_run_out_is_away_until_they_are_back(open_house: OpenHouse) -> None:
    house = await open_house(ROUTING__ASSIGNMENT="offer", ROUTING__AWAY_AFTER_MISSED_OFFERS="3")
    async with people_of(house) as people:
        group = await people.group(None)
        seat, boss = await people.agent(group), await people.agent(role="supervisor")
        _, conversation_id = await people.waiting_customer(group["name"])

        async def is_offered() -> bool:
            rows = await house.rows("select offered_to from conversations where id = $1::uuid", conversation_id)
            return rows[0]["offered_to"] is not None

        for missed in range(3):
            assert await is_offered(), missed
            await house.pass_time(31)  # it runs out, and rests, since nobody else is there
            await house.pass_time(31)
        away = await seat.client.until("presence", lambda presence: presence["status"] == "away")
        assert (away["agent_id"], away["reason"], away["accepting"]) == (seat.id, "missed_offers", False)
        alert = await boss.client.until("alert", lambda alert: alert["kind"] == "agent_away")
        assert alert["owner"] == seat.id
        assert not await is_offered()

        await seat.client.ask("set_presence", status="online")
        await house.pass_time(31)
        assert await is_offered()
        await seat.client.do("decline", conversation_id=conversation_id)
        rows = await house.rows("select missed_offers from presence where account_id = $1::uuid", seat.id)
        assert rows[0]["missed_offers"] == 0


async def test_an_offer_goes_on_to_the_next_one_when_it_runs_out(open_house: OpenHouse) -> None:
    house = await open_house(ROUTING__ASSIGNMENT="offer")
    async with people_of(house) as people:
        group = await people.group(None)
        seats = [await people.agent(group), await people.agent(group)]
        _, conversation_id = await people.waiting_customer(group["name"])
        await house.pass_time(31)
        await house.restart()
        seats = [await people.seat(seat.staff) for seat in seats]
        rows = await house.rows(
            "select offered_to, declined_by from conversations where id = $1::uuid", conversation_id
        )
        assert {str(rows[0]["offered_to"]), *map(str, rows[0]["declined_by"])} == {seat.id for seat in seats}

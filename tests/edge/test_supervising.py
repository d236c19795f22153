"""What supervisors do on the floor: see it, take over, whisper, reassign, set somebody away, hand a whole list over."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.acceptance.people import KNOWN, People
from tests.edge.floor import new_id, owner, refusal, state, waits
from tests.edge.house import House


async def test_nobody_pushes_takes_over_or_whispers_but_supervisors(people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    for event in ("push", "take_over"):
        assert (await refusal(seat, event, conversation_id=conversation_id))["code"] == "forbidden"
    whisper = await refusal(seat, "add_note", conversation_id=conversation_id, text="密语：悄悄话", whisper=True)
    assert whisper["code"] == "forbidden"


async def test_a_supervisor_takes_over_at_once_and_the_agent_is_told(house: House, people: People) -> None:
    group = await people.group("auto")
    seat, boss = await people.agent(group), await people.agent(role="supervisor", capacity=1, online=False)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")

    wish = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    first = await boss.client.call("take_over", wish)
    assert (first["ok"], await owner(house, conversation_id)) == (True, boss.id)
    assert await boss.client.call("take_over", wish) == first
    assert (await seat.client.until("unassigned"))["reason"] == "taken_over"
    assert (await boss.client.until("assigned"))["conversation_id"] == conversation_id
    joined = await customer.until("event", lambda event: (event.get("agent") or {}).get("id") == boss.id)
    assert joined["state"] == "human"
    assert (await refusal(seat, "send_message", conversation_id=conversation_id, text="您好"))["code"] == "conflict"

    _, waiting = await people.waiting_customer(group["name"])
    assert (await refusal(boss, "take_over", conversation_id=waiting))["details"] == {"capacity": 1, "load": 1}
    audited = await house.rows("select subject_id from audit where action = 'conversation.taken_over'")
    assert [row["subject_id"] for row in audited] == [conversation_id]


async def test_a_supervisor_takes_over_from_the_bot_in_one_step_for_everybody(house: House, people: People) -> None:
    boss = await people.agent(role="supervisor", capacity=1, online=False)
    customer = await people.customer(identity=people.identity("vip", tier="strategic"))
    asked = await customer.say(KNOWN)
    await customer.answer_to(asked)
    conversation_id = asked["conversation_id"]
    before = (await house.rows("select version from conversations where id = $1::uuid", conversation_id))[0]["version"]

    wish = {"client_id": str(uuid4()), "conversation_id": conversation_id}
    first = await boss.client.call("take_over", wish)
    assert (first["ok"], await owner(house, conversation_id)) == (True, boss.id)
    assert await boss.client.call("take_over", wish) == first
    row = (await house.rows("select * from conversations where id = $1::uuid", conversation_id))[0]
    assert (row["state"], row["version"], row["tier"], row["rank_at"]) == ("human", before + 2, "strategic", None)
    moved = await house.rows("select body ->> 'state' as state from events where kind = 'state' order by seq")
    assert [each["state"] for each in moved] == ["waiting", "human"]
    assert (await boss.client.until("assigned"))["conversation_id"] == conversation_id
    assert (await customer.state("human"))["agent"]["id"] == boss.id
    clocks = await house.rows("select kind from clocks where subject_id = $1::uuid order by kind", conversation_id)
    assert [clock["kind"] for clock in clocks] == ["first_reply", "resolution"]

    said = await customer.say(KNOWN)
    await house.pass_time(60)
    replies = "select count(*) as n from events where actor_kind = 'bot' and reply_to_seq = $1::integer"
    assert (await house.rows(replies, said["seq"]))[0]["n"] == 0

    other = await people.customer()
    full = await refusal(boss, "take_over", conversation_id=(await other.say(KNOWN))["conversation_id"])
    assert full["details"] == {"capacity": 1, "load": 1}


async def test_a_whisper_reaches_the_owner_and_supervisors_and_nobody_else(house: House, people: People) -> None:
    group = await people.group("auto")
    seat, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")
    colleague = await people.agent(group)
    for watcher in (colleague, boss):
        await watcher.client.ask("watch", conversation_id=conversation_id)

    await boss.client.do("add_note", conversation_id=conversation_id, text="密语：先道歉再解释", whisper=True)
    for hears in (seat, boss):
        note = await hears.client.until("note", lambda note: note["kind"] == "whisper")
        assert note["text"] == "密语：先道歉再解释"
    empty = await colleague.client.until("note", lambda note: note["kind"] == "whisper")
    assert (empty["text"], empty["note_seq"]) == ("", note["note_seq"])

    await house.restart()
    seat, colleague = await people.seat(seat.staff), await people.seat(colleague.staff)
    cursor = {"conversation_id": conversation_id, "after_seq": 0, "after_note_seq": 0}
    own, other = await seat.client.ask("sync", **cursor), await colleague.client.ask("sync", **cursor)
    assert [note["text"] for note in own["notes"]] == ["密语：先道歉再解释"]
    assert [note["text"] for note in other["notes"]] == [""]
    detail = await people.api("GET", f"/conversations/{conversation_id}", token=await people.token(colleague.staff))
    assert [note["text"] for note in detail["notes"]] == [""]
    assert "先道歉" not in str(customer.received)


async def test_a_supervisor_reassigns_what_others_own_and_what_waits(house: House, people: People) -> None:
    group = await people.group("pick")
    giver, taker = await people.agent(group), await people.agent(group)
    boss = await people.agent(role="supervisor")
    _, owned = await people.waiting_customer(group["name"])
    await giver.client.do("accept", conversation_id=owned)
    _, waiting = await people.waiting_customer(group["name"])

    for conversation_id in (owned, waiting):
        await boss.client.do("transfer", conversation_id=conversation_id, to={"agent_id": taker.id}, note="密语：请接")
        assert await owner(house, conversation_id) == taker.id
    assert (await refusal(giver, "transfer", conversation_id=waiting, to={"agent_id": giver.id}))["code"] == "conflict"

    other = await people.group("pick")
    _, moved = await people.waiting_customer(group["name"])
    await boss.client.do("transfer", conversation_id=moved, to={"group_id": other["id"]})
    rows = await house.rows("select group_id, state from conversations where id = $1::uuid", moved)
    assert (str(rows[0]["group_id"]), rows[0]["state"]) == (other["id"], "waiting")


async def test_who_is_named_by_a_colleague_gets_it_once_they_have_room(house: House, people: People) -> None:
    group, far = await people.group("auto"), await people.group("auto")
    giver, named = await people.agent(group), await people.agent(far, capacity=1)
    _, filler = await people.waiting_customer(far["name"])
    await named.client.until("assigned")
    _, conversation_id = await people.waiting_customer(group["name"])
    await giver.client.until("assigned")

    answer = await giver.client.do("transfer", conversation_id=conversation_id, to={"agent_id": named.id})
    assert (answer["state"], await owner(house, conversation_id)) == ("waiting", None)
    await house.pass_time(200)
    await named.client.do("close", conversation_id=filler, resolved=True)
    assert await owner(house, conversation_id) == named.id


async def test_going_offline_hands_the_whole_list_over_with_notes(house: House, people: People) -> None:
    group, other = await people.group("pick"), await people.group("pick")
    leaver, taker = await people.agent(group), await people.agent(group, capacity=1)
    conversations = []
    for _ in range(3):
        _, conversation_id = await people.waiting_customer(group["name"])
        await leaver.client.do("accept", conversation_id=conversation_id)
        conversations.append(conversation_id)
    items = [
        {"conversation_id": conversations[0], "to": {"agent_id": taker.id}, "note": "密语：第一个"},
        {"conversation_id": conversations[1], "to": {"group_id": other["id"]}, "note": "密语：第二个"},
        {"conversation_id": conversations[2], "to": {"agent_id": str(uuid4())}},
    ]
    wish = {"client_id": new_id(), "items": items}
    first = await leaver.client.call("transfer_all", wish)

    results = {result["conversation_id"]: result for result in first["results"]}
    assert results[conversations[0]] == {"conversation_id": conversations[0], "ok": True, "state": "human"}
    assert results[conversations[1]]["state"] == "waiting"
    assert results[conversations[2]] == {"conversation_id": conversations[2], "ok": False, "code": "not_found"}
    assert [await owner(house, each) for each in conversations] == [taker.id, None, leaver.id]
    notes = await house.rows("select text from notes where kind = 'note' order by text")
    assert [row["text"] for row in notes] == ["密语：第一个", "密语：第二个"]

    again = await leaver.client.call("transfer_all", wish)
    assert [result["ok"] for result in again["results"]] == [True, True, False]
    assert len(await house.rows("select text from notes where kind = 'note'")) == 2


async def test_back_to_the_bot_only_with_the_customers_yes(house: House, people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")

    answer = await seat.client.do("transfer", conversation_id=conversation_id, to="bot", note="密语：只剩常见问题")
    assert answer["state"] == "human"
    asked = await customer.until("event", lambda event: event["kind"] == "message" and event.get("options"))
    assert asked["actor"]["kind"] == "system"
    yes, no = [option["id"] for option in asked["options"]]

    await customer.do("send_message", text="同意", option_id=f"to-bot:{uuid4()}")  # made up
    await customer.do("send_message", text="继续人工", option_id=no)
    await customer.do("send_message", text="同意", option_id=yes)  # too late: it was answered
    assert await state(house, conversation_id) == ("human", "assigned")

    await seat.client.do("transfer", conversation_id=conversation_id, to="bot")
    asked = await customer.until(
        "event", lambda event: event.get("options") and event["options"][0]["id"] not in (yes, no)
    )
    await house.restart()
    back = await people.customer(visitor=customer.all("welcome")[0]["visitor"])
    await back.do("send_message", text="同意", option_id=asked["options"][0]["id"])
    assert await state(house, conversation_id) == ("bot", "transferred")
    await house.pass_time(5)
    events = (await back.ask("sync", conversation_id=conversation_id, after_seq=asked["seq"]))["events"]
    assert [(event["kind"], event["actor"]["kind"]) for event in events] == [
        ("message", "customer"),
        ("state", "customer"),
        ("message", "bot"),
    ]


async def test_a_supervisor_sees_the_floor_and_sets_somebody_away(house: House, people: People) -> None:
    group = await people.group("auto")
    seat, boss = await people.agent(group, capacity=1), await people.agent(role="supervisor")
    customer, held = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")
    _, waiting = await waits(people, group, "floor", "enterprise")
    await customer.say("在吗")
    await house.pass_time(100)
    until = house.clock.now() + timedelta(hours=1)
    await seat.client.do("hold", conversation_id=held, until=until.isoformat())

    token = await people.token(boss.staff)
    floor = await people.api("GET", "/supervision", token=token)
    mine = next(one for one in floor["groups"] if one["id"] == group["id"])
    assert (mine["waiting"], mine["agents"], mine["free"]) == (1, 1, 0)
    assert [item["conversation_id"] for item in mine["line"]] == [waiting]
    assert mine["line"][0]["explanation"][0]["label"] == "企业版客户 +600 秒"
    agent = next(one for one in floor["agents"] if one["id"] == seat.id)
    assert (agent["status"], agent["load"], agent["capacity"], agent["unanswered"]) == ("online", 1, 1, 1)
    owed = floor["unanswered"][0]
    assert (owed["conversation_id"], owed["owner"]) == (held, seat.id)
    assert owed["held_until"][:19] == until.isoformat()[:19]

    changed = await people.api(
        "PATCH", f"/agents/{seat.id}/presence", {"status": "away", "reason": "meal"}, token=token
    )
    assert changed["status"] == "away"
    for told in (seat, boss):
        news = await told.client.until("presence", lambda news: news["status"] == "away")
        assert (news["agent_id"], news["reason"]) == (seat.id, "meal")
    assert (await house.rows("select subject_id from audit where action = 'presence.set'"))[0]["subject_id"] == seat.id
    with pytest.raises(AssertionError, match="forbidden"):
        await people.api("GET", "/supervision", token=await people.token(seat.staff))

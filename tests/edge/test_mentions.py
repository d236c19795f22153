"""An @ in a note calls colleagues and groups, who hear once if they may see it; what the customer has read is told."""

from __future__ import annotations

from uuid import uuid4

from tests.acceptance.people import People
from tests.edge.floor import refusal
from tests.edge.house import House


async def test_who_is_mentioned_hears_at_once_or_is_written_to(house: House, people: People) -> None:
    group = await people.group("pick")
    seat, colleague = await people.agent(group), await people.agent(group)
    away = await people.staff(group)
    customer, conversation_id = await people.waiting_customer(group["name"])

    called = [colleague.id, away.id, seat.id]
    wish = {
        "client_id": str(uuid4()),
        "conversation_id": conversation_id,
        "text": "密语：@同事 看一下权限",
        "mentions": called,
    }
    first = await seat.client.call("add_note", wish)
    assert first["ok"], first
    heard = await colleague.client.until("alert", lambda alert: alert["kind"] == "mentioned")
    assert heard["conversation_id"] == conversation_id
    assert heard["text"] == f"{seat.staff.name}：密语：@同事 看一下权限"

    assert await seat.client.call("add_note", wish) == first
    await seat.client.do("add_note", conversation_id=conversation_id, text="密语：全组", mentions=[group["id"]])
    await colleague.client.until("alert", lambda alert: alert["text"].endswith("全组"))
    assert [alert["text"][-2:] for alert in colleague.client.all("alert")] == ["权限", "全组"]
    assert [alert for alert in seat.client.all("alert") if alert["kind"] == "mentioned"] == []
    letters = await house.rows("select recipient_id from notices where kind = 'mentioned'")
    assert [str(row["recipient_id"]) for row in letters] == [away.id, away.id]
    page = await colleague.client.ask("sync", conversation_id=conversation_id, after_seq=0, after_note_seq=0)
    assert [note["mentions"] for note in page["notes"] if note["kind"] == "note"] == [called, [group["id"]]]
    assert "密语" not in str(customer.received)


async def test_nobody_is_called_to_what_they_may_not_see(people: People) -> None:
    group, other = await people.group("pick"), await people.group("pick")
    seat, stranger = await people.agent(group), await people.agent(other)
    boss = await people.agent(role="supervisor")
    _, conversation_id = await people.waiting_customer(group["name"])

    many = [str(uuid4()) for _ in range(21)]
    assert (await refusal(seat, "add_note", conversation_id=conversation_id, text="密语", mentions=many))[
        "code"
    ] == "invalid"

    for called in (stranger.id, other["id"], str(uuid4())):  # the note is kept all the same
        wish = {"conversation_id": conversation_id, "text": "密语：请看", "mentions": [boss.id, called]}
        await seat.client.do("add_note", **wish)
    for _ in range(3):
        await boss.client.until("alert", lambda alert: alert["kind"] == "mentioned")
    assert stranger.client.all("alert") == []


async def test_agents_are_told_how_far_the_customer_has_read(people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.until("assigned")
    said = await seat.client.do("send_message", conversation_id=conversation_id, text="您好，请说")
    await customer.ask("read", conversation_id=conversation_id, seq=said["seq"])
    told = await seat.client.until("read")
    assert told == {"conversation_id": conversation_id, "seq": said["seq"]}
    again = await people.seat(seat.staff)
    welcome = await again.client.until("welcome")
    row = next(one for one in welcome["conversations"] if one["id"] == conversation_id)
    assert row["customer_read_seq"] == said["seq"]

"""An answer that needs no encoding is stored in its question's own transaction; whatever comes between, in its own."""

from __future__ import annotations

import asyncio

from tests.acceptance.harness import QUESTIONS
from tests.acceptance.people import KNOWN, People
from tests.clients import ChatClient
from tests.edge.house import House


async def _answered(customer: ChatClient, text: str) -> int:
    """The place of the question."""
    ack = await customer.say(text)
    answer = await customer.answer_to(ack)
    assert answer["reply_to_seq"] == ack["seq"]
    return int(ack["seq"])


async def _transactions(house: House, conversation_id: str) -> list[str]:
    """Of each event in turn, the transaction that stored it."""
    rows = await house.rows(
        "select xmin::text as stored from events where conversation_id = $1::uuid order by seq", conversation_id
    )
    return [row["stored"] for row in rows]


async def test_a_question_that_was_asked_before_is_stored_with_its_answer(house: House, people: People) -> None:
    customer, other = await people.customer(), await people.customer()
    await _answered(other, KNOWN)
    conversation_id = (await customer.say(QUESTIONS[1]))["conversation_id"]
    await customer.until("event", lambda event: event["seq"] == 2)

    assert await _answered(customer, KNOWN) == 3

    stored = await _transactions(house, conversation_id)
    assert stored[2] == stored[3]
    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=2)
    assert [(event["actor"]["kind"], event.get("reply_to_seq")) for event in page["events"]] == [
        ("customer", None), ("bot", 3),
    ]  # fmt: skip


async def test_questions_on_each_others_heels_are_each_answered_once_and_in_order(house: House, people: People) -> None:
    customer, other = await people.customer(), await people.customer()
    page = await people.customer(visitor=customer.all("welcome")[0]["visitor"])
    for text in QUESTIONS[1:5]:
        await _answered(other, text)
    conversation_id = (await customer.say(QUESTIONS[0]))["conversation_id"]
    await customer.until("event", lambda event: event["seq"] == 2)

    said = await asyncio.gather(
        *(each.say(text) for text, each in zip(QUESTIONS[1:5], (customer, page) * 2, strict=True))
    )
    last = max(said, key=lambda ack: ack["seq"])
    await customer.answer_to(last)

    events = (await customer.ask("sync", conversation_id=conversation_id, after_seq=2))["events"]
    answered = [event["reply_to_seq"] for event in events if event["actor"]["kind"] == "bot"]
    assert answered == sorted(set(answered))
    assert answered[-1] == last["seq"]
    assert [event["seq"] for event in events] == list(range(3, 3 + len(events)))


async def test_a_repeated_send_gets_the_first_answer_and_stores_nothing(people: People) -> None:
    customer = await people.customer()
    await _answered(customer, KNOWN)
    again = {"client_id": "00000000-0000-4000-8000-000000000001", "text": KNOWN}
    first = await customer.call("send_message", again)

    assert await customer.call("send_message", again) == first

    synced = await customer.ask("sync", conversation_id=first["conversation_id"], after_seq=0)
    assert synced["last_seq"] == 4

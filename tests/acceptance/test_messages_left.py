"""A message left: in the log and under its number at once, in every state, and no question is forgotten over it."""

from __future__ import annotations

import asyncio

import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.people import KNOWN, People, people_of

_CONTACT = {"phone": "13800138000"}


async def test_whoever_has_the_conversation_sees_the_message_and_its_number(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    await seat.client.do("accept", conversation_id=conversation_id)
    before = (await customer.state("human"))["seq"]

    ack = await customer.do("leave_message", text="我先去开会，请回电", contact=_CONTACT)

    said = await seat.client.until("event", lambda event: event.get("text") == "我先去开会，请回电")
    assert said["seq"] == before + 1
    ticket = await seat.client.until("event", lambda event: event["kind"] == "ticket")
    assert (ticket["number"], ticket["seq"]) == (ack["ticket"], before + 2)
    page = await customer.ask("sync", conversation_id=conversation_id, after_seq=before)
    assert [event["kind"] for event in page["events"]] == ["message", "ticket"]  # the bot is silent
    assert page["state"] == "human"


async def test_a_question_asked_before_still_gets_its_answer(people: People) -> None:
    customer = await people.customer()
    asked = await customer.say("我想问下")  # the bot waits for the rest
    target = {"conversation_id": asked["conversation_id"]}

    await customer.do("leave_message", text="请回电", contact=_CONTACT)

    answer = await customer.until("event", lambda event: event.get("reply_to_seq") == asked["seq"])
    assert answer["actor"]["kind"] == "bot"
    again = await customer.say(KNOWN)
    assert (await customer.answer_to(again))["sources"]
    page = await customer.ask("sync", **target, after_seq=0)
    replies = [event["reply_to_seq"] for event in page["events"] if event["actor"]["kind"] == "bot"]
    assert sorted(replies) == [1, 2, again["seq"]]


@pytest.mark.slow
async def test_a_crash_right_after_it_forgets_neither_the_message_nor_the_question(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        before = await people.customer()
        visitor = before.all("welcome")[0]["visitor"]
        asked = await before.say("我想问下")  # the bot waits for the rest
        ack = await before.do("leave_message", text="请回电", contact=_CONTACT)

        await program.killed_and_started()

        customer = await people.customer(visitor=visitor)
        target = {"conversation_id": asked["conversation_id"]}
        async with asyncio.timeout(20):
            while customer.all("welcome")[-1]["conversation"]["answered_seq"] < asked["seq"]:
                await asyncio.sleep(0.2)
                customer = await people.customer(visitor=visitor)
        page = await customer.ask("sync", **target, after_seq=0)
        assert [event["number"] for event in page["events"] if event["kind"] == "ticket"] == [ack["ticket"]]
        replies = [event["reply_to_seq"] for event in page["events"] if event["actor"]["kind"] == "bot"]
        assert sorted(replies) == [asked["seq"], asked["seq"] + 1]


async def test_numbers_of_one_day_have_no_gaps(people: People) -> None:
    customers = [await people.customer() for _ in range(6)]

    acks = await asyncio.gather(
        *(customer.do("leave_message", text="请回电", contact=_CONTACT) for customer in customers)
    )

    numbers = sorted(int(ack["ticket"].rsplit("-", 1)[1]) for ack in acks)
    assert numbers == list(range(numbers[0], numbers[0] + 6))

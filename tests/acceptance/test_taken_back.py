"""What was taken back is gone everywhere, and a rating counts once."""

from __future__ import annotations

from uuid import uuid4

from tests.acceptance.people import KNOWN, People

_SECRET = "我的密码是 hunter2"


async def test_agents_never_read_what_was_taken_back_before_they_came(people: People) -> None:
    group = await people.group()
    seat = await people.agent(group)
    customer = await people.customer()
    said = await customer.say(_SECRET)
    await customer.answer_to(said)
    await customer.do("recall", conversation_id=said["conversation_id"], seq=said["seq"])
    await customer.do("request_human", topic=group["name"])

    line = await seat.client.ask("waiting_line")
    assert [item["conversation_id"] for item in line["items"]] == [said["conversation_id"]]
    await seat.client.do("accept", conversation_id=said["conversation_id"])
    await seat.client.ask("sync", conversation_id=said["conversation_id"], after_seq=0, after_note_seq=0)
    everything = repr((seat.client.received, seat.client.acknowledged))
    assert "hunter2" not in everything


async def test_a_question_taken_back_while_it_was_being_waited_for_gets_no_answer(people: People) -> None:
    customer = await people.customer()
    fragment = await customer.say("甘特图")  # unfinished: the bot waits for more
    await customer.do("recall", conversation_id=fragment["conversation_id"], seq=fragment["seq"])
    next_one = await customer.say(KNOWN)
    answer = await customer.answer_to(next_one)
    assert answer["reply_to_seq"] == next_one["seq"]
    synced = await customer.ask("sync", conversation_id=fragment["conversation_id"], after_seq=0)
    answered = [event.get("reply_to_seq") for event in synced["events"] if event["actor"]["kind"] == "bot"]
    assert answered == [next_one["seq"]]


async def test_saying_twice_that_one_answer_did_not_help_counts_once(people: People) -> None:
    customer = await people.customer()
    said = await customer.say(KNOWN)
    answer = await customer.answer_to(said)
    for _ in range(3):
        rating = {"client_id": str(uuid4()), "conversation_id": said["conversation_id"], "seq": answer["seq"]}
        assert (await customer.call("rate_answer", {**rating, "helpful": False}))["ok"]
    synced = await customer.ask("sync", conversation_id=said["conversation_id"], after_seq=0)
    assert synced["state"] == "bot"

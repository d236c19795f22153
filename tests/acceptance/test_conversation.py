"""A customer talks: the bot answers, asks back or fetches a human; one open conversation, taken back, rated."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.people import ALSO_UNKNOWN, AMBIGUOUS, KNOWN, KNOWN_TITLE, UNKNOWN, People, refusal_of


async def test_a_known_question_is_answered_with_its_source_and_without_any_confidence(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)

    answer = await customer.answer_to(ack)

    assert set(ack) >= {"ok", "conversation_id", "seq", "id", "at"}
    assert ack["seq"] == 1
    assert answer["reply_to_seq"] == 1
    assert answer["seq"] == 2
    assert answer["text"].startswith("打开甘特图")
    assert answer["sources"] == [{"article_id": "gantt-image", "title": KNOWN_TITLE}]
    assert "confidence" not in answer
    own = customer.events(ack["conversation_id"])[0]
    assert own["id"] == ack["id"]
    assert own["text"] == KNOWN
    assert own["actor"]["kind"] == "customer"


async def test_an_unclear_question_brings_options_and_the_chosen_one_is_answered(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(AMBIGUOUS)
    question = await customer.answer_to(ack)
    option = next(each for each in question["options"] if each["id"] == "gantt-pdf")

    chosen = await customer.say(option["label"], conversation_id=ack["conversation_id"], option_id=option["id"])

    answer = await customer.answer_to(chosen)
    assert answer["reply_to_seq"] == chosen["seq"]
    assert [source["article_id"] for source in answer["sources"]] == ["gantt-pdf"]


async def test_an_option_that_was_never_offered_is_not_believed(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(AMBIGUOUS)
    await customer.answer_to(ack)

    chosen = await customer.say(UNKNOWN, option_id="roles")

    answer = await customer.answer_to(chosen)
    assert "roles" not in [source["article_id"] for source in answer["sources"]]


async def test_two_misses_fetch_a_human_and_the_reason_stays_inside(people: People) -> None:
    customer = await people.customer()
    first = await customer.say(UNKNOWN)
    asked_back = await customer.answer_to(first)
    assert asked_back["options"] == []

    second = await customer.say(ALSO_UNKNOWN)

    waiting = await customer.state("waiting")
    assert "reason" not in waiting
    handed = await customer.answer_to(second)
    assert handed["reply_to_seq"] == second["seq"]
    assert handed["seq"] < waiting["seq"]


@pytest.mark.parametrize("words", ["转人工", "我要找真人客服", "talk to a human please"])
async def test_the_wish_for_a_human_is_obeyed_the_first_time(people: People, words: str) -> None:
    customer = await people.customer()
    await customer.say(words)

    assert (await customer.state("waiting"))["state"] == "waiting"


async def test_fragments_are_one_question_with_one_answer(people: People) -> None:
    customer = await people.customer()
    for words in ("在吗", "我想问下", KNOWN):
        last = await customer.say(words)

    answer = await customer.answer_to(last)

    assert answer["reply_to_seq"] == last["seq"]
    bot = [event for event in customer.events(last["conversation_id"]) if event["actor"]["kind"] == "bot"]
    assert len(bot) == 1
    assert [source["article_id"] for source in answer["sources"]] == ["gantt-image"]


async def test_questions_are_answered_in_their_order(people: People) -> None:
    customer = await people.customer()
    acks = [await customer.say(text) for text in (KNOWN, "忘记登录密码怎么办", "怎么申请开具发票")]

    await customer.answer_to(acks[-1])

    log = customer.events(acks[0]["conversation_id"])
    replies = [event["reply_to_seq"] for event in log if event["actor"]["kind"] == "bot"]
    assert replies == sorted(set(replies))
    assert replies[-1] == acks[-1]["seq"]


async def test_what_one_page_sends_without_waiting_stands_in_its_order(people: People) -> None:
    customer = await people.customer()

    acks = await asyncio.gather(*(customer.say(f"第 {n} 句，还没有说完的话") for n in range(30)))

    seqs = [ack["seq"] for ack in acks]
    assert seqs == sorted(set(seqs))


async def test_a_customer_has_one_open_conversation_however_many_pages_begin_one(people: People) -> None:
    first = await people.customer()
    visitor = first.all("welcome")[0]["visitor"]
    pages = [first, *[await people.customer(visitor=visitor) for _ in range(4)]]

    acks = await asyncio.gather(*(page.say(KNOWN) for page in pages))

    assert len({ack["conversation_id"] for ack in acks}) == 1
    assert sorted(ack["seq"] for ack in acks) == sorted({ack["seq"] for ack in acks})


async def test_every_page_of_a_customer_sees_what_the_others_say(people: People) -> None:
    first = await people.customer()
    second = await people.customer(visitor=first.all("welcome")[0]["visitor"])

    ack = await first.say(KNOWN)

    assert (await second.until("event", lambda event: event["id"] == ack["id"]))["text"] == KNOWN
    assert (await second.answer_to(ack))["sources"]


async def test_a_reconnecting_page_finds_its_conversation(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)
    visitor = customer.all("welcome")[0]["visitor"]
    await customer.close()

    back = await people.customer(visitor=visitor)

    welcome = back.all("welcome")[0]
    assert welcome["conversation"] == {
        "id": ack["conversation_id"],
        "state": "bot",
        "last_seq": 2,
        "answered_seq": 1,
    }


async def test_after_the_close_a_new_message_opens_a_conversation_linked_to_the_old_one(people: People) -> None:
    customer = await people.customer()
    old = await customer.say(KNOWN)
    await customer.answer_to(old)
    await customer.do("close", conversation_id=old["conversation_id"])
    closed = await customer.state("closed")
    assert closed["reason"] == "left"

    new = await customer.say(KNOWN, conversation_id=old["conversation_id"])

    assert new["conversation_id"] != old["conversation_id"]
    assert new["seq"] == 1
    threads = (await customer.ask("threads"))["conversations"]
    assert [thread["id"] for thread in threads] == [new["conversation_id"], old["conversation_id"]]
    assert threads[0]["previous_id"] == old["conversation_id"]
    assert threads[1]["state"] == "closed"
    assert "previous_id" not in threads[1]


async def test_closing_twice_is_no_error_and_one_event(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)
    await customer.do("close", conversation_id=ack["conversation_id"])

    await customer.do("close", conversation_id=ack["conversation_id"])

    page = await customer.ask("sync", conversation_id=ack["conversation_id"], after_seq=0)
    assert [event["kind"] for event in page["events"]] == ["message", "message", "state"]


async def test_a_message_taken_back_is_gone_from_the_log(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)

    await customer.do("recall", conversation_id=ack["conversation_id"], seq=ack["seq"])

    redact = await customer.until("event", lambda event: event["kind"] == "redact")
    assert redact["target_seq"] == ack["seq"]
    page = await customer.ask("sync", conversation_id=ack["conversation_id"], after_seq=0)
    assert page["events"][0]["seq"] == ack["seq"]
    assert not page["events"][0]["text"]
    assert page["events"][0]["redacted"] is True


async def test_only_ones_own_messages_can_be_taken_back(people: People) -> None:
    customer, stranger = await people.customer(), await people.customer()
    ack = await customer.say(KNOWN)
    answer = await customer.answer_to(ack)
    target = {"client_id": str(uuid4()), "conversation_id": ack["conversation_id"]}

    assert (await refusal_of(customer, "recall", {**target, "seq": answer["seq"]}))["code"] == "forbidden"
    assert (await refusal_of(stranger, "recall", {**target, "seq": ack["seq"]}))["code"] == "not_found"
    assert (await refusal_of(customer, "recall", {**target, "seq": 99}))["code"] == "not_found"


async def test_an_answer_is_rated_and_the_second_one_without_help_fetches_a_human(people: People) -> None:
    customer = await people.customer()
    for text in (KNOWN, "忘记登录密码怎么办"):
        ack = await customer.say(text)
        answer = await customer.answer_to(ack)
        await customer.do(
            "rate_answer", conversation_id=ack["conversation_id"], seq=answer["seq"], helpful=False, comment="不对"
        )

    rated = await customer.until("event", lambda event: event["kind"] == "rating")
    assert rated["helpful"] is False
    assert rated["comment"] == "不对"
    await customer.state("waiting")


async def test_a_conversation_is_rated_within_its_limits(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.do("close", conversation_id=ack["conversation_id"])
    rating: dict[str, Any] = {"conversation_id": ack["conversation_id"]}

    await customer.do("rate_conversation", **rating, resolved=True, csat=5, nps=10, comment="很好")

    event = await customer.until("event", lambda event: event["kind"] == "rating")
    assert (event["csat"], event["resolved"], event["comment"]) == (5, True, "很好")
    for wrong in ({"csat": 0}, {"csat": 6}, {"nps": 11}, {"nps": -1}, {}):
        payload = {"client_id": str(uuid4()), **rating, **wrong}
        assert (await refusal_of(customer, "rate_conversation", payload))["code"] == "invalid"


async def test_typing_and_reading_have_their_effect_on_no_log(people: People) -> None:
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    await customer.answer_to(ack)

    await customer.tell("typing", {"conversation_id": ack["conversation_id"]})
    await customer.ask("read", conversation_id=ack["conversation_id"], seq=2)
    await customer.ask("read", conversation_id=ack["conversation_id"], seq=1_000)

    page = await customer.ask("sync", conversation_id=ack["conversation_id"], after_seq=0)
    assert page["last_seq"] == 2


async def test_a_message_left_gets_a_number_for_people_once(people: People) -> None:
    customer = await people.customer()
    payload = {"client_id": str(uuid4()), "text": "发票抬头写错了", "contact": {"phone": "138 0013 8000"}}

    ack = await customer.call("leave_message", payload)

    assert ack["ok"], ack
    assert ack["ticket"].startswith("GD20")
    assert ack["ticket"][10] == "-"
    assert await customer.call("leave_message", payload) == ack
    event = await customer.until("event", lambda event: event["kind"] == "ticket")
    assert event["number"] == ack["ticket"]


async def test_a_message_left_from_many_pages_at_once_is_one_ticket(people: People) -> None:
    first = await people.customer()
    visitor = first.all("welcome")[0]["visitor"]
    pages = [first, *[await people.customer(visitor=visitor) for _ in range(4)]]
    payload = {"client_id": str(uuid4()), "text": "请回电", "contact": {"phone": "13800138000"}}

    answers = await asyncio.gather(*(pages[n % 5].call("leave_message", payload) for n in range(20)))

    assert all(answer == answers[0] for answer in answers)
    event = await first.until("event", lambda event: event["kind"] == "ticket")
    page = await first.ask("sync", conversation_id=event["conversation_id"], after_seq=0)
    assert [event["kind"] for event in page["events"]].count("ticket") == 1


@pytest.mark.parametrize("contact", [{}, {"phone": "call me"}, {"email": "nobody"}, {"phone": " "}])
async def test_a_message_left_needs_a_contact_that_reaches_somebody(people: People, contact: dict[str, str]) -> None:
    customer = await people.customer()
    payload = {"client_id": str(uuid4()), "text": "发票抬头写错了", "contact": contact}

    assert (await refusal_of(customer, "leave_message", payload))["code"] == "invalid"

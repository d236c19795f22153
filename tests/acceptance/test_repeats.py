"""A client id is unique for its sender: whatever is sent again under it has the first answer and stores nothing."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.acceptance.people import KNOWN, People


async def test_the_same_client_id_gets_the_same_answer_and_stores_nothing(people: People) -> None:
    customer = await people.customer()
    client_id = str(uuid4())
    first = await customer.call("send_message", {"client_id": client_id, "text": KNOWN})

    again = await customer.call("send_message", {"client_id": client_id, "text": "忘记登录密码怎么办"})

    assert again == first
    await customer.answer_to(first)
    page = await customer.ask("sync", conversation_id=first["conversation_id"], after_seq=0)
    assert [event["text"] for event in page["events"] if event["actor"]["kind"] == "customer"] == [KNOWN]


async def test_the_same_client_id_gets_the_same_answer_whatever_the_body_is_now(people: People) -> None:
    customer = await people.customer()
    client_id = str(uuid4())
    first = await customer.call("send_message", {"client_id": client_id, "text": KNOWN})

    assert await customer.call("send_message", {"client_id": client_id, "text": ""}) == first
    assert await customer.call("send_message", {"client_id": client_id, "text": "长" * 6_000}) == first


async def test_the_same_client_id_of_two_customers_are_two_sends(people: People) -> None:
    one, other = await people.customer(), await people.customer()
    client_id = str(uuid4())

    first = await one.call("send_message", {"client_id": client_id, "text": KNOWN})
    second = await other.call("send_message", {"client_id": client_id, "text": KNOWN})

    assert first["ok"]
    assert second["ok"]
    assert first["conversation_id"] != second["conversation_id"]


async def test_a_send_repeated_after_the_close_is_the_same_send(people: People) -> None:
    """Committed, the acknowledgement lost, the conversation closed meanwhile: stored once."""
    customer = await people.customer()
    client_id = str(uuid4())
    first = await customer.call("send_message", {"client_id": client_id, "text": KNOWN})
    await customer.do("close", conversation_id=first["conversation_id"])

    with_id = {"client_id": client_id, "text": KNOWN, "conversation_id": first["conversation_id"]}
    assert await customer.call("send_message", with_id) == first
    assert await customer.call("send_message", {"client_id": client_id, "text": KNOWN}) == first

    threads = await customer.ask("threads")
    assert [thread["id"] for thread in threads["conversations"]] == [first["conversation_id"]]


async def test_fifty_sends_of_one_client_id_over_several_sockets_are_one_row(people: People) -> None:
    first = await people.customer()
    visitor = first.all("welcome")[0]["visitor"]
    pages = [first, *[await people.customer(visitor=visitor) for _ in range(4)]]
    payload = {"client_id": str(uuid4()), "text": KNOWN}

    answers = await asyncio.gather(*(pages[n % 5].call("send_message", payload) for n in range(50)))

    assert answers[0]["ok"]
    assert all(answer == answers[0] for answer in answers)
    await first.answer_to(answers[0])
    page = await first.ask("sync", conversation_id=answers[0]["conversation_id"], after_seq=0)
    assert [event["actor"]["kind"] for event in page["events"]] == ["customer", "bot"]

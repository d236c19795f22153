"""What a customer may not send: refused with a code, never stored, and no harm to anybody."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.acceptance.people import KNOWN, People, refusal_of

#: One code point that takes four bytes and two UTF-16 units.
_WIDE = "🙂"


async def test_a_text_of_five_thousand_characters_passes_and_one_more_is_too_large(people: People) -> None:
    customer = await people.customer()
    assert (await customer.say(_WIDE * 5_000))["ok"]

    refusal = await refusal_of(customer, "send_message", {"client_id": str(uuid4()), "text": _WIDE * 5_001})

    assert refusal["code"] == "too_large"


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", 7, None, ["甘特图"]])
async def test_a_message_without_words_is_invalid(people: People, text: object) -> None:
    customer = await people.customer()

    refusal = await refusal_of(customer, "send_message", {"client_id": str(uuid4()), "text": text})

    assert refusal["code"] == "invalid"


async def test_the_client_id_is_required_and_must_be_a_uuid(people: People) -> None:
    customer = await people.customer()

    for payload in ({"text": KNOWN}, {"client_id": "1", "text": KNOWN}, {"client_id": None, "text": KNOWN}):
        assert (await refusal_of(customer, "send_message", payload))["code"] == "invalid"


async def test_events_that_do_not_exist_are_invalid(people: People) -> None:
    customer = await people.customer()

    for event in ("launch", "handle_send_message", "trigger_event", "connect", "disconnect", "__init__", ""):
        assert (await refusal_of(customer, event, {}))["code"] == "invalid", event
    assert (await customer.say(KNOWN))["ok"]


@pytest.mark.parametrize("text", ["\ud800", "半个表情\ud83d", "\udc00\ud800"])
async def test_half_a_character_is_invalid_and_harms_nobody(people: People, text: str) -> None:
    customer = await people.customer()

    for event, payload in (
        ("send_message", {"text": text}),
        ("request_human", {"topic": text}),
        ("leave_message", {"text": "请回电", "contact": {"phone": text}}),
    ):
        refusal = await refusal_of(customer, event, {"client_id": str(uuid4()), **payload})
        assert refusal["code"] == "invalid", event
    assert (await customer.say(KNOWN))["ok"]


async def test_fields_that_the_server_does_not_know_are_ignored(people: People) -> None:
    customer = await people.customer()

    assert (await customer.say(KNOWN, mood="curious", nested={"deep": [1]}))["ok"]


async def test_a_conversation_of_somebody_else_is_not_found(people: People) -> None:
    owner, stranger = await people.customer(), await people.customer()
    ack = await owner.say(KNOWN)
    target = {"conversation_id": ack["conversation_id"]}
    storing = {"client_id": str(uuid4()), **target}

    for event, payload in (
        ("sync", {**target, "after_seq": 0}),
        ("read", {**target, "seq": 1}),
        ("close", storing),
        ("leave_queue", storing),
        ("send_message", {**storing, "text": KNOWN}),
        ("request_human", storing),
        ("rate_answer", {**storing, "seq": 2, "helpful": True}),
        ("rate_conversation", {**storing, "csat": 5}),
    ):
        assert (await refusal_of(stranger, event, payload))["code"] == "not_found", event

"""Deliveries: in order, again after failures, never lost by a restart; nobody waits for another's receiver."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from router.notifications.records import Address
from tests.integration.notifications.conftest import SECRET, OpenPost, mail_settings, sms_settings
from tests.integration.notifications.receivers import HttpReceiver, Mailbox

AT = "2026-11-24T02:00:00+00:00"
ONE, OTHER = "13800000001", "13800000002"


def phones(receiver: HttpReceiver) -> list[str]:
    return [json.loads(got.body)["phone"] for got in receiver.got]


def tickets(receiver: HttpReceiver, phone: str) -> list[str]:
    bodies = [json.loads(got.body) for got in receiver.got]
    return [body["params"]["ticket"] for body in bodies if body["phone"] == phone]


async def test_nothing_is_set_up_and_nothing_is_sent(open_post: OpenPost) -> None:
    post = open_post()
    await post.put("ticket_solved", Address(email="a@customer.test", phone=ONE), "k", ticket="GD1")
    await post.go()
    assert await post.states() == []
    assert await post.database.fetchval("select count(*) from notices where spread_at is not null") == 1


async def test_an_sms_is_signed_and_says_what_a_gateway_needs(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**sms_settings(receiver), chat_url="https://help.test/chat")
    await post.put("callback_booked", Address(phone=ONE), "k", at=AT, topic="发票")
    await post.go()

    (got,) = receiver.got
    signed = got.headers["x-yingda-timestamp"].encode() + b"." + got.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["x-yingda-signature"] == f"v1={expected}"
    body = json.loads(got.body)
    assert body["phone"] == ONE
    assert "11月24日（周二）10:00" in body["text"]
    assert "https://help.test/chat" in body["text"]
    assert (body["kind"], body["params"]["topic"]) == ("callback_booked", "发票")
    assert got.headers["idempotency-key"] == body["id"]
    assert await post.states() == ["sent"]


async def test_order_is_kept_for_a_recipient_and_nobody_else_waits(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**sms_settings(receiver), channels={"ticket_solved": ["sms"]})
    for number in range(3):
        await post.put("ticket_solved", Address(phone=ONE), f"one {number}", ticket=f"GD{number}")
    await post.put("ticket_solved", Address(phone=OTHER), "other", ticket="GD9")
    receiver.answers = [503]
    await post.go()
    assert tickets(receiver, ONE) == ["GD0"]  # it failed, and those behind it wait for it
    assert tickets(receiver, OTHER) == ["GD9"]
    assert await post.states() == ["failed", "pending", "pending", "sent"]

    await post.go(15)
    assert tickets(receiver, ONE) == ["GD0", "GD0", "GD1", "GD2"]
    assert await post.states() == ["sent"] * 4
    ids = [json.loads(got.body)["id"] for got in receiver.got if json.loads(got.body)["phone"] == ONE]
    assert ids[0] == ids[1]  # the same message, under the same id
    assert len(set(ids)) == 3


async def test_a_refused_message_is_a_dead_letter_and_the_next_one_goes(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    post = open_post(**sms_settings(receiver), channels={"ticket_solved": ["sms"]})
    receiver.answers = [422]
    for number in range(2):
        await post.put("ticket_solved", Address(phone=ONE), f"k {number}", ticket=f"GD{number}")
    await post.go()
    assert await post.states() == ["dead", "sent"]
    (row, _) = await post.deliveries()
    assert row["trouble"] == "the gateway answered 422"

    assert await post.office.deliveries.retry([row["id"]]) == 1
    await post.go()
    assert await post.states() == ["sent", "sent"]
    assert tickets(receiver, ONE) == ["GD0", "GD1", "GD0"]


async def test_what_fails_too_often_is_given_up_and_listed(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**sms_settings(receiver), channels={"ticket_solved": ["sms"]})
    receiver.usually = 500
    await post.put("ticket_solved", Address(phone=ONE), "k", ticket="GD1")
    for _ in range(12):
        await post.go(4000)
    assert await post.states() == ["dead"]
    assert 5 <= len(receiver.got) <= 9
    found, more = await post.office.deliveries.page(["dead"], None, None, 10)
    assert [(row["kind"], row["tries"]) for row in found] == [("ticket_solved", len(receiver.got))]
    assert not more


async def test_a_receiver_that_hangs_holds_up_no_other_channel(
    open_post: OpenPost, receiver: HttpReceiver, mailbox: Mailbox
) -> None:
    settings = sms_settings(receiver)
    settings["sms"]["timeout_seconds"] = 30
    post = open_post(
        **settings, mail=mail_settings(mailbox), channels={"ticket_solved": ["sms", "mail"]}, customers_hear="all"
    )
    receiver.usually = None
    for number in range(8):
        to = Address(email=f"c{number}@customer.test", phone=f"1380000000{number}")
        await post.put("ticket_solved", to, f"k {number}", ticket=f"GD{number}")
    await post.office.tick()
    await mailbox.until(8)
    assert 1 <= len(receiver.got) <= 4  # no more than so many hang at once
    receiver.usually = 200
    receiver.hanging.set()
    await post.office.courier.settle()
    await post.go()
    assert await post.states() == ["sent"] * 16


async def test_an_endpoint_that_is_down_is_left_alone_and_found_again(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    post = open_post(**sms_settings(receiver), channels={"ticket_solved": ["sms"]}, trouble_minutes=5)
    receiver.usually = 503
    for number in range(40):
        await post.put("ticket_solved", Address(phone=f"138000000{number:02}"), f"k {number}", ticket="GD1")
    await post.go()
    await post.go(1)
    tried = len(receiver.got)
    assert tried <= 8  # not forty times the same answer
    for _ in range(4):
        await post.go(1)
    assert len(receiver.got) == tried

    for _ in range(20):
        await post.go(30)
        await post.office.trouble.tick()
    alerts = [payload for event, payload in post.pages.heard if event == "alert"]
    assert len(alerts) == 1  # once an outage
    receiver.usually = 200
    for _ in range(30):
        await post.go(60)
    assert set(await post.states()) == {"sent"}
    assert len(set(phones(receiver))) == 40


async def test_a_killed_process_loses_nothing_and_a_second_one_doubles_nothing(
    open_post: OpenPost, receiver: HttpReceiver, dsn: str
) -> None:
    settings = sms_settings(receiver)
    settings["sms"]["timeout_seconds"] = 30
    settings["channels"] = {"ticket_solved": ["sms"]}
    living = open_post(**settings)
    for number in range(2):
        await living.put("ticket_solved", Address(phone=ONE), f"k {number}", ticket=f"GD{number}")
    receiver.usually = None
    program = [sys.executable, "-m", "tests.integration.notifications.sending", dsn, json.dumps(settings)]
    process = await asyncio.create_subprocess_exec(*program, cwd=Path(__file__).parents[3])
    await receiver.until(1, seconds=60)
    assert await living.states() == ["sending", "pending"]

    receiver.usually = 200
    await living.go()
    assert len(receiver.got) == 1  # it is on its way; nobody sends it a second time
    process.kill()
    await process.wait()
    await living.go(170)
    assert len(receiver.got) == 1
    await living.go(20)
    assert await living.states() == ["sent", "sent"]
    assert tickets(receiver, ONE) == ["GD0", "GD0", "GD1"]
    ids = [json.loads(got.body)["id"] for got in receiver.got]
    assert ids[0] == ids[1] != ids[2]


async def test_a_process_that_stops_gives_back_what_it_held(open_post: OpenPost, receiver: HttpReceiver) -> None:
    settings = sms_settings(receiver)
    settings["channels"] = {"ticket_solved": ["sms"]}
    async with AsyncExitStack() as stack:
        stopping = open_post(stack, **settings)
        await stopping.put("ticket_solved", Address(phone=ONE), "k", ticket="GD1")
        await stopping.office.tick()
    assert await stopping.states() in (["sent"], ["pending"])
    staying = open_post(**settings)
    await staying.go()
    assert await staying.states() == ["sent"]


async def test_two_processes_share_the_work(open_post: OpenPost, receiver: HttpReceiver) -> None:
    settings = sms_settings(receiver) | {"channels": {"ticket_solved": ["sms"]}}
    one, other = open_post(**settings), open_post(**settings)
    for number in range(60):
        await one.put("ticket_solved", Address(phone=f"138000000{number:02}"), f"k {number}", ticket="GD1")
    await asyncio.gather(*(post.go() for post in (one, other, one, other)))
    await asyncio.gather(one.go(), other.go())
    assert await one.states() == ["sent"] * 60
    assert len(phones(receiver)) == len(set(phones(receiver))) == 60


async def test_what_cannot_be_told_is_listed_and_told_once_mended(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**sms_settings(receiver))
    await post.put("callback_invented", Address(phone=ONE), "k", at=AT)
    await post.go()
    (row,) = await post.office.deliveries.untold(10)
    assert row["trouble"] == "there is no notice callback_invented"
    await post.database.execute("update notices set kind = 'callback_booked'")  # what a newer program knows
    assert await post.office.deliveries.retry([row["id"]]) == 1
    await post.go()
    assert phones(receiver) == [ONE]


async def test_a_missing_variable_is_a_dead_letter_that_says_so(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**sms_settings(receiver))
    await post.put("callback_booked", Address(phone=ONE), "k")
    await post.go()
    (row,) = await post.deliveries()
    assert (row["state"], row["trouble"]) == ("dead", "callback_booked lacks at")
    assert receiver.got == []


async def test_personal_data_is_sealed_emptied_and_never_logged(
    open_post: OpenPost, receiver: HttpReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="router")
    post = open_post(**sms_settings(receiver), kept_days=7, channels={"ticket_solved": ["sms"]})
    receiver.answers = [500]
    await post.put("ticket_solved", Address(phone=ONE), "k", ticket="GD1", title="林女士的发票")
    await post.go()
    await post.go(30)
    assert await post.states() == ["sent"]
    for table in ("notices", "deliveries", "delivery_endpoints"):
        for row in await post.database.fetch(f"select t::text as whole from {table} t"):
            assert ONE not in row["whole"]
            assert "林女士" not in row["whole"]
    assert ONE not in caplog.text
    assert "林女士" not in caplog.text

    post.clock.advance(6.9 * 86_400)
    await post.office.deliveries.empty()
    assert await post.database.fetchval("select count(*) from notices where sealed is not null") == 1
    post.clock.advance(0.2 * 86_400)
    await post.office.deliveries.empty()
    assert await post.database.fetchval("select count(*) from notices where sealed is not null") == 0
    assert await post.database.fetchval("select count(*) from deliveries where address_sealed is not null") == 0
    await post.put("ticket_solved", Address(phone=ONE), "k", ticket="GD1")
    await post.go()
    assert len(receiver.got) == 2  # its key is still known


async def test_no_sms_in_the_quiet_hours_unless_it_is_a_colleague_on_call(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    settings = sms_settings(receiver) | {"quiet_hours": "22:00-08:00", "channels": {"ticket_solved": ["sms"]}}
    post = open_post(**settings)
    post.clock.advance(13 * 3600)  # 23:00 in Shanghai
    await post.put("ticket_solved", Address(phone=ONE), "k", ticket="GD1")
    await post.go()
    assert receiver.got == []
    await post.go(9 * 3600 - 60)
    assert receiver.got == []
    await post.go(120)
    assert phones(receiver) == [ONE]

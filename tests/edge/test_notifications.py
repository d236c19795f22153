"""What leaves the house, as its receivers see it: replies to who went away, events for other systems, dead letters."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import aiohttp

from tests.acceptance.people import People, Seat, people_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House
from tests.integration.notifications.receivers import Got, HttpReceiver, Mailbox, http_receiver, smtp_server


def mail(mailbox: Mailbox) -> dict[str, str]:
    return {
        "NOTIFICATIONS__MAIL__HOST": "127.0.0.1",
        "NOTIFICATIONS__MAIL__PORT": str(mailbox.port),
        "NOTIFICATIONS__MAIL__SECURITY": "none",
        "NOTIFICATIONS__MAIL__SENDER": "support@desk.test",
        "NOTIFICATIONS__CHAT_URL": "https://help.test/chat",
    }


def sms(receiver: HttpReceiver) -> dict[str, str]:
    return {"NOTIFICATIONS__SMS__URL": f"{receiver.url}/sms", "NOTIFICATIONS__SMS_SECRET": "an SMS secret"}


async def leave(house: House, client: ChatClient, pages_left: int) -> None:
    """Closes the page and waits until the house has noticed."""
    await client.close()
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            text = await (await session.get(f"{house.url}/metrics")).text()
            if f'yingda_sockets{{namespace="chat"}} {float(pages_left)}' in text:
                return
            await asyncio.sleep(0.02)


async def served(people: People, sub: str) -> tuple[ChatClient, Seat, str]:
    """A signed-in customer with an address, whom an agent serves."""
    group = await people.group("auto")
    seat = await people.agent(group)
    identity = people.identity(sub, email=f"{sub}@customer.test", name="林女士")
    customer, conversation_id = await people.waiting_customer(group["name"], identity=identity)
    await people.program.pass_time()  # type: ignore[attr-defined]
    await customer.state("human")
    return customer, seat, conversation_id


async def say(seat: Seat, conversation_id: str, text: str) -> int:
    return int((await seat.client.do("send_message", conversation_id=conversation_id, text=text))["seq"])


async def test_replies_are_mailed_to_who_stays_away_and_to_nobody_else(open_house: OpenHouse) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox):
        house = await open_house(**mail(mailbox))
        async with people_of(house) as people:
            away, to_away, away_id = await served(people, "away")
            reads, to_reads, reads_id = await served(people, "reads")
            _, to_here, here_id = await served(people, "here")
            await say(to_away, away_id, "第一句：请升级到 5.2")
            seq = await say(to_reads, reads_id, "读过的一句")
            await say(to_here, here_id, "看着的一句")
            await reads.until("event", lambda event: event["seq"] == seq)
            await reads.ask("read", conversation_id=reads_id, seq=seq)
            await leave(house, away, 2)
            await leave(house, reads, 1)
            await say(to_away, away_id, "第二句：<b>再导出</b>")
            for _ in range(6):
                await house.pass_time(31)
            assert mailbox.mails == []  # not three minutes since anybody looked and found nobody
        await house.restart()
        async with people_of(house) as people:
            await people.customer(identity=people.identity("here"))
            for _ in range(3):
                await house.pass_time(31)
            await mailbox.until(1)
            for _ in range(10):
                await house.pass_time(60)
    assert mailbox.recipients == [["away@customer.test"]]
    text, html = mailbox.mails[0].get_body(("plain",)), mailbox.mails[0].get_body(("html",))
    assert text is not None
    assert html is not None
    assert "第一句：请升级到 5.2\n\n第二句：<b>再导出</b>" in text.get_content().replace("\r\n", "\n")
    assert "&lt;b&gt;再导出&lt;/b&gt;" in html.get_content()


def checked(secret: str, got: Got) -> dict[str, Any]:
    """An event whose signature fits."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    mark = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert f"v1,{base64.b64encode(mark).decode()}" in got.headers["webhook-signature"].split()
    found: dict[str, Any] = json.loads(got.body)
    return found


async def test_another_system_hears_of_a_conversation_from_its_first_word_to_its_end(open_house: OpenHouse) -> None:
    async with http_receiver() as receiver:
        house = await open_house(NOTIFICATIONS__WEBHOOKS__ALLOWED_NETWORKS="127.0.0.0/8")
        async with people_of(house) as people:
            wish = {"url": f"{receiver.url}/hook?token=x", "events": ["conversation.*"], "description": "CRM"}
            boss = await people.staff(role="supervisor")
            assert await people.api_error("POST", "/webhooks", wish, token=boss.token) == (403, "forbidden")
            wrong = {**wish, "url": "gopher://x"}
            assert await people.api_error("POST", "/webhooks", wrong) == (400, "invalid")
            hook = await people.api("POST", "/webhooks", wish)
            assert "whsec_" not in json.dumps(hook)
            secret = (await people.api("GET", f"/webhooks/{hook['id']}/secret"))["secret"]
            await house.pass_time(5)  # every server looks which events are asked for
            receiver.answers = [500]  # the first event has to be sent twice, and the others wait behind it
            _, seat, conversation_id = await served(people, "crm")
            await say(seat, conversation_id, "已经处理好了")
            await seat.client.do("close", conversation_id=conversation_id, resolved=True)
            await house.pass_time(1)
            await receiver.until(1)
            for _ in range(20):
                await house.pass_time(7)
            await receiver.until(6)
            events = [checked(secret, got) for got in receiver.got]
            told = [event["type"] for event in events[1:]]
            assert told[0] == events[0]["type"] == "conversation.created"
            first = [told.index(f"conversation.{name}") for name in ("handed_off", "assigned", "closed")]
            assert first == sorted(first)
            seqs = [event["data"].get("seq", 0) for event in events]
            assert seqs == sorted(seqs)
            assert {event["data"]["conversation_id"] for event in events} == {conversation_id}
            assert any(event["data"].get("text") == "已经处理好了" for event in events)
            ids = [got.headers["webhook-id"] for got in receiver.got]
            assert ids[0] == ids[1]
            assert len(set(ids)) == len(ids) - 1

            await people.api("POST", f"/webhooks/{hook['id']}/test")
            await house.pass_time(1)
            await receiver.until(len(ids) + 1)
            assert checked(secret, receiver.got[-1])["type"] == "webhook.test"
            changed = await people.api("PATCH", f"/webhooks/{hook['id']}", {"enabled": False})
            assert changed["enabled"] is False
            stored = await house.rows("select webhooks::text as line from webhooks")
            assert secret.removeprefix("whsec_") not in stored[0]["line"]
            await people.api("DELETE", f"/webhooks/{hook['id']}")
            assert (await people.api("GET", "/webhooks"))["items"] == []


async def test_another_system_hears_what_ends_in_the_first_moment_after_a_restart(open_house: OpenHouse) -> None:
    house = await open_house(NOTIFICATIONS__WEBHOOKS__ALLOWED_NETWORKS="127.0.0.0/8")
    async with people_of(house) as people:
        wish = {"url": "http://127.0.0.1:9/hook", "events": ["conversation.closed"], "description": ""}
        await people.api("POST", "/webhooks", wish)
        customer = ChatClient(house.url)
        visitor = (await customer.enter())["visitor"]
        conversation_id = (await customer.say("你好"))["conversation_id"]
        await customer.close()
        await house.restart()
        await (await people.customer(visitor=visitor)).do("close", conversation_id=conversation_id)

    noted = await house.rows("select key from notices")
    assert [row["key"].rpartition(":")[0] for row in noted] == [f"conversation.closed:{conversation_id}"]


async def test_dead_letters_are_listed_and_sent_again_by_hand(open_house: OpenHouse) -> None:
    async with http_receiver() as receiver:
        house = await open_house(**sms(receiver), NOTIFICATIONS__QUIET_HOURS="")
        async with people_of(house) as people:
            boss, agent = await people.agent(role="supervisor"), await people.staff()
            receiver.usually = 422  # this gateway knows no such template
            test = {"endpoint": "sms", "phone": "13800001234"}
            assert await people.api_error("POST", "/notifications/test", {"endpoint": "mail", "email": "a@b.cn"}) == (
                400,
                "invalid",
            )
            await people.api("POST", "/notifications/test", test, token=boss.staff.token)
            await house.pass_time(1)
            await receiver.until(1)
            await house.restart()
            token = await people.token(boss.staff)
            await house.pass_time(1)
            assert await people.api_error("GET", "/notifications", token=await people.token(agent)) == (
                403,
                "forbidden",
            )
            listed = await people.api("GET", "/notifications?state=dead", token=token)
            (letter,) = listed["items"]
            assert (letter["kind"], letter["trouble"]) == ("test", "the gateway answered 422")
            assert letter["may_retry"] is True
            assert "13800001234" not in json.dumps(listed)
            (channel,) = [
                one
                for one in (await people.api("GET", "/notifications/channels", token=token))["items"]
                if one["name"] == "sms"
            ]
            assert (channel["configured"], channel["dead"], channel["where"]) == (True, 1, "127.0.0.1")

            async with aiohttp.ClientSession() as session:
                metrics = await (await session.get(f"{house.url}/metrics")).text()
            assert 'yingda_notices{channel="sms",state="dead"} 1.0' in metrics

            receiver.usually = 202
            retried = await people.api("POST", "/notifications/retry", {"ids": [letter["id"]]}, token=token)
            assert retried == {"count": 1}
            await house.pass_time(1)
            await receiver.until(2)
            ids = [json.loads(got.body)["id"] for got in receiver.got]
            assert ids == [letter["id"]] * 2


async def test_a_colleagues_address_is_kept_sealed_and_changed_by_administrators(open_house: OpenHouse) -> None:
    house = await open_house()
    async with people_of(house) as people:
        boss = await people.staff(role="supervisor")
        path = f"/agents/{boss.id}/contact"
        given = {"email": "boss@desk.test", "phone": "+86 138-0000-1234", "locale": "en"}
        assert await people.api("GET", path) == {"email": "", "phone": "", "locale": "zh-CN"}
        assert await people.api("PUT", path, given) == given
        assert await people.api("GET", path) == given
        assert await people.api_error("PUT", path, {"email": "no address"}) == (400, "invalid")
        assert await people.api_error("GET", path, token=boss.token) == (403, "forbidden")
        for table in ("account_contacts", "audit"):
            stored = await house.rows(f"select t::text as line from {table} t")
            assert stored
            assert all("boss@desk.test" not in row["line"] and "0000-1234" not in row["line"] for row in stored)
        async with aiohttp.ClientSession() as session:
            asked = await session.get(f"{house.url}/unsubscribe/nonsense")
            assert (asked.status, asked.content_type) == (200, "text/html")
            assert (await session.post(f"{house.url}/unsubscribe/nonsense")).status == 404


async def test_another_system_hears_by_id_that_a_customer_was_erased(open_house: OpenHouse) -> None:
    async with http_receiver() as receiver:
        house = await open_house(NOTIFICATIONS__WEBHOOKS__ALLOWED_NETWORKS="127.0.0.0/8")
        async with people_of(house) as people:
            await people.api("POST", "/webhooks", {"url": receiver.url, "events": ["customer.*"], "description": "CRM"})
            await people.customer(identity=people.identity("u-9", name="王女士"))
            customer_id = (await people.api("GET", "/customers?q=u-9"))["items"][0]["id"]

            erasure = await people.api("POST", f"/customers/{customer_id}/erasure", {"confirmed": True})
            for seconds in (1, 61, 30, 7):
                await house.pass_time(seconds)

            await receiver.until(1)
            told = json.loads(receiver.got[0].body)
            assert told["type"] == "customer.erased"
            assert told["data"] == {"customer_id": customer_id, "erasure_id": erasure["id"]}

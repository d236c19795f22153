"""Webhooks by the Standard Webhooks scheme, checked as a receiver would, and never into a private network."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from router.errors import Invalid, NotFound
from router.notifications.channels.guard import Guard
from router.notifications.channels.webhooks import signature
from router.notifications.records import Integrators
from router.security.audit import AuditActor
from tests.integration.notifications.conftest import OpenPost, Post
from tests.integration.notifications.receivers import Got, HttpReceiver

ADMIN = AuditActor("agent", None, "admin")
LOCAL: dict[str, Any] = {"webhooks": {"allowed_networks": ["127.0.0.0/8"]}}


async def subscribed(post: Post, url: str, *events: str) -> UUID:
    async with post.database.transaction() as connection:
        row = await post.office.webhooks.create(connection, ADMIN, url, list(events), "")
    await post.office.webhooks.refresh()
    found: UUID = row["id"]
    return found


def verify(secret: str, got: Got, now: float) -> dict[str, Any]:
    """What a receiver does, by the published scheme; raises where it does not fit."""
    assert secret.startswith("whsec_")
    timestamp = got.headers["webhook-timestamp"]
    assert abs(now - int(timestamp)) < 300
    made = HMAC(base64.b64decode(secret[6:]), hashes.SHA256())
    made.update(f"{got.headers['webhook-id']}.{timestamp}.".encode() + got.body)
    expected = base64.b64encode(made.finalize()).decode()
    versions = [given.split(",", 1) for given in got.headers["webhook-signature"].split(" ")]
    assert ["v1", expected] in versions
    found: dict[str, Any] = json.loads(got.body)
    return found


def test_the_published_vector() -> None:
    """From the libraries of standardwebhooks.com."""
    secret, webhook_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    made = signature(secret, webhook_id, 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_who_asked_for_it_gets_a_signed_event(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**LOCAL)
    one = await subscribed(post, f"{receiver.url}/tickets", "ticket.*")
    await subscribed(post, f"{receiver.url}/ratings", "rating.created")
    data = {"ticket": "GD1", "title": "导出", "status": "new"}
    await post.put("ticket.created", Integrators(), "k", **data)
    await post.go()
    (got,) = receiver.got
    assert (got.path, got.headers["content-type"]) == ("/tickets", "application/json")
    event = verify(await post.office.webhooks.secret(ADMIN, one), got, post.clock.now().timestamp())
    assert event == {"type": "ticket.created", "timestamp": "2026-11-23T02:00:00Z", "data": data}


async def test_a_repeat_has_the_same_id_and_bytes_and_a_fresh_time(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**LOCAL)
    one = await subscribed(post, receiver.url, "*")
    receiver.answers = [500, 302]
    await post.put("ticket.created", Integrators(), "k", ticket="GD1")
    await post.go()
    await post.go(7)
    await post.go(400)
    secret = await post.office.webhooks.secret(ADMIN, one)
    first, second, third = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == third.headers["webhook-id"]
    assert first.body == third.body
    assert int(second.headers["webhook-timestamp"]) == int(first.headers["webhook-timestamp"]) + 7
    verify(secret, third, post.clock.now().timestamp())
    assert await post.states() == ["sent"]


async def test_events_of_one_ticket_keep_their_order_and_others_overtake(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    post = open_post(**LOCAL)
    await subscribed(post, receiver.url, "*")
    receiver.answers = [503]
    for number, (kind, ticket) in enumerate(
        [("ticket.created", "GD1"), ("ticket.solved", "GD1"), ("ticket.created", "GD2")]
    ):
        await post.put(kind, Integrators(), f"k{number}", ticket=ticket)
    await post.go()
    await post.go(10)
    told = [(json.loads(got.body)["type"], json.loads(got.body)["data"]["ticket"]) for got in receiver.got]
    assert sorted(told[:2]) == [("ticket.created", "GD1"), ("ticket.created", "GD2")]
    assert [found for found in told if found[1] == "GD1"][-2:] == [("ticket.created", "GD1"), ("ticket.solved", "GD1")]


async def test_a_new_secret_and_the_old_one_both_fit_for_a_day(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**LOCAL)
    one = await subscribed(post, receiver.url, "*")
    old = await post.office.webhooks.secret(ADMIN, one)
    async with post.database.transaction() as connection:
        await post.office.webhooks.rotate(connection, ADMIN, one)
    new = await post.office.webhooks.secret(ADMIN, one)
    assert new != old
    await post.put("ticket.created", Integrators(), "k1", ticket="GD1")
    await post.go()
    for secret in (old, new):
        verify(secret, receiver.got[-1], post.clock.now().timestamp())
    post.clock.advance(25 * 3600)
    await post.put("ticket.created", Integrators(), "k2", ticket="GD2")
    await post.go()
    verify(new, receiver.got[-1], post.clock.now().timestamp())
    with pytest.raises(AssertionError):
        verify(old, receiver.got[-1], post.clock.now().timestamp())


async def test_an_endpoint_that_fails_for_days_is_switched_off_and_people_are_told(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    post = open_post(**LOCAL)
    one = await subscribed(post, receiver.url, "*")
    receiver.usually = 500
    for day in range(6):
        await post.put("ticket.created", Integrators(), f"k{day}", ticket=f"GD{day}")
        for _ in range(12):
            await post.go(2 * 3600)
            await post.office.trouble.tick()
    kinds = [getattr(payload, "kind", "") for _, payload in post.pages.heard]
    assert kinds == ["outbox_trouble", "webhook_disabled"]
    told = [str(getattr(payload, "text", "")) for _, payload in post.pages.heard]
    assert all("127.0.0.1" in text and str(one) not in text for text in told), told
    (row,) = await post.office.webhooks.all()
    assert row["disabled_at"] is not None
    assert not post.office.webhooks.wanted("ticket.created")
    assert set(await post.states()) == {"dead"}
    receiver.usually = 200
    async with post.database.transaction() as connection:
        await post.office.webhooks.change(connection, ADMIN, one, enabled=True)
    await post.office.deliveries.retry(endpoint=f"webhook:{one}")
    for _ in range(4):
        await post.go(30)
    assert set(await post.states()) == {"sent"}


async def test_a_receiver_that_says_gone_is_not_asked_again(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**LOCAL)
    await subscribed(post, receiver.url, "*")
    receiver.answers = [410]
    for number in range(3):
        await post.put("ticket.created", Integrators(), f"k{number}", ticket="GD1")
    await post.go()
    assert len(receiver.got) == 1
    assert await post.states() == ["dead"] * 3
    (row,) = await post.office.webhooks.all()
    assert row["disabled_at"] is not None


async def test_no_connection_leads_into_a_private_network(
    open_post: OpenPost, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = open_post(webhooks={"allowed_networks": ["10.99.0.0/16"]})  # http is allowed, our receiver's network is not
    port = receiver.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"):
        await subscribed(post, f"http://{host}:{port}/", "*")
    await post.put("ticket.created", Integrators(), "k", ticket="GD1")
    await post.go()
    assert receiver.got == []
    rows = await post.deliveries()
    assert {row["state"] for row in rows} == {"failed"}
    assert sum(row["trouble"] == "the address leads into a private network" for row in rows) >= 5


async def test_a_name_that_changes_where_it_leads_is_looked_at_when_it_counts(receiver: HttpReceiver) -> None:
    """DNS rebinding: whatever was resolved before, the socket's own address decides."""
    guard = Guard()
    async with aiohttp.ClientSession(connector=guard.connector()) as client:
        port = int(receiver.url.rpartition(":")[2])
        loop = asyncio.get_running_loop()
        resolved = await loop.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)
        assert resolved
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.post(f"http://localhost:{port}/")
    assert receiver.got == []


@pytest.mark.parametrize(
    ("address", "permitted"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("not an address", False),
        ("10.20.1.1", False),
    ],
)
def test_only_public_addresses_are_connected_to(address: str, permitted: bool) -> None:
    assert Guard().permits(address) is permitted


def test_a_network_of_ones_own_can_be_allowed() -> None:
    guard = Guard(["10.20.0.0/16"])
    assert guard.permits("10.20.1.1")
    assert guard.permits("::ffff:10.20.1.1")
    assert not guard.permits("10.21.1.1")


async def test_an_address_that_cannot_be_one_is_refused(open_post: OpenPost) -> None:
    post = open_post()
    for url in ("", "crm.test/hook", "ftp://crm.test", "https://", "https://user:pass@crm.test/", "https://crm.test/#x",
                "https://crm.test:99999/", "https://crm.test/a b", "http://crm.test/", "javascript:alert(1)",
                "https://[::1"):  # fmt: skip
        with pytest.raises(Invalid):
            await subscribed(post, url, "*")


async def test_events_that_do_not_exist_are_refused_and_removed_endpoints_are_gone(open_post: OpenPost) -> None:
    post = open_post()
    for events in ([], ["ticket.exploded"], ["tick*"]):
        with pytest.raises(Invalid):
            await subscribed(post, "https://crm.test/", *events)
    one = await subscribed(post, "https://crm.test/", "*")
    async with post.database.transaction() as connection:
        await post.office.webhooks.remove(connection, ADMIN, one)
    with pytest.raises(NotFound):
        await post.office.webhooks.one(one)
    told = await post.database.fetch("select action from audit where subject_id = $1 order by id", str(one))
    actions = [row["action"] for row in told]
    assert actions == ["webhook.created", "webhook.removed"]

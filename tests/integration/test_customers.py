"""Who a customer is, by visitor token and signed identity: nothing is lost at a sign-in, nothing opens for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from asyncpg import DivisionByZeroError

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations import journal
from router.customers.records import Customer, Welcome
from router.errors import Unauthorized
from router.security.identity import Identity
from router.security.tokens import token_hash
from tests.integration.conversations.rows import a_group, an_agent
from tests.integration.desk import Desk, make_desk

LI = Identity("u-1", name="李雷", email="li@example.cn", phone="13800001234", tier="enterprise")
HAN = Identity("u-2", name="韩梅梅")


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return make_desk(database, clock)


async def open_conversation(desk: Desk, customer: Customer, site: str = "default", state: str = "bot") -> UUID:
    conversation_id = uuid7()
    group = await a_group(desk.database, desk.clock) if state == "waiting" else None
    owner = await an_agent(desk.database, desk.clock, 5) if state == "human" else None
    waits_since = desk.clock.now() if group else None
    await desk.database.execute(
        "insert into conversations (id, customer_id, site, channel, state, started_at, last_at, group_id, joined_at,"
        " rank_at, owner) values ($1, $2, $3, 'web', $4, $5, $5, $6, $7, $7, $8)",
        conversation_id,
        customer.id,
        site,
        state,
        desk.clock.now(),
        group,
        waits_since,
        owner,
    )
    return conversation_id


async def conversations(desk: Desk, customer: Customer) -> set[UUID]:
    rows = await desk.database.fetch("select id from conversations where customer_id = $1", customer.id)
    return {row["id"] for row in rows}


async def welcome(desk: Desk, visitor: str | None = None, identity: Identity | None = None) -> Welcome:
    return await desk.customers.welcome(visitor, identity, "zh-CN")


async def test_a_visitor_comes_back_as_the_same_customer(desk: Desk) -> None:
    first = await welcome(desk)
    assert first.is_new
    assert not first.customer.is_known
    desk.clock.advance(5)
    again = await welcome(desk, first.visitor)
    assert not again.is_new
    assert (again.customer.id, again.visitor) == (first.customer.id, first.visitor)
    assert again.customer.seen_at > first.customer.seen_at
    assert (await desk.customers.by_visitor(first.visitor)).id == first.customer.id


@pytest.mark.parametrize("visitor", ["", "unknown", "\0", "\ud800", "x" * 100_000, "' or true --"])
async def test_an_unknown_visitor_token_is_a_new_visitor(desk: Desk, visitor: str) -> None:
    new = await welcome(desk, visitor)
    assert new.is_new
    assert new.visitor != visitor
    with pytest.raises(Unauthorized):
        await desk.customers.by_visitor(visitor)


async def test_the_token_itself_is_not_in_the_database(desk: Desk) -> None:
    visitor = (await welcome(desk)).visitor
    row = await desk.database.fetchval("select visitors::text from visitors")
    assert visitor not in row
    assert visitor.encode().hex() not in row


async def test_a_signed_customer_is_the_same_on_every_device(desk: Desk) -> None:
    phone, laptop = await welcome(desk, None, LI), await welcome(desk, None, LI)
    assert phone.customer.id == laptop.customer.id
    assert phone.visitor != laptop.visitor
    assert (phone.is_new, laptop.is_new) == (True, False)
    assert (await welcome(desk, phone.visitor)).customer.id == phone.customer.id


async def test_an_anonymous_visitor_who_signs_in_keeps_the_conversation(desk: Desk) -> None:
    anonymous = await welcome(desk)
    conversation = await open_conversation(desk, anonymous.customer)
    known = await welcome(desk, anonymous.visitor, LI)
    assert known.customer.id == anonymous.customer.id
    assert known.visitor == anonymous.visitor
    assert (known.customer.external_id, known.customer.name, known.customer.tier) == ("u-1", "李雷", "enterprise")
    assert await conversations(desk, known.customer) == {conversation}


async def test_an_anonymous_visitor_who_turns_out_to_be_known_brings_the_conversation_along(desk: Desk) -> None:
    known = await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    past = await open_conversation(desk, anonymous.customer, state="closed")
    conversation = await open_conversation(desk, anonymous.customer)
    signed_in = await welcome(desk, anonymous.visitor, LI)
    assert signed_in.customer.id == known.customer.id
    assert signed_in.visitor == anonymous.visitor
    assert signed_in.merged_from == anonymous.customer.id
    assert desk.told == []
    assert await conversations(desk, known.customer) == {past, conversation}
    assert (await welcome(desk, anonymous.visitor)).customer.id == known.customer.id
    assert "customer.merged" in await desk.audited()


@pytest.mark.parametrize(
    ("known_state", "anonymous_state", "kept"),
    [
        ("bot", "bot", "anonymous"),  # the one before the customer's eyes
        ("waiting", "bot", "known"),
        ("bot", "waiting", "anonymous"),
        ("human", "waiting", "known"),
        ("waiting", "human", "anonymous"),
        ("human", "human", "anonymous"),
    ],
)
async def test_of_two_open_conversations_the_one_further_on_is_kept_and_both_are_there(
    desk: Desk, known_state: str, anonymous_state: str, kept: str
) -> None:
    known = await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    ids = {
        "known": await open_conversation(desk, known.customer, state=known_state),
        "anonymous": await open_conversation(desk, anonymous.customer, state=anonymous_state),
    }
    other_site = await open_conversation(desk, anonymous.customer, site="cloud")

    signed_in = await welcome(desk, anonymous.visitor, LI)

    assert signed_in.customer.id == known.customer.id
    assert (await desk.customers.by_visitor(anonymous.visitor)).id == known.customer.id
    assert await conversations(desk, known.customer) == {*ids.values(), other_site}
    assert await conversations(desk, anonymous.customer) == set()
    states = {row["id"]: row["state"] for row in await desk.database.fetch("select id, state from conversations")}
    ended = ids["known" if kept == "anonymous" else "anonymous"]
    assert states[ended] == "closed"
    assert states[ids[kept]] == (known_state if kept == "known" else anonymous_state)
    (committed,) = desk.told
    assert (committed.conversation.id, committed.conversation.customer_id) == (ended, known.customer.id)
    rows = await desk.database.fetch("select seq, kind, body from events where conversation_id = $1", ended)
    assert [(row["seq"], row["kind"], row["body"]) for row in rows] == [
        (1, "state", {"state": "closed", "reason": "merged"})
    ]


async def test_nothing_ends_where_the_sign_in_fails(desk: Desk) -> None:
    """A crash after the merge and before the commit: everything is as it was."""
    known = await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    both = await open_conversation(desk, known.customer), await open_conversation(desk, anonymous.customer)
    await desk.database.execute("create rule no_audit as on insert to audit do also select 1 / 0")

    with pytest.raises(DivisionByZeroError):
        await welcome(desk, anonymous.visitor, LI)

    rows = await desk.database.fetch("select id, state, last_seq from conversations order by id")
    assert [tuple(row) for row in rows] == [(each, "bot", 0) for each in sorted(both)]
    assert desk.told == []


async def test_somebody_who_has_become_somebody_else_opens_nothing_any_more(desk: Desk) -> None:
    """A second page of the anonymous visitor writes while the first one signs in: no conversation is left alone."""
    await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    opening = load_queries(Path(journal.__file__))["open_conversation"]
    arguments = (
        uuid7(), anonymous.customer.id, "default", "web", None, None, "zh-CN", None, desk.clock.now(), None, None,
    )  # fmt: skip

    async with desk.database.transaction() as connection:
        await connection.execute(desk.customer_store.sql["lock_visitor"], token_hash(anonymous.visitor))
        writing = asyncio.create_task(desk.database.execute(opening, *arguments))
        await asyncio.wait([writing], timeout=0.3)
        assert not writing.done()
        await connection.execute(
            desk.customer_store.sql["bind_visitor"],
            token_hash(anonymous.visitor),
            (await desk.customers.welcome(None, LI)).customer.id,
            desk.clock.now(),
        )

    assert await writing == "INSERT 0 0"


async def test_a_message_repeated_after_the_sign_in_is_still_the_same_message(desk: Desk) -> None:
    known = await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    client_id = uuid7()
    await desk.database.execute(
        "insert into sends (sender, client_id, answer, at) values ($1, $2, '{\"seq\": 1}', $3)",
        anonymous.customer.id,
        client_id,
        desk.clock.now(),
    )
    await welcome(desk, anonymous.visitor, LI)
    answer = await desk.database.fetchval(
        "select answer from sends where sender = $1 and client_id = $2", known.customer.id, client_id
    )
    assert answer == {"seq": 1}


async def test_a_token_bound_to_one_sub_never_opens_for_another(desk: Desk) -> None:
    li = await welcome(desk, None, LI)
    conversation = await open_conversation(desk, li.customer)
    han = await welcome(desk, li.visitor, HAN)
    assert han.customer.id != li.customer.id
    assert han.visitor != li.visitor
    assert han.customer.external_id == "u-2"
    assert await conversations(desk, han.customer) == set()
    assert await conversations(desk, li.customer) == {conversation}
    assert (await desk.customers.by_visitor(li.visitor)).id == li.customer.id


async def test_a_visitor_who_signed_in_stays_bound(desk: Desk) -> None:
    """Also the token that began anonymous: after Li, it is Li's and never Han's."""
    anonymous = await welcome(desk)
    await welcome(desk, anonymous.visitor, LI)
    han = await welcome(desk, anonymous.visitor, HAN)
    assert han.visitor != anonymous.visitor
    assert han.customer.id != anonymous.customer.id


async def test_an_expired_identity_reconnects_its_own_visitor_without_new_claims(desk: Desk) -> None:
    li = await welcome(desk, None, LI)
    again = await welcome(desk, li.visitor, Identity("u-1", expired=True, name="别人", tier="strategic"))
    assert (again.customer.id, again.visitor) == (li.customer.id, li.visitor)
    assert (again.customer.name, again.customer.tier) == ("李雷", "enterprise")


@pytest.mark.parametrize("beside", ["nothing", "an unknown token", "an anonymous token", "a token of another"])
async def test_an_expired_identity_opens_nothing_else(desk: Desk, beside: str) -> None:
    await welcome(desk, None, LI)
    visitors: dict[str, Callable[[], Any]] = {
        "an anonymous token": lambda: welcome(desk),
        "a token of another": lambda: welcome(desk, None, HAN),
    }
    visitor = "unknown" if beside == "an unknown token" else None
    if beside in visitors:
        visitor = (await visitors[beside]()).visitor
    with pytest.raises(Unauthorized):
        await welcome(desk, visitor, Identity("u-1", expired=True))


async def test_an_identity_from_the_reader_is_welcome(desk: Desk) -> None:
    with pytest.raises(Unauthorized):
        desk.identities.read("forged")


async def test_claims_that_are_not_repeated_stay(desk: Desk) -> None:
    first = await welcome(desk, None, LI)
    again = await welcome(desk, first.visitor, Identity("u-1", name="李大雷"))
    assert (again.customer.name, again.customer.phone, again.customer.tier) == ("李大雷", "13800001234", "enterprise")


async def test_reset_revokes_the_token_for_good(desk: Desk) -> None:
    li = await welcome(desk, None, LI)
    assert await desk.customers.reset(li.visitor) == li.customer.id
    assert await desk.customers.reset(li.visitor) is None
    with pytest.raises(Unauthorized):
        await desk.customers.by_visitor(li.visitor)
    after = await welcome(desk, li.visitor)
    assert after.customer.id != li.customer.id
    assert after.visitor != li.visitor
    with pytest.raises(Unauthorized):
        await welcome(desk, li.visitor, Identity("u-1", expired=True))
    assert (await welcome(desk, li.visitor, LI)).customer.id == li.customer.id


async def test_tabs_that_sign_in_together_make_one_customer(desk: Desk) -> None:
    anonymous = await welcome(desk)
    conversation = await open_conversation(desk, anonymous.customer)
    tabs = [welcome(desk, anonymous.visitor, LI) for _ in range(4)] + [welcome(desk, None, LI) for _ in range(4)]
    welcomed = await asyncio.gather(*tabs)
    (customer,) = {each.customer.id for each in welcomed}
    assert await desk.database.fetchval("select count(*) from customers where external_id = 'u-1'") == 1
    assert await desk.database.fetchval("select customer_id from conversations where id = $1", conversation) == customer
    assert {each.visitor for each in welcomed[:4]} == {anonymous.visitor}


async def test_a_conversation_opened_during_the_sign_in_breaks_nothing(desk: Desk) -> None:
    """Li writes on one device at the very moment when Li signs in on another: one of the two ends."""
    known = await welcome(desk, None, LI)
    anonymous = await welcome(desk)
    await open_conversation(desk, anonymous.customer)
    async with desk.database.transaction() as connection:
        await connection.execute(
            "insert into conversations (id, customer_id, site, channel, state, started_at, last_at)"
            " values ($1, $2, 'default', 'web', 'bot', $3, $3)",
            uuid7(),
            known.customer.id,
            desk.clock.now(),
        )
        signing_in = asyncio.create_task(welcome(desk, anonymous.visitor, LI))
        await asyncio.wait([signing_in], timeout=0.3)
        assert not signing_in.done()
    signed_in = await signing_in
    assert signed_in.customer.id == known.customer.id
    assert len(desk.told) == 1
    assert len(await conversations(desk, known.customer)) == 2

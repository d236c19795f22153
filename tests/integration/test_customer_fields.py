"""What is kept about a customer: sealed, found again, corrected by agents, shown on a card."""

from __future__ import annotations

import logging
from uuid import UUID

import pytest

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.customers.customers import card
from router.customers.records import CustomerChange, Welcome
from router.customers.store import CustomerStore
from router.errors import Invalid, NotFound
from router.security.audit import SYSTEM
from router.security.identity import Identity
from router.security.sealing import Sealer
from tests.integration.desk import Desk, make_desk

LI = Identity("u-1", name="李雷", email="li@example.cn", phone="13800001234", tier="enterprise")
HAN = Identity("u-2", name="韩梅梅")


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return make_desk(database, clock)


async def welcome(desk: Desk, visitor: str | None = None, identity: Identity | None = None) -> Welcome:
    return await desk.customers.welcome(visitor, identity, "zh-CN")


async def test_personal_fields_are_sealed_and_found_again(desk: Desk) -> None:
    customer = (await welcome(desk, None, LI)).customer
    assert (customer.name, customer.email, customer.phone) == ("李雷", "li@example.cn", "13800001234")
    written = "".join(
        [
            row["line"]
            for table in ("customers", "audit", "visitors")
            for row in await desk.database.fetch(f"select {table}::text as line from {table}")
        ]
    )
    for secret in ("李雷", "li@example.cn", "13800001234"):
        assert secret not in written
        assert secret.encode().hex() not in written
        assert secret not in repr(customer)


async def test_a_field_that_does_not_open_is_reported_and_the_chat_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    customer = (await welcome(desk, None, LI)).customer
    stranger = CustomerStore(Sealer([b"z" * 32], b"l" * 32), desk.customer_store.tiers)
    row = await desk.database.fetchrow(desk.customer_store.sql["customer_by_id"], customer.id)
    assert row is not None
    with caplog.at_level(logging.ERROR):
        assert stranger.customer_from(row).name is None
    assert str(customer.id) in caplog.text


@pytest.mark.parametrize("locale", ["../../etc", "zh_CN", "", "z", "zh-CN\0", "x" * 500])
async def test_a_locale_that_is_none_is_left_out(desk: Desk, locale: str) -> None:
    assert (await desk.customers.welcome(None, None, locale)).customer.locale is None


async def test_an_agent_corrects_a_customer(desk: Desk) -> None:
    customer = (await welcome(desk, None, LI)).customer
    async with desk.database.transaction() as connection:
        changed = await desk.customers.change(
            connection, customer.id, CustomerChange(phone="+86 139 0000 0000", email="", company_name="远山"), SYSTEM
        )
    assert (changed.name, changed.email, changed.phone) == ("李雷", None, "+86 139 0000 0000")
    assert (await desk.search.find("13900000000", None, 10)).customers == (changed,)
    assert (await desk.search.find("li@example.cn", None, 10)).customers == ()
    for wrong in (CustomerChange(name="x" * 201), CustomerChange(email="\0")):
        with pytest.raises(Invalid):
            async with desk.database.transaction() as connection:
                await desk.customers.change(connection, customer.id, wrong, SYSTEM)
    with pytest.raises(NotFound):
        async with desk.database.transaction() as connection:
            await desk.customers.change(connection, uuid7(), CustomerChange(name="x"), SYSTEM)


async def test_customers_are_found_by_what_agents_know_of_them(desk: Desk) -> None:
    li = (await welcome(desk, None, LI)).customer
    han = (await welcome(desk, None, Identity("u-2", name="韩梅梅", company_name="100% 远山_工程"))).customer
    await welcome(desk)
    for text in ("李雷", "雷", "LI@example.cn", "138 0000 1234", "u-1"):
        assert [customer.id for customer in (await desk.search.find(text, None, 10)).customers] == [li.id], text
    for text in ("远山", "0% 远山_"):
        assert [customer.id for customer in (await desk.search.find(text, None, 10)).customers] == [han.id], text
    for text in ("%", "_", "' or true --", "\\", "example.cn", "1380000"):
        found = (await desk.search.find(text, None, 10)).customers
        assert [customer.id for customer in found] == ([han.id] if text in "%_" else []), text


async def test_pages_of_customers_go_through_all_of_them_once(desk: Desk) -> None:
    made = [(await welcome(desk, None, Identity(f"u-{number}", name=f"王{number}"))).customer.id for number in range(7)]
    for text in ("", "王"):
        seen: list[UUID] = []
        before = None
        while True:
            found = await desk.search.find(text, before, 3)
            seen += [customer.id for customer in found.customers]
            if found.last_id is None:
                break
            before = found.last_id
        assert seen == sorted(made, reverse=True)


async def test_a_card_shows_agents_what_they_need(desk: Desk) -> None:
    customer = (await welcome(desk, None, LI)).customer
    cards = await desk.customers.cards([customer.id, uuid7()])
    assert cards == {customer.id: card(customer)}
    assert (card(customer).name, card(customer).tier) == ("李雷", "enterprise")

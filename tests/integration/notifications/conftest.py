"""A post office for each test: real database, real receivers, a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from asyncpg import Record
from msgspec import Struct

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.notifications.alerts import Alerts
from router.notifications.office import House, Office, open_office
from router.notifications.outbox import Outbox
from router.notifications.records import Notice
from router.notifications.settings import NotificationSettings
from router.security.audit import Audit
from router.security.sealing import Sealer
from tests.fakes import PostgresForTests
from tests.integration.notifications.receivers import HttpReceiver, Mailbox, http_receiver, smtp_server

SEALER = Sealer([b"s" * 32], b"l" * 32)
SECRET = "an SMS secret"


@dataclass
class HeardPages:
    """Pages of the desk that write down what they hear."""

    heard: list[tuple[str, Struct]] = field(default_factory=list)

    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: UUID | None = None) -> None:
        self.heard.append((event, payload))


@dataclass
class Post:
    """One process's notifications; another one on the same database is another process."""

    database: Database
    clock: ManualClock
    office: Office
    outbox: Outbox
    alerts: Alerts
    pages: HeardPages
    here: set[UUID]

    async def put(self, kind: str, to: Any, key: str, **data: Any) -> None:
        await self.outbox.put(Notice(kind, to, data, key))

    async def go(self, seconds: float = 0.0) -> None:
        """Moves the clock, sends what is due and waits until it has arrived or failed."""
        self.clock.advance(seconds)
        await self.office.tick()
        await self.office.courier.settle()

    async def states(self) -> list[str]:
        return [row["state"] for row in await self.deliveries()]

    async def deliveries(self) -> list[Record]:
        return await self.database.fetch("select * from deliveries order by position")


OpenPost = Callable[..., Any]
_TABLES = ("notices", "deliveries", "delivery_endpoints", "webhooks", "account_contacts", "mail_refusals", "customers",
           "groups", "accounts")  # fmt: skip


@pytest.fixture(scope="module")
def shared_dsn(postgres: PostgresForTests) -> Iterator[str]:
    """One database for the tests of a file: making one costs more than most of them."""
    made = asyncio.run(postgres.new())
    yield made
    asyncio.run(postgres.drop(made))


@pytest.fixture
async def dsn(shared_dsn: str) -> str:
    """The file's database, as empty as a new one; the audit log alone cannot be emptied."""
    connection = await asyncpg.connect(shared_dsn)
    try:
        for table in _TABLES:
            await connection.execute(f"delete from {table}")
    finally:
        await connection.close()
    return shared_dsn


def post_on(
    database: Database,
    clock: ManualClock,
    settings: NotificationSettings,
    opened: AsyncExitStack,
    others_seconds: float = 0.0,
) -> Post:
    """An office on a database."""
    outbox, pages, here = Outbox(database, SEALER, clock), HeardPages(), set[UUID]()
    alerts = Alerts(pages, outbox)
    zone = ZoneInfo("Asia/Shanghai")
    house = House(
        database, SEALER, clock, Audit(clock), outbox, alerts, here.__contains__, lambda: here, "金石", zone,
        others_seconds,
    )  # fmt: skip
    return Post(database, clock, open_office(house, settings, opened), outbox, alerts, pages, here)


@pytest.fixture
async def open_post(database: Database, clock: ManualClock) -> AsyncIterator[OpenPost]:
    """Opens an office with settings; several in one test are several processes."""
    async with AsyncExitStack() as opened:

        def open_(stack: AsyncExitStack | None = None, *, others_seconds: float = 0.0, **settings: Any) -> Post:
            return post_on(database, clock, NotificationSettings(**settings), stack or opened, others_seconds)

        yield open_


@pytest.fixture
async def receiver() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as made:
        yield made


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with smtp_server(Mailbox()) as made:
        yield made


def mail_settings(mailbox: Mailbox, **more: Any) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": mailbox.port,
        "security": "none",
        "sender": "support@desk.test",
        "timeout_seconds": 10,
        **more,
    }


def sms_settings(receiver: HttpReceiver) -> dict[str, Any]:
    return {"sms": {"url": f"{receiver.url}/sms", "timeout_seconds": 10}, "sms_secret": SECRET, "quiet_hours": ""}


async def customer(database: Database, clock: ManualClock, **sealed: str) -> UUID:
    """A customer with sealed ``email``, ``phone``, and a plain ``locale``."""
    customer_id = uuid7()
    await database.execute(
        "insert into customers (id, tier, locale, created_at, seen_at) values ($1, 'free', $2, $3, $3)",
        customer_id,
        sealed.pop("locale", "zh-CN"),
        clock.now(),
    )
    for name, text in sealed.items():
        place = f"customers.{name}.{customer_id}".encode()
        assert name in ("email", "phone")
        await database.execute(
            f"update customers set {name}_sealed = $2 where id = $1", customer_id, SEALER.seal(text, place)
        )
    return customer_id

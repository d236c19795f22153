"""A notice is recorded once, with the change that it tells of, and nobody reads it in the row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec import Struct

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.notifications.alerts import Alerts
from router.notifications.outbox import Outbox
from router.notifications.records import Address, Customer, Notice, Supervisors
from router.payloads.desk import Alert
from router.security.sealing import Sealer

PHONE = "13800001111"


@pytest.fixture
def outbox(database: Database, clock: ManualClock) -> Outbox:
    return Outbox(database, Sealer([b"s" * 32], b"l" * 32), clock)


class HeardPages:
    """Pages of the desk that write down what they hear."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Struct, object]] = []

    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: object = None) -> None:
        self.heard.append((event, payload, and_agent))


async def test_a_repeat_of_the_same_key_stores_nothing(outbox: Outbox, database: Database) -> None:
    notice = Notice("ticket_solved", Customer(uuid7()), {"ticket": "GD20261123-0001", "title": "导出"}, "solved:1")
    assert await outbox.put(notice)
    assert not await outbox.put(notice)
    assert await database.fetchval("select count(*) from notices") == 1


async def test_a_notice_goes_with_the_transaction_of_its_change(outbox: Outbox, database: Database) -> None:
    notice = Notice("ticket_solved", Customer(uuid7()), {}, "gone")
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await outbox.put(notice, connection)
            statement = outbox.statement(Notice("ticket_solved", Customer(uuid7()), {}, "gone too"))
            await connection.execute(statement.sql, *statement.arguments)
            raise ZeroDivisionError
    assert await database.fetchval("select count(*) from notices") == 0


async def test_nothing_personal_stands_in_the_row(outbox: Outbox, database: Database) -> None:
    await outbox.put(Notice("message_answered", Address(phone=PHONE), {"text": "林女士，您好"}, "k"))
    row: Sequence[object] = list((await database.fetchrow("select * from notices")) or [])
    assert row
    for value in row:
        assert PHONE not in str(value)
        assert "林女士" not in str(value)
        assert PHONE.encode() not in (value if isinstance(value, bytes) else b"")


async def test_an_alert_is_shown_once_and_recorded_once(outbox: Outbox, database: Database) -> None:
    pages, owner = HeardPages(), uuid7()
    alerts = Alerts(pages, outbox)
    alert = Alert(kind="clock_breached", at=datetime(2026, 11, 23, 2, tzinfo=UTC), ticket="GD1", text="首次回复超时")
    assert await alerts.tell(alert, owner=owner, group_id=None)
    assert not await alerts.tell(alert, owner=owner, group_id=None)
    assert pages.heard == [("alert", alert, owner)]
    assert await database.fetchval("select kind from notices") == "clock_breached"


async def test_an_alert_without_words_of_its_own_is_recorded_all_the_same(outbox: Outbox, database: Database) -> None:
    alerts = Alerts(HeardPages(), outbox)
    alert = Alert(kind="something_new", at=datetime(2026, 11, 23, 2, tzinfo=UTC), text="新的提醒")
    assert await alerts.tell(alert, owner=None, group_id=None)
    assert await database.fetchval("select kind from notices") == "alert"


def test_a_recipient_is_read_as_it_was_stored() -> None:
    from router.notifications.records import Integrators, Staff, recipient_columns, recipient_from

    for to in (Customer(uuid7(), "a@b.cn", PHONE), Staff(uuid7()), Supervisors(), Supervisors(uuid7()), Integrators(),
               Address("a@b.cn", None, "en")):  # fmt: skip
        assert recipient_from(*recipient_columns(to)) == to

"""Tickets of accounts that were disabled: L3 goes to the success manager, the rest to nobody; supervisors are told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database.pool import Database
from router.conversations.records import SYSTEM
from router.errors import YingdaError
from router.notifications.alerts import Alerts
from router.payloads.desk import Alert
from router.sentences import all_of, say
from router.tickets.news import News
from router.tickets.records import Ticket
from router.tickets.store import TicketStore
from router.tickets.writing import Done, Writing

log = logging.getLogger(__name__)

_AT_ONCE = 100
_NAMED = 10


class HandingOn:
    """Keeps nothing in memory: whose account is disabled stands in the database, and is looked at under the lock.

    Tickets that are solved or closed stay as they are; one that is opened again is handed on then.
    """

    def __init__(self, database: Database, store: TicketStore, writing: Writing, news: News, alerts: Alerts) -> None:
        self._database = database
        self._store = store
        self._writing = writing
        self._news = news
        self._alerts = alerts

    async def tick(self) -> None:
        """Hands on what is open of everybody who has gone."""
        for row in await self._database.fetch(self._store.sql["owners_gone"]):
            try:
                await self._of(row["id"], row["public_name"])
            except YingdaError as error:
                log.info("not handed on: %s", error.code, extra={"account": str(row["id"])})

    async def _of(self, account_id: UUID, name: str | None) -> None:
        done: list[Done] = []
        async with self._database.transaction() as connection:
            rows = await connection.fetch(self._store.sql["tickets_of_gone"], account_id, _AT_ONCE)
            held = await self._writing.hold(connection, *(row["id"] for row in rows), heard=False)
            for row in rows:
                ticket = held.of(row["id"])
                if ticket.assignee != account_id or ticket.status in ("solved", "closed"):
                    continue
                owner: UUID | None = None
                if ticket.level == "L3":
                    owner = await connection.fetchval(self._store.sql["company_owner"], ticket.customer_id)
                after = await self._writing.change(connection, held, ticket, {"assignee": owner}, SYSTEM)
                done.append(Done(after, "changed", SYSTEM))
            left = [each.ticket for each in done if each.ticket.assignee is None]
            alert = _alert(name or "", left, held.now) if left else None
            if alert is not None:
                key = f"ticket_unowned:{account_id}:{held.now.isoformat()}"
                await self._alerts.tell(alert, owner=None, group_id=None, key=key, connection=connection)
        await self._news.tell(*done)
        if alert is not None:
            await self._alerts.show(alert, owner=None)


def _alert(name: str, left: Sequence[Ticket], at: datetime) -> Alert:
    third = [ticket for ticket in left if ticket.level == "L3"]
    words = "alert.tickets_left_third" if third else "alert.tickets_left"
    text = say(words, name=name, count=len(left), numbers=_numbers(left), third=_numbers(third))
    return Alert(kind="ticket_unowned", at=at, ticket=left[0].number if len(left) == 1 else None, text=text)


def _numbers(tickets: Sequence[Ticket]) -> str:
    return all_of("names", [ticket.number for ticket in tickets[:_NAMED]]) + (" …" if len(tickets) > _NAMED else "")

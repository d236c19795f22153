"""The ticks of promises: reminded before, due, broken, each told once; decides nothing that SQL has not claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from msgspec import Struct

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from router.customers.customers import Customers
from router.notifications.alerts import Alerts
from router.notifications.outbox import Outbox
from router.notifications.records import Integrators, Notice, Staff
from router.payloads.desk import Alert, CustomerCard
from router.promises.pages import Pages
from router.promises.promises import Promises
from router.promises.records import BROKEN, DUE, REMINDED, Promise
from router.sentences import say
from router.waiting.hours import Calendar

if TYPE_CHECKING:
    from database.pool import PooledConnection

_KINDS = {REMINDED: "promise_reminder", DUE: "promise_due", BROKEN: "promise_broken"}
_WORDS = {
    REMINDED: "alert.promise_near",
    DUE: "alert.promise_due",
    BROKEN: "alert.promise_broken",
}
_LONGEST = 120  # characters of what was promised


class OwnPages(Protocol):
    """The way to one agent's pages."""

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct) -> None: ...


class Reminding:
    """What is told commits with the claim; pages hear of it afterwards, and read it again where they missed it."""

    def __init__(
        self, database: Database, promises: Promises, pages: Pages, own_pages: OwnPages, customers: Customers,
        alerts: Alerts, outbox: Outbox, calendar: Callable[[], Calendar], wording: Wording, clock: Clock,
    ) -> None:  # fmt: skip
        self._database = database
        self._promises = promises
        self._pages = pages
        self._own_pages = own_pages
        self._customers = customers
        self._alerts = alerts
        self._outbox = outbox
        self._calendar = calendar
        self._wording = wording
        self._clock = clock

    async def tick(self) -> None:
        """Tells everything that has become due."""
        while True:
            told: list[tuple[Promise, Alert]] = []
            async with self._database.transaction() as connection:
                claimed = await self._promises.claim(connection)
                cards = await self._customers.cards({promise.customer_id for promise in claimed}) if claimed else {}
                for promise in claimed:
                    if promise.state == "open":
                        alert = self._alert(promise, cards.get(promise.customer_id))
                        await self._record(connection, promise, alert)
                        told.append((promise, alert))
            for promise, alert in told:
                if promise.stage == BROKEN:
                    await self._alerts.show(alert, owner=promise.keeper)
                else:
                    await self._own_pages.to_agent(promise.keeper, "alert", alert)
            for promise in claimed:
                await self._pages.show(promise)
            if not claimed:
                return

    async def _record(self, connection: PooledConnection, promise: Promise, alert: Alert) -> None:
        """To whoever has to keep it over the channels that they chose; what is broken also to supervisors and to other
        systems."""
        key = f"promise:{promise.id}:{promise.stage}:{promise.due_at.isoformat()}"
        if promise.stage == BROKEN:
            await self._alerts.tell(
                alert, owner=promise.keeper, group_id=promise.group_id, key=key, connection=connection
            )
            data = {"promise_id": str(promise.id), **_about(alert), "due_at": promise.due_at.isoformat()}
            await self._outbox.put(Notice("promise.broken", Integrators(), data, f"{key}:out"), connection)
        elif promise.stage == DUE:
            notice = Notice("promise_due", Staff(promise.keeper), {**_about(alert), "alert": alert.kind}, key)
            await self._outbox.put(notice, connection)

    def _alert(self, promise: Promise, customer: CustomerCard | None) -> Alert:
        zone = self._calendar().zone
        now = self._clock.now()
        when = self._wording.moment(promise.due_at.astimezone(zone), now.astimezone(zone), "zh-CN")
        return Alert(
            kind=_KINDS[promise.stage], at=now, conversation_id=promise.conversation_id, ticket=promise.ticket,
            customer=customer or CustomerCard(id=promise.customer_id), owner=promise.keeper,
            text=say(_WORDS[promise.stage], when=when, text=promise.text[:_LONGEST]),
        )  # fmt: skip


def _about(alert: Alert) -> dict[str, Any]:
    return {
        "text": alert.text or "",
        "customer": (alert.customer.name if alert.customer else None) or "",
        "ticket": alert.ticket or "",
        "conversation_id": str(alert.conversation_id),
        "owner": str(alert.owner),
        "at": alert.at.isoformat(),
    }

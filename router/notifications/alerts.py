"""What needs somebody's eye at once: to the pages of the owner and the supervisors, and to their group's robots."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from msgspec import Struct

from database.errors import DatabaseUnavailable
from router.conversations.records import Statement
from router.notifications.kinds import ALERT, KINDS
from router.notifications.outbox import Outbox
from router.notifications.records import Notice, Supervisors
from router.payloads.desk import Alert

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


class Pages(Protocol):
    """The way to the pages of the desk."""

    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: UUID | None = None) -> None: ...


class Alerts:
    """Told once by its key, however often the same thing is found. Pages that are closed hear nothing; robots do."""

    def __init__(self, pages: Pages, outbox: Outbox) -> None:
        self._pages = pages
        self._outbox = outbox

    async def tell(
        self,
        alert: Alert,
        *,
        owner: UUID | None,
        group_id: UUID | None,
        key: str | None = None,
        connection: PooledConnection | None = None,
    ) -> bool:
        """Records the alert and shows it; false where it was known. Without a database it is shown all the same.

        ``key`` names what is told; left out, it is made of kind, subject and time. Inside a transaction of the
        caller's (``connection``) only the record is made: call `show` after its COMMIT.
        """
        try:
            fresh = await self._outbox.put(self._notice(alert, group_id, key), connection)
        except DatabaseUnavailable:
            log.warning("alert shown, not recorded", extra={"kind": alert.kind})
            fresh = True
        if fresh and connection is None:
            await self.show(alert, owner=owner)
        return fresh

    def statement(self, alert: Alert, *, group_id: UUID | None, key: str | None = None) -> Statement:
        """What records the alert together with a change of the log; call `show` after its COMMIT."""
        return self._outbox.statement(self._notice(alert, group_id, key))

    async def show(self, alert: Alert, *, owner: UUID | None) -> None:
        """To the pages only: the owner's and all supervisors'."""
        await self._pages.to_supervisors("alert", alert, and_agent=owner)

    def _notice(self, alert: Alert, group_id: UUID | None, key: str | None) -> Notice:
        subject = alert.ticket or alert.conversation_id or ""
        return Notice(
            kind=alert.kind if alert.kind in KINDS else ALERT,
            to=Supervisors(group_id),
            data=_data_of(alert),
            key=key or f"alert:{alert.kind}:{subject}:{alert.at.isoformat()}",
        )


def _data_of(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert.kind,
        "text": alert.text or "",
        "customer": alert.customer.name if alert.customer and alert.customer.name else "",
        "ticket": alert.ticket or "",
        "conversation_id": "" if alert.conversation_id is None else str(alert.conversation_id),
        "owner": "" if alert.owner is None else str(alert.owner),
        "at": alert.at.isoformat(),
    }

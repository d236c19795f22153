"""Who hears of a ticket outside the window: customers who are away, colleagues whose it is, other systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from router.notifications.outbox import Outbox
from router.notifications.records import Customer, Integrators, Notice, Recipient, Staff
from router.payloads.log import Actor
from router.payloads.tickets import TicketStatus
from router.tickets.records import Ticket, Visibility
from router.tickets.store import TicketStore
from router.tickets.threads import Thread

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: What other systems hear of a change of status.
_TYPES: Mapping[TicketStatus, str] = {"solved": "ticket.solved", "closed": "ticket.closed"}
#: Somebody left a number and went: the first answer is announced over it.
_WENT_AWAY = frozenset({"message_left", "call_back"})


class Notices:
    """Puts notices into the outbox, in the transaction of the change. Customers with a page open read it there, and
    the outbox lets them.
    """

    def __init__(self, outbox: Outbox, store: TicketStore) -> None:
        self._outbox = outbox
        self._store = store

    async def changed(self, connection: PooledConnection, before: Ticket, after: Ticket, by: Actor) -> None:
        """To the new assignee, to those who watch, and to other systems."""
        key = f"ticket:{after.id}:{after.version}"
        data = {"ticket": after.number, "title": after.title, "status": after.status, "level": after.level}
        kind = _TYPES.get(after.status, "ticket.updated") if after.status != before.status else "ticket.updated"
        await self._put(connection, kind, Integrators(), data, key)
        if after.assignee is not None and after.assignee not in (before.assignee, by.id):
            told = {"ticket": after.number, "title": after.title, "level": after.level}
            await self._put(connection, "ticket_assigned", Staff(after.assignee), told, f"{key}:assigned")
        if after.status != before.status:
            told = {"ticket": after.number, "title": after.title, "status": after.status, "by": by.name or ""}
            for account_id in await self._concerned(connection, after, but=(by.id, _new_assignee(before, after))):
                await self._put(connection, "ticket_changed", Staff(account_id), told, f"{key}:{account_id}")

    async def commented(
        self,
        connection: PooledConnection,
        ticket: Ticket,
        visibility: Visibility,
        by: Actor,
        text: str,
        threads: Sequence[Thread],
        *,
        first: bool,
    ) -> None:
        """A public word of ours to customers who are away (``first``: there was none before); a customer's to those
        whose ticket it is.
        """
        key = f"ticket:{ticket.id}:comment:{ticket.comment_count}"
        if by.kind == "customer":
            told = {"ticket": ticket.number, "title": ticket.title, "text": text}
            for account_id in await self._concerned(connection, ticket):
                await self._put(connection, "ticket_replied", Staff(account_id), told, f"{key}:{account_id}")
        elif visibility == "public":
            kind = "message_answered" if first and ticket.source in _WENT_AWAY else "ticket_updated"
            more = {"text": text, "agent": by.name or ""}
            await self._to_customers(connection, kind, ticket, threads, more, key)

    async def solved(self, connection: PooledConnection, ticket: Ticket, threads: Sequence[Thread]) -> None:
        """The question whether it is solved, for customers who are away."""
        key = f"ticket:{ticket.id}:{ticket.version}:solved"
        asked = [thread for thread in threads if not thread.reader.content]
        await self._to_customers(connection, "ticket_solved", ticket, asked, {}, key)

    async def _to_customers(
        self,
        connection: PooledConnection,
        kind: str,
        ticket: Ticket,
        threads: Sequence[Thread],
        more: Mapping[str, Any],
        key: str,
    ) -> None:
        contact = self._store.contact(ticket)
        for thread in threads:
            customer_id = thread.reader.customer_id
            own = contact if customer_id == ticket.customer_id else {}
            to = Customer(customer_id, own.get("email"), own.get("phone"))
            told = {
                "ticket": thread.reader.number,
                "title": thread.reader.title_of(ticket),
                "status": ticket.status,
                "conversation_id": str(thread.conversation_id),
                "locale": thread.locale,
                **more,
            }
            await self._put(connection, kind, to, told, f"{key}:{customer_id}")

    async def _concerned(
        self, connection: PooledConnection, ticket: Ticket, but: Iterable[UUID | None] = ()
    ) -> list[UUID]:
        """Whose it is and who watches it."""
        watchers = [watcher.id for watcher in await self._store.watchers(ticket.id, connection)]
        everybody = dict.fromkeys([*([ticket.assignee] if ticket.assignee else []), *watchers])
        return [account_id for account_id in everybody if account_id not in set(but)]

    async def _put(
        self, connection: PooledConnection, kind: str, to: Recipient, data: Mapping[str, Any], key: str
    ) -> None:
        await self._outbox.put(Notice(kind, to, data, key), connection)


def _new_assignee(before: Ticket, after: Ticket) -> UUID | None:
    return after.assignee if after.assignee != before.assignee else None

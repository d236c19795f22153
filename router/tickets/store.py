"""Tickets as the database has them: reads, locks and single statements by name; it decides nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from asyncpg import Record

from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.errors import NotFound
from router.payloads.log import AgentRef
from router.payloads.tickets import TicketMark
from router.security.claims import is_storable
from router.security.sealing import SealBroken, Sealer
from router.tickets.records import Comment, Entry, Ticket
from router.tickets.tickets import contact_place

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """A customer who hears of a ticket, under their own number and title, in the thread of their site and channel.

    ``content``: they said that it is solved, and it is not over only because others share it.
    """

    customer_id: UUID
    site: str
    channel: str
    number: str
    locale: str
    title: str = ""
    content: bool = False

    def title_of(self, ticket: Ticket) -> str:
        """What they call the matter of a ticket: never what another customer wrote."""
        return ticket.title if self.number == ticket.number else self.title


class TicketStore:
    """The statements of ``queries.sql``; on the caller's connection where one is given."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self.sql = load_queries(Path(__file__))

    async def one(self, ticket_id: UUID, connection: PooledConnection | None = None) -> Ticket:
        """Raises `NotFound`."""
        return _existing(await (connection or self._database).fetchrow(self.sql["ticket"], ticket_id))

    async def named(self, name: str) -> Ticket:
        """By id or by number; raises `NotFound`."""
        if not is_storable(name):
            raise NotFound("there is no such ticket")
        try:
            return await self.one(UUID(name))
        except ValueError:
            return _existing(await self._database.fetchrow(self.sql["ticket_by_number"], name))

    async def visible(self, colleague: Colleague, name: str) -> Ticket:
        """The one door to a ticket for colleagues, by id or number; what they may not see is not found."""
        ticket = await self.named(name)
        if not colleague.is_supervisor and not await self._database.fetchval(
            self.sql["may_see"], ticket.id, colleague.ref.id, sorted(colleague.group_ids)
        ):
            raise NotFound("there is no such ticket")
        return ticket

    async def locked(self, connection: PooledConnection, ids: Collection[UUID]) -> dict[UUID, Ticket]:
        """Held until the commit; raises `NotFound` where one is missing."""
        rows = await connection.fetch(self.sql["lock_tickets"], list(ids))
        if len(rows) != len(set(ids)):
            raise NotFound("there is no such ticket")
        return {row["id"]: Ticket.from_row(row) for row in rows}

    async def audience(self, connection: PooledConnection, ticket_id: UUID) -> list[Reader]:
        """The customers of a ticket and of what was merged into it, each once."""
        rows = await connection.fetch(self.sql["audience"], ticket_id)
        return [Reader(**dict(row)) for row in rows]

    async def listed(
        self,
        colleague: Colleague,
        filters: Mapping[str, Any],
        below: UUID | None,
        limit: int,
    ) -> list[Ticket]:
        """Newest first; ``filters`` as the HTTP list takes them."""
        text = filters.get("text")
        rows = await self._database.fetch(
            self.sql["list"],
            below,
            colleague.ref.id,
            None if colleague.is_supervisor else sorted(colleague.group_ids),
            filters.get("statuses"),
            filters.get("assignee"),
            bool(filters.get("unassigned")),
            filters.get("group_id"),
            filters.get("level"),
            filters.get("category"),
            filters.get("customer_id"),
            filters.get("company"),
            bool(filters.get("overdue")),
            f"%{_like(text)}%" if text else None,
            limit,
        )
        return [Ticket.from_row(row) for row in rows]

    async def comments(self, ticket_id: UUID, connection: PooledConnection | None = None) -> list[Comment]:
        rows = await (connection or self._database).fetch(self.sql["comments"], ticket_id)
        return [Comment.from_row(row) for row in rows]

    async def history(self, ticket_id: UUID, connection: PooledConnection | None = None) -> list[Entry]:
        rows = await (connection or self._database).fetch(self.sql["history"], ticket_id)
        return [Entry.from_row(row) for row in rows]

    async def watchers(self, ticket_id: UUID, connection: PooledConnection | None = None) -> list[AgentRef]:
        rows = await (connection or self._database).fetch(self.sql["watchers_of"], ticket_id)
        return [agent_ref(row) for row in rows]

    async def duplicates(self, ticket_id: UUID, connection: PooledConnection | None = None) -> list[TicketMark]:
        rows = await (connection or self._database).fetch(self.sql["duplicates_of"], ticket_id)
        return [mark_of(row) for row in rows]

    async def conversations(
        self, ticket_ids: Collection[UUID], connection: PooledConnection | None = None
    ) -> dict[UUID, list[Record]]:
        rows = await (connection or self._database).fetch(self.sql["conversations_of_tickets"], list(ticket_ids))
        found: dict[UUID, list[Record]] = {}
        for row in rows:
            found.setdefault(row["ticket_id"], []).append(row)
        return found

    async def marks(self, conversation_ids: Collection[UUID]) -> dict[UUID, list[TicketMark]]:
        """The tickets that belong to some conversations."""
        if not conversation_ids:
            return {}
        found: dict[UUID, list[TicketMark]] = {}
        for row in await self._database.fetch(self.sql["tickets_of_conversations"], list(conversation_ids)):
            found.setdefault(row["conversation_id"], []).append(mark_of(row))
        return found

    async def names(
        self, account_ids: Collection[UUID], connection: PooledConnection | None = None
    ) -> dict[UUID, AgentRef]:
        if not account_ids:
            return {}
        rows = await (connection or self._database).fetch(self.sql["names_of"], list(account_ids))
        return {row["id"]: agent_ref(row) for row in rows}

    def contact(self, ticket: Ticket) -> dict[str, str]:
        """Phone and e-mail that were left with the ticket; empty where there are none."""
        if ticket.contact_sealed is None:
            return {}
        try:
            opened = self._sealer.open(ticket.contact_sealed, contact_place(ticket.id))
        except SealBroken:
            log.error("ticket %s: the sealed contact does not open", ticket.id)
            return {}
        return msgspec.json.decode(opened, type=dict[str, str])

    def seal_contact(self, ticket_id: UUID, contact: Mapping[str, str]) -> bytes | None:
        if not contact:
            return None
        return self._sealer.seal(msgspec.json.encode(contact).decode(), contact_place(ticket_id))

    async def update(self, connection: PooledConnection, before: Ticket, after: Ticket, at: datetime) -> None:
        """Stores what can change of a locked ticket; its version grows by one."""
        status = await connection.execute(
            self.sql["update_ticket"],
            before.id,
            before.version,
            after.status,
            after.title,
            after.summary,
            after.level,
            after.category,
            after.assignee,
            after.group_id,
            after.tracker_kind,
            after.tracker_number,
            after.tracker_url,
            after.contact_sealed,
            after.solved_at,
            after.closes_at,
            after.closed_at,
            after.reopened_at,
            after.reopened,
            after.merged_into,
            after.merged_at,
            at,
        )
        if status != "UPDATE 1":
            raise AssertionError("a locked ticket changed its version")


def agent_ref(row: Record) -> AgentRef:
    return AgentRef(id=row["id"], name=row["public_name"], staff_number=row["staff_number"])


def mark_of(row: Record | Ticket) -> TicketMark:
    if isinstance(row, Ticket):
        return TicketMark(id=row.id, number=row.number, title=row.title, status=row.status, level=row.level)
    return TicketMark(id=row["id"], number=row["number"], title=row["title"], status=row["status"], level=row["level"])


def _existing(row: Record | None) -> Ticket:
    if row is None:
        raise NotFound("there is no such ticket")
    return Ticket.from_row(row)


def _like(text: str) -> str:
    """The text itself, for LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

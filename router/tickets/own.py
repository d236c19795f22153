"""What customers read of their tickets: titles, states, their own words and ours to them; nothing internal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, UnsetType

from bot import dissatisfaction
from database.clock import Clock
from database.pool import Database
from router.errors import NotFound
from router.payloads.tickets import OwnComment, OwnTicket, OwnTicketAck, OwnTicketDetail, TicketsAck
from router.tickets.records import Comment, Ticket
from router.tickets.states import Terms
from router.tickets.store import TicketStore

if TYPE_CHECKING:
    from database.pool import PooledConnection

_PAGE = 20
#: What a ticket that waits for its customer is.
_WAITS = frozenset({"waiting_customer", "solved"})
#: Fragments of one answer arrive within this time of each other.
_FRAGMENTS = timedelta(seconds=8)


class OwnTickets:
    """The one door to a customer's ticket: somebody else's is not found."""

    def __init__(self, database: Database, store: TicketStore, terms: Callable[[], Terms], clock: Clock) -> None:
        self._database = database
        self._sql = store.sql
        self._terms = terms
        self._clock = clock

    async def has_any(self, customer_id: UUID) -> bool:
        return bool(await self._database.fetchval(self._sql["has_tickets"], customer_id))

    async def listed(self, customer_id: UUID, before: str | None) -> TicketsAck:
        """Newest first."""
        rows = await self._database.fetch(self._sql["of_customer"], customer_id, before, _PAGE + 1)
        return TicketsAck(tickets=[self._view(row) for row in rows[:_PAGE]], more=len(rows) > _PAGE)

    async def one(self, customer_id: UUID, number: str) -> OwnTicketAck:
        """Raises `NotFound`."""
        row = await self._database.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            raise NotFound("there is no such ticket")
        view, ticket = self._view(row), Ticket.from_row(row)
        rows = await self._database.fetch(
            self._sql["public_comments"], ticket.id, ticket.merged_into, ticket.merged_at, customer_id
        )
        detail = OwnTicketDetail(
            **{name: getattr(view, name) for name in view.__struct_fields__},
            text=ticket.text,
            comments=[_comment(Comment.from_row(each)) for each in rows],
        )
        return OwnTicketAck(ticket=detail)

    async def own(self, connection: PooledConnection, customer_id: UUID, number: str) -> Ticket:
        """Raises `NotFound`."""
        row = await connection.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            raise NotFound("there is no such ticket")
        return Ticket.from_row(row)

    async def asking(self, customer_id: UUID, conversation_id: UUID, text: str) -> str | None:
        """The number of the ticket that a text answers: whose words stand last in the thread, if it waits for its
        customer, or they are in the middle of answering it, or they say that it is not solved after all.
        """
        last = await self._database.fetchrow(self._sql["asking_ticket"], conversation_id)
        if last is None or last["number"] is None:
            return None
        number: str = last["number"]
        row = await self._database.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            return None
        ticket = Ticket.from_row(row)
        status = ticket.status if ticket.merged_into is None else row["merged_status"]
        if status == "closed":
            now = self._clock.now()
            return number if dissatisfaction.detect(text) and self._terms().may_reopen(ticket, now) else None
        answering = last["actor_kind"] == "customer" and self._clock.now() - last["at"] <= _FRAGMENTS
        return number if status in _WAITS or answering else None

    def _view(self, row: Record) -> OwnTicket:
        ticket, terms = Ticket.from_row(row), self._terms()
        if row["merged_number"] is not None:  # what goes on in its place speaks for it
            return OwnTicket(
                number=ticket.number,
                title=ticket.title,
                status=row["merged_status"],
                created_at=ticket.created_at,
                updated_at=row["merged_updated_at"],
                may_answer=row["merged_status"] != "closed",
                **({"merged_into": row["merged_number"]} if row["merged_own"] else {}),
            )
        until = terms.reopens_until(ticket)
        return OwnTicket(
            number=ticket.number,
            title=ticket.title,
            status=ticket.status,
            created_at=ticket.created_at,
            updated_at=ticket.updated_at,
            may_answer=ticket.status != "closed" or terms.may_reopen(ticket, self._clock.now()),
            closes_at=_given(ticket.closes_at),
            answers_until=_given(until),
        )


def _given(at: datetime | None) -> datetime | UnsetType:
    return UNSET if at is None else at


def _comment(comment: Comment) -> OwnComment:
    kind = comment.actor.kind
    return OwnComment(
        by="customer" if kind == "customer" else "agent" if kind == "agent" else "system",
        at=comment.at,
        text=comment.text,
        name=comment.actor.name if kind == "agent" and comment.actor.name else UNSET,
    )

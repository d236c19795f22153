"""What customers read of their tickets: titles, states, their own words and ours to them; nothing internal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, UnsetType

from bot import dissatisfaction, wish
from database.clock import Clock
from database.pool import Database
from router.errors import Invalid, NotFound
from router.payloads.log import Attachment
from router.payloads.tickets import OwnComment, OwnTicket, OwnTicketAck, OwnTicketDetail, TicketsAck
from router.security.claims import is_storable
from router.tickets.records import Comment, Ticket
from router.tickets.states import Terms
from router.tickets.store import TicketStore
from router.tickets.views import FilesOfComments, words_beside

if TYPE_CHECKING:
    from database.pool import PooledConnection

_PAGE = 20
#: What a ticket that waits for its customer is.
_WAITS = frozenset({"waiting_customer", "solved"})
#: The same trouble as before: 它又坏了, 还是空白, it is broken again.
_AGAIN = re.compile(
    "又(?![想要来]?[问请])|还是|依旧|依然|仍然|仍旧|没好|没解决|没修好|复发|老问题|老毛病|"
    r"\bagain\b|\bstill\b|not (?:fixed|solved|resolved)|まだ|また|otra vez|todavía|sigue",
    re.IGNORECASE,
)
#: Fragments of one answer arrive within this time of each other.
_FRAGMENTS = timedelta(seconds=8)
#: What begins a new conversation within this time goes on with what a colleague has taken on by name.
_GOES_ON = timedelta(days=1)


class OwnTickets:
    """The one door to a customer's ticket: somebody else's is not found."""

    def __init__(
        self,
        database: Database,
        store: TicketStore,
        files: FilesOfComments,
        terms: Callable[[], Terms],
        clock: Clock,
    ) -> None:
        self._database = database
        self._sql = store.sql
        self._files = files
        self._terms = terms
        self._clock = clock

    async def has_any(self, customer_id: UUID) -> bool:
        return bool(await self._database.fetchval(self._sql["has_tickets"], customer_id))

    async def listed(self, customer_id: UUID, before: str | None) -> TicketsAck:
        """Newest first."""
        if before is not None and not is_storable(before):
            raise Invalid("before is the number of a ticket", field="before")
        rows = await self._database.fetch(self._sql["of_customer"], customer_id, before, _PAGE + 1)
        return TicketsAck(tickets=[self._view(row) for row in rows[:_PAGE]], more=len(rows) > _PAGE)

    async def one(self, customer_id: UUID, number: str) -> OwnTicketAck:
        """Raises `NotFound`."""
        row = None
        if is_storable(number):
            row = await self._database.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            raise NotFound("there is no such ticket")
        view, ticket = self._view(row), Ticket.from_row(row)
        rows = await self._database.fetch(self._sql["public_comments"], ticket.id, customer_id)
        files = await self._files(list({each["ticket_id"] for each in rows}))
        detail = OwnTicketDetail(
            **{name: getattr(view, name) for name in view.__struct_fields__},
            text=ticket.text,
            comments=[
                _comment(Comment.from_row(each), files.get((each["ticket_id"], each["number"]), [])) for each in rows
            ],
        )
        return OwnTicketAck(ticket=detail)

    async def own(self, connection: PooledConnection, customer_id: UUID, number: str) -> Ticket:
        """Raises `NotFound`."""
        row = None
        if is_storable(number):
            row = await connection.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            raise NotFound("there is no such ticket")
        return Ticket.from_row(row)

    async def asking(self, customer_id: UUID, conversation_id: UUID, text: str) -> str | None:
        """The number of the ticket that a text answers: whose words stand last in the thread, if it waits for its
        customer, or they are in the middle of answering it, or they say that it is not solved after all. Below one
        that a colleague has taken on by name, everything answers it but the wish for a human in the chat.
        """
        last = await self._database.fetchrow(self._sql["asking_ticket"], conversation_id)
        if last is None or last["number"] is None:
            return None
        number: str = last["number"]
        row = await self._database.fetchrow(self._sql["own_ticket"], customer_id, number)
        if row is None:
            return None
        if row["seen_status"] == "closed":
            goes_on = dissatisfaction.detect(text) or _AGAIN.search(text)
            return number if goes_on and self._may_answer(row) else None
        since = self._clock.now() - last["at"]
        if row["is_owned"] and last["with_bot"] and (last["conversation_id"] == conversation_id or since <= _GOES_ON):
            sign = wish.read(text)
            return None if sign is not None and sign.kind != "refused" else number
        answering = last["actor_kind"] == "customer" and since <= _FRAGMENTS
        return number if row["seen_status"] in _WAITS or answering else None

    def _may_answer(self, row: Record) -> bool:
        until = self._answers_until(row)
        return until is None or self._clock.now() <= until

    def _answers_until(self, row: Record) -> datetime | None:
        """None for what is not closed."""
        at: datetime | None = row["ended_at"]
        return None if at is None else at + self._terms().reopen_for

    def _view(self, row: Record) -> OwnTicket:
        ends = row["closes_at"] if row["merged_number"] is None and row["seen_status"] == "solved" else None
        return OwnTicket(
            number=row["number"],
            title=row["title"],
            status=row["seen_status"],
            created_at=row["created_at"],
            updated_at=row["seen_at"],
            may_answer=self._may_answer(row),
            closes_at=_given(ends),
            answers_until=_given(self._answers_until(row)),
            **({"merged_into": row["merged_number"]} if row["merged_own"] else {}),
        )


def _given(at: datetime | None) -> datetime | UnsetType:
    return UNSET if at is None else at


def _comment(comment: Comment, files: list[Attachment]) -> OwnComment:
    kind = comment.actor.kind
    return OwnComment(
        by="customer" if kind == "customer" else "agent" if kind == "agent" else "system",
        at=comment.at,
        text=words_beside(comment.text, files),
        name=comment.actor.name if kind == "agent" and comment.actor.name else UNSET,
        attachments=files or UNSET,
    )

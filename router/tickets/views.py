"""Tickets as the desk's pages read them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from database.clock import Clock
from router.clocks.clocks import Clocks
from router.conversations.messages import in_a_list
from router.customers.customers import Customers
from router.payloads.clocks import ClockState
from router.payloads.desk import CustomerCard
from router.payloads.log import AgentRef, Attachment
from router.payloads.tickets import TicketStatus
from router.tickets.bodies import (
    CommentView,
    ContactView,
    EntryView,
    LinkedConversation,
    TicketDetail,
    TicketView,
    Tracker,
)
from router.tickets.records import Comment, Ticket
from router.tickets.states import Terms, moves
from router.tickets.store import TicketStore, mark_of

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: The files in some conversations.
FilesOf = Callable[[Sequence[UUID]], Awaitable[list[Attachment]]]


class FilesOfComments(Protocol):
    """The files of some tickets' comments, by ticket and number."""

    async def __call__(
        self, ticket_ids: Sequence[UUID], connection: PooledConnection | None = None
    ) -> Mapping[tuple[UUID, int], list[Attachment]]: ...


class Views:
    """Reads what belongs to tickets; whoever calls has checked that the reader may see them."""

    def __init__(
        self,
        store: TicketStore,
        customers: Customers,
        clocks: Clocks,
        files: FilesOf,
        files_of_comments: FilesOfComments,
        terms: Callable[[], Terms],
        clock: Clock,
    ) -> None:
        self._store = store
        self._customers = customers
        self._clocks = clocks
        self._files = files
        self._files_of_comments = files_of_comments
        self._terms = terms
        self._clock = clock

    async def listed(self, tickets: Sequence[Ticket]) -> list[TicketView]:
        """In their order."""
        cards = await self._customers.cards({ticket.customer_id for ticket in tickets}) if tickets else {}
        names = await self._store.names({ticket.assignee for ticket in tickets if ticket.assignee})
        clocks = await self._clocks.of("ticket", [ticket.id for ticket in tickets])
        return [TicketView(**_fields(ticket, cards, names, clocks)) for ticket in tickets]

    async def detail(self, ticket: Ticket, connection: PooledConnection | None = None) -> TicketDetail:
        """With comments, history, conversations, watchers and duplicates."""
        store = self._store
        cards = await self._customers.cards({ticket.customer_id})
        ids = {each for each in (ticket.assignee, ticket.created_by) if each}
        names = await store.names(ids, connection)
        linked = await store.conversations([ticket.id], connection)
        files = await self._files_of_comments([ticket.id], connection)
        goes_on_in = None if ticket.merged_into is None else await store.one(ticket.merged_into, connection)
        return TicketDetail(
            **_fields(ticket, cards, names, await self._clocks.of("ticket", [ticket.id], connection)),
            source=ticket.source,
            conversation_id=ticket.conversation_id,
            summary=ticket.summary,
            text=ticket.text,
            tier=ticket.tier,
            contact=ContactView(**(store.contact(ticket) or await self._known_contact(ticket.customer_id))),
            created_by=names.get(ticket.created_by) if ticket.created_by else None,
            first_reply_at=ticket.first_reply_at,
            reopened_at=ticket.reopened_at,
            moves=self._moves(ticket, self._clock.now()),
            discussion=[
                _comment(comment, files.get((ticket.id, comment.number), []))
                for comment in await store.comments(ticket.id, connection)
            ],
            history=[
                EntryView(version=entry.version, at=entry.at, by=entry.actor, changes=entry.changes)
                for entry in await store.history(ticket.id, connection)
            ],
            conversations=[
                LinkedConversation(
                    id=row["id"],
                    state=row["state"],
                    started_at=row["started_at"],
                    last_at=row["last_at"],
                    last_text=row["last_text"],
                )
                for row in linked.get(ticket.id, [])
            ],
            attachments=await self._files([row["id"] for row in linked.get(ticket.id, [])]),
            watchers=await store.watchers(ticket.id, connection),
            duplicates=await store.duplicates(ticket.id, connection),
            goes_on_in=None if goes_on_in is None else mark_of(goes_on_in),
        )

    async def _known_contact(self, customer_id: UUID) -> dict[str, str]:
        """What is known of the customer, where nothing was left with the ticket."""
        customer = await self._customers.get(customer_id)
        known = {"phone": customer.phone, "email": customer.email}
        return {name: value for name, value in known.items() if value}

    def _moves(self, ticket: Ticket, now: datetime) -> list[TicketStatus]:
        return moves(ticket, self._terms(), now)


def _comment(comment: Comment, files: list[Attachment]) -> CommentView:
    return CommentView(
        number=comment.number,
        visibility=comment.visibility,
        by=comment.actor,
        at=comment.at,
        text=words_beside(comment.text, files),
        attachments=files,
    )


def words_beside(text: str, files: Sequence[Attachment]) -> str:
    """What a comment says beside its files: what lists call them is no words of anybody's."""
    return "" if files and text == in_a_list("", files) else text


def _fields(
    ticket: Ticket,
    cards: Mapping[UUID, CustomerCard],
    names: Mapping[UUID, AgentRef],
    clocks: Mapping[UUID, list[ClockState]],
) -> dict[str, Any]:
    tracker = None
    if ticket.tracker_kind is not None and ticket.tracker_number is not None:
        tracker = Tracker(kind=ticket.tracker_kind, number=ticket.tracker_number, url=ticket.tracker_url)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "title": ticket.title,
        "status": ticket.status,
        "level": ticket.level,
        "category": ticket.category,
        "customer": cards.get(ticket.customer_id) or CustomerCard(id=ticket.customer_id),
        "assignee": names.get(ticket.assignee) if ticket.assignee else None,
        "group_id": ticket.group_id,
        "tracker": tracker,
        "version": ticket.version,
        "comments": ticket.comment_count,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "solved_at": ticket.solved_at,
        "closes_at": ticket.closes_at,
        "closed_at": ticket.closed_at,
        "reopened": ticket.reopened,
        "merged_into": ticket.merged_into,
        "clocks": clocks.get(ticket.id, []),
    }

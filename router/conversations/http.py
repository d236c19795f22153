"""Conversations over HTTP, for agents: lists and one conversation with its log; talking goes over the socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from router.agents.records import Account, portrait_url
from router.api import Call, Route
from router.clocks.clocks import Clocks
from router.conversations.colleague import Colleague
from router.conversations.handling import Handling
from router.conversations.reading import Reading, unread_for_agent
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.paging import PageQuery, cursor_of, id_of
from router.payloads.clocks import ClockState
from router.payloads.desk import AgentConversation, CustomerCard
from router.payloads.log import AgentRef, Event, Note, State
from router.payloads.tickets import TicketMark

DESK = frozenset({"agent", "supervisor", "admin"})
_SUPERVISING = frozenset({"supervisor", "admin"})


#: The tickets that belong to some conversations.
TicketMarks = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Sequence[TicketMark]]]]


class ConversationQuery(PageQuery, kw_only=True):
    state: State | None = None
    customer_id: UUID | None = None
    owner: UUID | None = None


class ConversationList(Struct, kw_only=True):
    items: list[AgentConversation]
    next: str | None = None


class ConversationDetail(Struct, kw_only=True):
    """One conversation with the first page of its log; more by ``GET …/events`` or the socket's ``sync``."""

    conversation: AgentConversation
    wrap_up: dict[str, Any] | None
    events: list[Event]
    notes: list[Note]
    more: bool


class EventsQuery(Struct, kw_only=True):
    after_seq: int = 0
    limit: int | None = None


class EventList(Struct, kw_only=True):
    events: list[Event]
    more: bool


class ConversationsHttp:
    """Who may see a conversation is asked of `Handling`, as on the socket."""

    def __init__(
        self, reading: Reading, handling: Handling, customers: Customers, tickets: TicketMarks, clocks: Clocks
    ) -> None:
        self._reading = reading
        self._tickets = tickets
        self._clocks = clocks
        self._handling = handling
        self._customers = customers

    def routes(self) -> list[Route]:
        path = "/api/v1/conversations"
        return [
            Route(
                "GET", path, self.listed, DESK, None, ConversationList, "Conversations, newest first",
                query=ConversationQuery,
            ),
            Route("GET", f"{path}/{{id}}", self.one, DESK, None, ConversationDetail, "One conversation with its log"),
            Route(
                "GET", f"{path}/{{id}}/events", self.events, DESK, None, EventList, "A page of the log",
                query=EventsQuery,
            ),
        ]  # fmt: skip

    async def listed(self, call: Call) -> ConversationList:
        query: ConversationQuery = call.query
        colleague = colleague_of(call.signed.account)
        rows = await self._reading.listed(
            state=query.state,
            customer_id=query.customer_id,
            owner=query.owner,
            group_ids=None if colleague.is_supervisor else sorted(colleague.group_ids),
            reader=colleague.ref.id,
            below=id_of(query.cursor),
            limit=query.limit + 1,
        )
        page, more = rows[: query.limit], len(rows) > query.limit
        cards = await self._customers.cards({row.customer_id for row in page}) if page else {}
        marks = await self._tickets({row.id for row in page})
        clocks = await self._clocks.of("conversation", {row.id for row in page})
        return ConversationList(
            items=[
                agent_conversation(row, cards.get(row.customer_id), marks.get(row.id, ()), clocks.get(row.id, ()))
                for row in page
            ],
            next=cursor_of(page[-1].id) if more else None,
        )

    async def one(self, call: Call) -> ConversationDetail:
        row = await self._visible(call)
        cards = await self._customers.cards({row.customer_id})
        marks = await self._tickets({row.id})
        clocks = await self._clocks.of("conversation", {row.id})
        page = await self._reading.sync_agent(row, colleague_of(call.signed.account), 0, 0, None)
        return ConversationDetail(
            conversation=agent_conversation(
                row, cards.get(row.customer_id), marks.get(row.id, ()), clocks.get(row.id, ())
            ),
            wrap_up=row.wrap_up,
            events=page.events,
            notes=page.notes,
            more=page.more,
        )

    async def events(self, call: Call) -> EventList:
        query: EventsQuery = call.query
        row = await self._visible(call)
        reader = colleague_of(call.signed.account)
        page = await self._reading.sync_agent(row, reader, query.after_seq, row.last_note_seq, query.limit)
        return EventList(events=page.events, more=page.more)

    async def _visible(self, call: Call) -> Conversation:
        return await self._handling.visible(colleague_of(call.signed.account), call.path_id)


def colleague_of(account: Account) -> Colleague:
    """An account as conversations know it."""
    ref = AgentRef(
        id=account.id,
        name=account.public_name,
        staff_number=account.staff_number,
        picture=portrait_url(account.portrait),
    )
    return Colleague(ref, frozenset(account.group_ids), account.has_any(_SUPERVISING))


def agent_conversation(
    row: Conversation,
    card: CustomerCard | None,
    tickets: Sequence[TicketMark] = (),
    clocks: Sequence[ClockState] = (),
) -> AgentConversation:
    """A conversation in an agent's list."""
    return AgentConversation(
        id=row.id,
        state=row.state,
        version=row.version,
        last_seq=row.last_seq,
        last_note_seq=row.last_note_seq,
        customer=card or CustomerCard(id=row.customer_id),
        last_text=row.last_text,
        unread=unread_for_agent(row),
        reason=row.handoff_reason or row.reason,
        page=row.page,
        started_at=row.started_at,
        owner=row.owner,
        last_at=row.last_at,
        tickets=list(tickets),
        clocks=list(clocks),
        customer_read_seq=row.customer_read_seq,
        **marks_of(row),
    )


def marks_of(row: Conversation) -> dict[str, Any]:
    """What an agent's list marks a conversation with: its topic, the customer's feeling, whose words stand last."""
    signals = row.signals or {}
    named = row.topic if row.topic and "/" in row.topic else None
    return {
        "topic": signals.get("topic") or named,
        "emotion": signals.get("emotion"),
        "soured": bool(signals.get("soured_at")),
        "held_until": row.held_until,
        "level": row.level,
        "last_by": "agent" if row.last_kind == "agent" else "customer",
    }

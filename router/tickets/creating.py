"""One click from a conversation: a ticket with everything that the conversation knows, or by hand for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from router.cards.card import as_stored
from router.cards.cards import Cards
from router.conversations.batch import Moment
from router.conversations.colleague import Colleague
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.messages import checked_text
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.errors import Invalid, NotFound
from router.idempotency import Repeats
from router.payloads.customers import TicketAck
from router.payloads.log import Level
from router.payloads.tickets import CreateTicket
from router.security.audit import Audit, AuditActor, AuditEntry
from router.tickets.news import News
from router.tickets.records import NewTicket, Ticket
from router.tickets.store import Reader, TicketStore
from router.tickets.threads import Threads
from router.tickets.tickets import MAX_TITLE, Tickets, at_least_second, matter_of, newest_of, summary_of
from router.tickets.writing import Done

if TYPE_CHECKING:
    from database.pool import PooledConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a colleague has filled in; None: as the conversation says."""

    conversation_id: UUID | None = None
    customer_id: UUID | None = None
    title: str | None = None
    summary: str | None = None
    level: Level | None = None
    category: str | None = None
    assignee_id: UUID | None = None
    group_id: UUID | None = None
    contact: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """What a conversation says about the ticket that could be made from it."""

    title: str
    summary: str
    text: str
    level: Level
    category: str | None
    contact: Mapping[str, str] = field(repr=False)


class Creating:
    """The same by socket and HTTP; a conversation that is closed gives a ticket too."""

    def __init__(
        self,
        database: Database,
        store: TicketStore,
        threads: Threads,
        tickets: Tickets,
        conversations: Conversations,
        customers: Customers,
        cards: Cards,
        news: News,
        repeats: Repeats,
        audit: Audit,
        clock: Clock,
        *,
        default_site: str,
    ) -> None:
        self._database = database
        self._store = store
        self._threads = threads
        self._tickets = tickets
        self._conversations = conversations
        self._customers = customers
        self._cards = cards
        self._news = news
        self._repeats = repeats
        self._audit = audit
        self._clock = clock
        self._default_site = default_site

    async def by_click(self, colleague: Colleague, wish: CreateTicket) -> dict[str, Any]:
        """`create_ticket`: the acknowledgement, the same for a repeat."""
        told: list[Done] = []

        async def work(connection: PooledConnection) -> TicketAck:
            filled = Wish(
                conversation_id=wish.conversation_id,
                title=wish.title,
                level=wish.level,
                assignee_id=wish.assignee_id,
            )
            done = await self.create(connection, colleague, filled)
            told.append(done)
            return TicketAck(ticket=done.ticket.number)

        stored = await self._repeats.once(colleague.ref.id, wish.client_id, None, work)
        await self._news.tell(*told)
        body: dict[str, Any] = stored.body
        return body

    async def create(self, connection: PooledConnection, colleague: Colleague, wish: Wish) -> Done:
        """Raises `NotFound` for a conversation that the colleague may not see, `Invalid` for what does not fit."""
        row = await self._source(connection, colleague, wish)
        await self._check(connection, wish)
        filled = await self.prefilled(row)
        if wish.conversation_id is None:  # what the customer talks about just now may be another matter
            if wish.title is None:
                raise Invalid("a ticket needs a title", field="title")
            filled = replace(filled, text="", summary="", category=None, level="L2")
        level, owner = wish.level or filled.level, wish.assignee_id
        if level == "L3" and owner is None:  # nobody's is what the line has; L3 has an owner
            owner = await connection.fetchval(self._store.sql["company_owner"], row.customer_id) or colleague.ref.id
        new = NewTicket(
            actor=colleague.actor,
            text=filled.text,
            title=_line(wish.title, "title") or filled.title,
            summary=_words(wish.summary) or filled.summary,
            level=level,
            category=_line(wish.category, "category") or filled.category,
            contact=filled.contact if wish.contact is None else wish.contact,
            group_id=wish.group_id,
            assignee_id=owner,
        )
        reader = Reader(row.customer_id, row.site, row.channel, "", row.locale or "zh-CN")
        threads = await self._threads.hold(connection, [reader])
        counter = self._tickets.counter_name(self._clock.now())
        number: int = await connection.fetchval(self._store.sql["take_number"], counter)
        made = self._tickets.draft(row, Moment(self._clock.now(), {}, {counter: number}), new)
        said = {thread.conversation_id: (made.event,) for thread in threads}
        for statement in made.statements:
            await connection.execute(statement.sql, *statement.arguments)
        committed = await self._threads.write(connection, said)
        for conversation_id in said:
            await connection.execute(
                self._store.sql["link"], made.id, conversation_id, self._clock.now(), "system", None
            )
        ticket: Ticket = await self._store.one(made.id, connection)
        actor = AuditActor("agent", colleague.ref.id, colleague.ref.name)
        entry = AuditEntry(actor, "ticket.created", "ticket", str(made.id), {"number": made.number})
        await self._audit.record(connection, entry)
        return Done(ticket, "created", colleague.actor, committed)

    async def prefilled(self, row: Conversation) -> Prefilled:
        """Title, summary, level, category and contact as far as the conversation knows them."""
        card = await self._cards.of(row)
        row = msgspec.structs.replace(row, card=as_stored(card))
        text = matter_of(row)
        topic = (row.signals or {}).get("topic") or row.topic
        customer = await self._customers.get(row.customer_id)
        contact = {"phone": customer.phone, "email": customer.email}
        return Prefilled(
            title=newest_of(row),
            summary=summary_of(row, text),
            text=text,
            level=at_least_second(row.level),
            category=topic if isinstance(topic, str) and "/" in topic else None,
            contact={name: value for name, value in contact.items() if value},
        )

    async def _source(self, connection: PooledConnection, colleague: Colleague, wish: Wish) -> Conversation:
        """The conversation that the ticket comes from; for a customer without one, their thread."""
        sql = self._store.sql
        if wish.conversation_id is not None:
            record: Record | None = await connection.fetchrow(sql["conversation_for_ticket"], wish.conversation_id)
            if record is None:
                raise NotFound("conversation not found")
            row = Conversation.from_row(record)
            colleague.require_sight(row)
            return row
        if wish.customer_id is None:
            raise Invalid("a ticket needs conversation_id or customer_id")
        customer = await self._customers.get(wish.customer_id)
        last = await connection.fetchrow(sql["conversation_of_customer"], customer.id)
        site, channel = (last["site"], last["channel"]) if last else (self._default_site, "web")
        place = Place(customer.id, site, channel, customer.locale or "zh-CN")
        opened = await self._conversations.opened(place)
        if opened is None:
            raise Invalid("this customer has no thread in which they could hear of it", field="customer_id")
        return opened

    async def _check(self, connection: PooledConnection, wish: Wish) -> None:
        sql = self._store.sql
        if wish.assignee_id is not None and await connection.fetchrow(sql["assignable"], wish.assignee_id) is None:
            raise Invalid("there is no such colleague", field="assignee_id")
        if wish.group_id is not None and not await connection.fetchval(sql["group_exists"], wish.group_id):
            raise Invalid("there is no such group", field="group_id")


def _line(text: str | None, name: str) -> str | None:
    if text is None or not text.strip():
        return None
    return checked_text(" ".join(text.split()), limit=MAX_TITLE, field=name)


def _words(text: str | None) -> str | None:
    return checked_text(text, field="summary") if text is not None and text.strip() else None

"""How a ticket changes: under its lock, with a line of history, heard in its customers' threads, all in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from database.clock import Clock
from router.conversations.records import Committed, NewEvent
from router.errors import Conflict
from router.payloads.log import Actor
from router.payloads.tickets import TicketDeed
from router.security.audit import Audit, AuditActor, AuditEntry
from router.tickets.notices import Notices
from router.tickets.records import Ticket, Visibility
from router.tickets.store import Reader, TicketStore
from router.tickets.threads import Thread, Threads, words_of
from router.tickets.tickets import Tickets
from router.tickets.timing import Timing

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: What history tells of; everything else follows from these. The contact is said to have changed, not what it is.
_TOLD = frozenset(
    {
        "status", "title", "summary", "level", "category", "assignee", "group_id", "tracker_kind", "tracker_number",
        "tracker_url", "contact_sealed",
    }
)  # fmt: skip

#: What a thread is told: events for the log, by thread.
Speech = Callable[[Thread], Sequence[NewEvent]]


@dataclass(frozen=True, slots=True)
class Held:
    """Locked tickets and threads, at one moment."""

    now: datetime
    tickets: Mapping[UUID, Ticket]
    threads: Sequence[Thread]

    def of(self, ticket_id: UUID) -> Ticket:
        return self.tickets[ticket_id]


@dataclass(frozen=True, slots=True)
class Done:
    """What was changed, to be told after the commit: see `TicketNews.tell`."""

    ticket: Ticket
    what: TicketDeed
    by: Actor
    committed: tuple[Committed, ...] = ()


class Writing:
    """Locks in one order, as everybody does: conversations first, then counters, then tickets."""

    def __init__(
        self,
        store: TicketStore,
        threads: Threads,
        tickets: Tickets,
        notices: Notices,
        timing: Timing,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._store = store
        self._threads = threads
        self._tickets = tickets
        self._notices = notices
        self._timing = timing
        self._audit = audit
        self._clock = clock

    async def hold(self, connection: PooledConnection, *ids: UUID, heard: bool) -> Held:
        """``heard``: the customers will hear of it, so their threads are opened and held as well.

        Raises `NotFound`; `Conflict` where the ticket was merged at this very moment.
        """
        readers = await self._readers(connection, ids) if heard else {}
        threads = await self._threads.hold(connection, list(readers.values())) if readers else []
        tickets = await self._store.locked(connection, ids)
        now_read = await self._readers(connection, ids) if heard else {}
        if set(now_read) - set(readers):
            raise Conflict("the ticket was merged just now; try again")
        threads = [replace(each, reader=now_read.get(each.reader.customer_id, each.reader)) for each in threads]
        return Held(self._clock.now(), tickets, threads)

    async def _readers(self, connection: PooledConnection, ids: Sequence[UUID]) -> dict[UUID, Reader]:
        """By customer; of several tickets, what is known of the first."""
        readers = []
        for ticket_id in ids:
            readers += await self._store.audience(connection, ticket_id)
        return {reader.customer_id: reader for reader in reversed(readers)}

    async def confirm(
        self, connection: PooledConnection, ticket: Ticket, customer_id: UUID, since: datetime | None
    ) -> None:
        """A ticket that others share is solved for this customer; None: it is not after all."""
        await connection.execute(self._store.sql["confirm"], ticket.id, customer_id, since)

    async def ask_again(self, connection: PooledConnection, ticket: Ticket) -> None:
        """Whoever called it solved will be asked again."""
        await connection.execute(self._store.sql["ask_again"], ticket.id)

    async def say(self, connection: PooledConnection, held: Held, speech: Speech) -> tuple[Committed, ...]:
        """Into every held thread what ``speech`` has for it; the threads then belong to the tickets."""
        said = {thread.conversation_id: events for thread in held.threads if (events := speech(thread))}
        committed = await self._threads.write(connection, said)
        for ticket_id in held.tickets:
            for conversation_id in said:
                await connection.execute(self._store.sql["link"], ticket_id, conversation_id, held.now, "system", None)
        return committed

    async def change(
        self,
        connection: PooledConnection,
        held: Held,
        before: Ticket,
        changed: Mapping[str, Any],
        by: Actor,
        more: Mapping[str, Any] | None = None,
    ) -> Ticket:
        """The ticket with these columns changed, its line of history and the audit's; ``more`` is told beside them."""
        after = replace(before, **changed)
        told = {**_difference(before, after), **(more or {})}
        if not told:
            return before
        await self._store.update(connection, before, after, held.now)
        after = replace(after, version=before.version + 1, updated_at=held.now)
        entry = self._tickets.entry(before.id, after.version, by.kind, by.id, by.name, held.now, told)
        for statement in (entry, *self._timing.changed(before, after, held.now)):
            await connection.execute(statement.sql, *statement.arguments)
        await self._record(connection, "ticket.changed", after, by, {"fields": sorted(told)})
        await self._notices.changed(connection, before, after, by)
        return after

    async def comment(
        self,
        connection: PooledConnection,
        held: Held,
        ticket: Ticket,
        visibility: Visibility,
        by: Actor,
        text: str,
        *,
        via: UUID | None = None,
        said: Sequence[Committed] = (),
    ) -> Ticket:
        """The ticket with one more comment; ``said`` is where the customers read it."""
        number = ticket.comment_count + 1
        message = next((words for each in said if (words := words_of(each)) is not None), None)
        place = (None, None) if message is None else (message.conversation_id, message.seq)
        await connection.execute(
            self._store.sql["insert_comment"],
            ticket.id, number, visibility, by.kind, by.id, by.name, text, held.now, via, *place,
        )  # fmt: skip
        first = visibility == "public" and by.kind == "agent"
        after = replace(
            ticket,
            comment_count=number,
            updated_at=held.now,
            first_reply_at=ticket.first_reply_at or (held.now if first else None),
        )
        timed = self._timing.replied(after, held.now) if first else ()
        for statement in self._timing.customer_spoke(after, held.now) if by.kind == "customer" else timed:
            await connection.execute(statement.sql, *statement.arguments)
        await self._notices.commented(
            connection, after, visibility, by, text, held.threads, first=first and ticket.first_reply_at is None
        )
        return after

    async def _record(
        self, connection: PooledConnection, action: str, ticket: Ticket, by: Actor, detail: Mapping[str, Any]
    ) -> None:
        kind = by.kind if by.kind in ("agent", "customer") else "system"
        actor = AuditActor(kind, by.id, by.name if kind == "agent" else None)
        await self._audit.record(
            connection, AuditEntry(actor, action, "ticket", str(ticket.id), {"number": ticket.number, **detail})
        )


def _difference(before: Ticket, after: Ticket) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for each in fields(Ticket):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name not in _TOLD or old == new:
            continue
        if each.name == "contact_sealed":
            told["contact"] = []
        else:
            told[each.name] = msgspec.to_builtins([old, new])
    return told

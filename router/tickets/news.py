"""What colleagues hear of tickets at once, on every page of theirs: whoever may see the ticket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Collection, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from database.errors import DatabaseUnavailable
from router.conversations.journal import Journal
from router.conversations.records import Committed
from router.errors import NotFound
from router.payloads.tickets import TicketNews
from router.tickets.store import TicketStore, mark_of
from router.tickets.writing import Done

log = logging.getLogger(__name__)


class Pages(Protocol):
    """The way to the pages of whoever may see something, and of some others."""

    async def to_desk(
        self, event: str, payload: Struct, *, group_id: UUID | None, owner: UUID | None, also: Collection[UUID]
    ) -> None: ...


class News:
    """Told after the commit; a page that missed it asks again."""

    def __init__(self, store: TicketStore, journal: Journal, pages: Pages) -> None:
        self._store = store
        self._journal = journal
        self._pages = pages
        #: Bound: tickets are made and changed no faster than their transactions commit.
        self._tasks: set[asyncio.Task[None]] = set()

    async def tell(self, *done: Done) -> None:
        """The threads' pages first, then the colleagues."""
        for each in done:
            if each.committed:
                await self._journal.tell(each.committed)
        for each in done:
            if each.what != "created":  # `after_commit` has seen it
                await self._tell(each)

    def soon(self, *done: Done) -> None:
        """The same beside whoever calls, who does not wait."""
        self._start(self.tell(*done))

    def after_commit(self, news: Sequence[Committed]) -> None:
        """New tickets, wherever they were drafted; returns at once."""
        for committed in news:
            for event in committed.events:
                if event.kind == "ticket" and event.status == "new" and isinstance(event.number, str):
                    self._start(self._tell_new(event.number))

    async def drain(self) -> None:
        """Waits for what is being told."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, telling: Awaitable[None]) -> None:
        task = asyncio.create_task(self._guard(telling))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, telling: Awaitable[None]) -> None:
        try:
            await telling
        except (DatabaseUnavailable, NotFound) as error:
            log.info("news of a ticket not told: %s", type(error).__name__)
        except Exception:  # the edge of this task
            log.exception("telling news of a ticket failed")

    async def _tell_new(self, number: str) -> None:
        ticket = await self._store.named(number)
        created = (await self._store.history(ticket.id))[0]
        await self._tell(Done(ticket, "created", created.actor))

    async def _tell(self, done: Done) -> None:
        ticket = done.ticket
        watchers = [watcher.id for watcher in await self._store.watchers(ticket.id)]
        linked = (await self._store.conversations([ticket.id])).get(ticket.id, [])
        news = TicketNews(
            ticket=mark_of(ticket),
            what=done.what,
            by=done.by,
            version=ticket.version,
            assignee=ticket.assignee,
            group_id=ticket.group_id,
            updated_at=ticket.updated_at,
            conversations=[row["id"] for row in linked],
            watchers=watchers,
        )
        own = {ticket.created_by, ticket.assignee, *watchers, *(row["owner"] for row in linked)} - {None}
        await self._pages.to_desk("ticket", news, group_id=ticket.group_id, owner=ticket.assignee, also=own)

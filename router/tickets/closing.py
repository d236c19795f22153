"""Solved tickets close by themselves after some working days in which their customers said nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from router.conversations.records import SYSTEM, NewEvent
from router.errors import YingdaError
from router.tickets.news import News
from router.tickets.speaking import Speaking
from router.tickets.states import Terms, move
from router.tickets.store import TicketStore
from router.tickets.threads import Thread
from router.tickets.writing import Done, Writing

log = logging.getLogger(__name__)

_AT_ONCE = 100


class Closing:
    """Keeps nothing in memory: what is due stands in the database, and is looked at again under the lock."""

    def __init__(
        self,
        database: Database,
        store: TicketStore,
        writing: Writing,
        speaking: Speaking,
        news: News,
        terms: Callable[[], Terms],
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._writing = writing
        self._speaking = speaking
        self._news = news
        self._terms = terms
        self._clock = clock

    async def tick(self) -> None:
        """Closes whatever is due."""
        for row in await self._database.fetch(self._store.sql["to_close"], self._clock.now(), _AT_ONCE):
            try:
                done = await self._close(row["id"])
            except YingdaError as error:
                log.info("not closed: %s", error.code, extra={"ticket": str(row["id"])})
                continue
            if done is not None:
                await self._news.tell(done)

    async def _close(self, ticket_id: UUID) -> Done | None:
        async with self._database.transaction() as connection:
            held = await self._writing.hold(connection, ticket_id, heard=True)
            ticket = held.of(ticket_id)
            if ticket.status != "solved" or ticket.closes_at is None or ticket.closes_at > held.now:
                return None
            fields = move(ticket, "closed", "system", self._terms(), held.now)

            def told(thread: Thread) -> Sequence[NewEvent]:
                if thread.reader.content:
                    return ()
                return self._speaking.moved(thread.reader.number, ticket.title, "closed", thread.locale)

            said = await self._writing.say(connection, held, told)
            after = await self._writing.change(connection, held, ticket, fields, SYSTEM)
            return Done(after, "changed", SYSTEM, said)

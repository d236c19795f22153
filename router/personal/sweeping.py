"""Empties everything that an erased customer left behind, some conversations at a time; a crash only delays it.

It goes through everything twice, a minute apart: an answer, a summary or a notice that was under way when the erasing
began is found the second time. What is counted stays: numbers, times, states, stars, and which articles answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.records import Change, Conversation
from router.conversations.transitions import state_event, to_closed
from router.notifications.outbox import Outbox
from router.notifications.records import Integrators, Notice
from router.notifications.sealed import Seals
from router.personal.records import Erasure
from router.retention.archive import Archive
from router.security.audit import SYSTEM, Audit, AuditEntry
from router.security.sealing import SealBroken

log = logging.getLogger(__name__)

_CONVERSATIONS = (
    "empty_events", "empty_notes", "empty_conversations", "empty_searched", "forget_cases", "empty_learning",
    "empty_ratings", "empty_comments_heard",
)  # fmt: skip
_TICKETS = ("empty_comments", "empty_history", "forget_ticket_words", "forget_ticket_cases")
_PERSONS = (
    "empty_block_reasons", "forget_profile_notes", "forget_main_contact", "forget_steps", "forget_attributes",
    "forget_pages", "forget_unseen", "forget_transcripts", "forget_sends", "forget_continuations", "forget_visitors",
)  # fmt: skip
_AT_ONCE = 200
_NOTICES_AT_ONCE = 1_000
_HELD_FOR = timedelta(minutes=2)
_AGAIN_AFTER = timedelta(minutes=1)
_STORE_AGAIN_AFTER = timedelta(seconds=20)
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Theirs:
    """Whose it is and which tickets are theirs."""

    persons: list[UUID]
    tickets: list[UUID]
    numbers: list[str]


class Sweeping:
    """Any number of processes may run it: each erasure has one of them at a time, and another one should it die."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        archive: Archive,
        seals: Seals,
        outbox: Outbox,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._archive = archive
        self._seals = seals
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Goes through every erasure that is due once."""
        while True:
            now = self._clock.now()
            row = await self._database.fetchrow(self._sql["due"], now, now + _HELD_FOR)
            if row is None:
                return
            await self._sweep(Erasure.from_row(row))

    async def _sweep(self, erasure: Erasure) -> None:
        began = self._clock.now()
        persons = [row["id"] for row in await self._database.fetch(self._sql["persons"], erasure.customer_id)]
        for row in await self._database.fetch(self._sql["open_conversations"], persons):
            await self._journal.write(row["id"], _end)
        tickets = await self._database.fetch(self._sql["tickets_of"], persons)
        theirs = _Theirs(persons, [row["id"] for row in tickets], [row["number"] for row in tickets])
        await self._empty_conversations(theirs)
        await self._empty_rest(theirs)
        if began < erasure.asked_at + _AGAIN_AFTER:
            again = erasure.asked_at + _AGAIN_AFTER
        elif await self._database.fetchval(self._sql["files_left"], persons, theirs.tickets):
            again = self._clock.now() + _STORE_AGAIN_AFTER
        else:
            await self._finish(erasure)
            return
        await self._database.execute(self._sql["release"], erasure.id, again)

    async def _empty_conversations(self, theirs: _Theirs) -> None:
        last = _FIRST
        while True:
            rows = await self._database.fetch(self._sql["conversations_of"], theirs.persons, last, _AT_ONCE)
            if not rows:
                return
            ids = [row["id"] for row in rows]
            last = ids[-1]
            async with self._database.transaction() as connection:
                for statement in _CONVERSATIONS:
                    await connection.execute(self._sql[statement], ids)
                forgetting = self._archive.forgetting(ids)
                await connection.execute(forgetting.sql, *forgetting.arguments)
                await connection.execute(self._sql["remove_files"], [], ids, [], self._clock.now())
                await connection.execute(self._sql["empty_answers"], [str(each) for each in ids])
            await self._empty_notices([], {str(each) for each in ids})
            await asyncio.sleep(0)  # others get their turn

    async def _empty_rest(self, theirs: _Theirs) -> None:
        """Tickets, tasks and whatever names the customer."""
        now = self._clock.now()
        names = {str(each) for each in (*theirs.persons, *theirs.tickets)} | set(theirs.numbers)
        async with self._database.transaction() as connection:
            others = await connection.fetch(self._sql["other_names"], theirs.persons)
            names |= {str(row["id"]) for row in others}
            await connection.execute(self._sql["empty_answers"], list(names))
            await connection.execute(self._sql["empty_tickets"], theirs.tickets, now)
            for statement in _TICKETS:
                await connection.execute(self._sql[statement], theirs.tickets)
            await connection.execute(self._sql["empty_tasks"], theirs.persons, now)
            for statement in _PERSONS:
                await connection.execute(self._sql[statement], theirs.persons)
            await connection.execute(self._sql["remove_files"], theirs.persons, [], theirs.tickets, now)
        await self._empty_notices(theirs.persons, names)

    async def _empty_notices(self, recipients: Sequence[UUID], names: set[str]) -> None:
        """What was to be told, or was told a few days ago: to them, or to anybody about them."""
        last = _FIRST
        while rows := await self._database.fetch(self._sql["notices_kept"], last, _NOTICES_AT_ONCE):
            last = rows[-1]["id"]
            found = [
                row["id"]
                for row in rows
                if row["recipient_id"] in recipients or self._names(row["id"], row["key"], row["sealed"], names)
            ]
            if found:
                now = self._clock.now()
                async with self._database.transaction() as connection:
                    await connection.execute(self._sql["empty_notices"], found, now)
                    await connection.execute(self._sql["end_deliveries"], found, now)

    def _names(self, notice_id: UUID, key: str, sealed: bytes, names: set[str]) -> bool:
        """Whether a notice is about one of these; what does not open says nothing to anybody."""
        if any(part in names for part in key.split(":")):
            return True
        try:
            inside = self._seals.open_notice(notice_id, sealed)
        except SealBroken:
            return False
        return any(str(value) in names for value in inside.data.values())

    async def _finish(self, erasure: Erasure) -> None:
        """Other systems hear of it now, by ids alone: told earlier, it would have been emptied with the rest."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(self._sql["finish"], erasure.id, self._clock.now())
            if row is None:
                return
            done = Erasure.from_row(row)
            counts = {"conversations": done.conversations, "tickets": done.tickets, "files": done.files}
            entry = AuditEntry(SYSTEM, "customer.erasure_done", "customer", str(done.customer_id), counts)
            await self._audit.record(connection, entry)
            told = {"customer_id": str(done.customer_id), "erasure_id": str(done.id)}
            await self._outbox.put(Notice("customer.erased", Integrators(), told, f"erasure:{done.id}"), connection)
        log.info("a customer was erased", extra=counts)


def _end(row: Conversation, moment: Moment) -> Change:
    if row.state == "closed":
        return Change()
    return Change(events=(state_event("closed", "erased"),), fields=to_closed(row, "erased", moment.now, None))

"""Erasing a customer: from one transaction on nobody is who they were; what they said goes by a durable job.

The row stays, empty, so that what is counted by its id goes on being true; whoever comes back is somebody new. It calls
nothing done by halves: an erasure is done once nothing is left in the database and in the store of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import NotFound
from router.personal.records import Erasure
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: In the order in which they happen: hashes of addresses are known as long as the addresses are.
_AT_ONCE = ("forget_refusals", "forget_continuations", "forget_visitors")


class Erasing:
    """The door: who is erased, by whom, and how far it has come."""

    def __init__(self, database: Database, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._sql = load_queries(__file__)

    async def begin(self, connection: PooledConnection, customer_id: UUID, actor: AuditActor) -> tuple[Erasure, bool]:
        """In a transaction of the caller's, who closes the customer's pages then and wakes the job.

        The second is false where somebody was faster. Raises `NotFound`.
        """
        found: UUID | None = await connection.fetchval(self._sql["lock_person"], customer_id)
        if found is None:
            return await self.of(customer_id), False
        persons = [row["id"] for row in await connection.fetch(self._sql["persons"], found)]
        now = self._clock.now()
        for statement in _AT_ONCE:
            await connection.execute(self._sql[statement], persons)
        await connection.execute(self._sql["erase_persons"], persons, now)
        row = await connection.fetchrow(self._sql["add_erasure"], uuid7(), found, actor.id, now, persons)
        assert row is not None
        await self._audit.record(connection, AuditEntry(actor, "customer.erased", "customer", str(found)))
        return Erasure.from_row(row), True

    async def of(self, customer_id: UUID) -> Erasure:
        """Raises `NotFound` where nobody has asked for it."""
        row = await self._database.fetchrow(self._sql["erasure_of"], customer_id)
        if row is None:
            raise NotFound("this customer was not erased")
        return Erasure.from_row(row)

    async def page(self, before: UUID | None, limit: int) -> list[Erasure]:
        """The newest first."""
        rows = await self._database.fetch(self._sql["erasures_page"], before, limit)
        return [Erasure.from_row(row) for row in rows]

"""An anonymous customer becomes one who is known already: moves the history, and never makes two open conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import UniqueViolationError

from database.clock import Clock
from router.customers.store import CustomerStore
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Merging:
    """Runs inside the sign-in's transaction; the anonymous row stays, without visitors."""

    def __init__(self, store: CustomerStore, audit: Audit, clock: Clock) -> None:
        self._sql = store.sql
        self._audit = audit
        self._clock = clock

    async def merge(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> tuple[UUID, ...]:
        """Move everything; the open conversations that had to stay behind.

        Conversations are locked before anything else of either customer, and in id order, as everybody locks them.
        """
        await connection.fetch(self._sql["lock_conversations"], anonymous_id)
        if not await self._move(connection, anonymous_id, known_id):
            # The known customer opened one at this very moment; now it is seen, and ours stays behind.
            await self._move(connection, anonymous_id, known_id)
        await connection.execute(self._sql["move_tickets"], anonymous_id, known_id)
        await connection.execute(self._sql["copy_sends"], anonymous_id, known_id)
        rows = await connection.fetch(self._sql["left_behind"], anonymous_id)
        actor = AuditActor("customer", known_id)
        detail = {"from": str(anonymous_id), "left_behind": len(rows)}
        await self._audit.record(connection, AuditEntry(actor, "customer.merged", "customer", str(known_id), detail))
        return tuple(row["id"] for row in rows)

    async def _move(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> bool:
        try:
            async with connection.transaction():
                await connection.execute(self._sql["move_conversations"], anonymous_id, known_id)
        except UniqueViolationError:
            return False
        return True

"""Who is there: what agents say of themselves, signs of life, and who has room for one more; it assigns nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from router.agents.accounts import MAX_CAPACITY
from router.agents.records import AgentPresence, AvailableAgent, PresenceStatus
from router.agents.store import AgentStore
from router.errors import Invalid, NotFound
from router.security.claims import is_storable

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_REASON_CHARS = 80


class PresenceStore:
    """Presence as rows; an agent without a sign of life for ``silent_after_seconds`` gets nothing new."""

    def __init__(
        self, database: Database, store: AgentStore, clock: Clock, *, silent_after_seconds: float = 45
    ) -> None:
        self._database = database
        self._sql = store.sql
        self._clock = clock
        self._silent_after = timedelta(seconds=silent_after_seconds)

    async def set(
        self,
        account_id: UUID,
        status: PresenceStatus,
        *,
        accepting: bool | None = None,
        reason: str | None = None,
        capacity: int | None = None,
    ) -> AgentPresence:
        """What the agent says; ``accepting`` follows the status where it is not said. Raises :class:`Invalid`."""
        if reason is not None and (len(reason) > MAX_REASON_CHARS or not is_storable(reason)):
            raise Invalid(f"a reason has at most {MAX_REASON_CHARS} characters")
        if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
            raise Invalid(f"capacity lies between 0 and {MAX_CAPACITY}")
        takes = status == "online" and accepting is not False
        async with self._database.transaction() as connection:
            if capacity is not None:
                await connection.execute(self._sql["set_capacity"], account_id, capacity)
            now = self._clock.now()
            await connection.execute(self._sql["set_presence"], account_id, status, takes, reason, now)
            return await self._of(connection, account_id)

    async def of(self, account_id: UUID) -> AgentPresence:
        """Raises :class:`NotFound`."""
        async with self._database.connection() as connection:
            return await self._of(connection, account_id)

    async def heartbeat(self, account_ids: Collection[UUID]) -> None:
        """These agents have a living socket right now."""
        await self._database.execute(self._sql["heartbeat"], list(account_ids), self._clock.now())

    async def available(self, connection: PooledConnection, group_id: UUID) -> list[AvailableAgent]:
        """Members of the group with room, the least loaded for their capacity first, then the longest not assigned."""
        alive_since = self._clock.now() - self._silent_after
        rows = await connection.fetch(self._sql["available_agents"], group_id, alive_since)
        return [AvailableAgent(**dict(row)) for row in rows]

    async def mark_assigned(self, connection: PooledConnection, account_id: UUID) -> None:
        await connection.execute(self._sql["mark_assigned"], account_id, self._clock.now())

    async def mark_vanished(self) -> list[UUID]:
        """Put offline those who said they were there and have been silent too long; returns them."""
        now = self._clock.now()
        rows = await self._database.fetch(self._sql["mark_vanished"], now - self._silent_after, now)
        return [row["account_id"] for row in rows]

    async def _of(self, connection: PooledConnection, account_id: UUID) -> AgentPresence:
        row = await connection.fetchrow(self._sql["presence_of"], account_id)
        if row is None:
            raise NotFound()
        return AgentPresence(**dict(row))

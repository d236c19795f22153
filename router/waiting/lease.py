"""A lease in the database: who holds it dispatches, and its epoch refuses whoever was paused and woke too late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from router.conversations.journal import Fence


class Lease:
    """One named lease, held by this process while it renews it at least every ``seconds``."""

    def __init__(
        self, database: Database, clock: Clock, sql: Mapping[str, str], name: str, holder: UUID, seconds: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._sql = sql
        self._name = name
        self._holder = holder
        self._seconds = seconds

    async def hold(self) -> Fence | None:
        """Takes or renews the lease; None while another process holds it."""
        now = self._clock.now()
        epoch = await self._database.fetchval(
            self._sql["hold_lease"], self._name, self._holder, now, now + timedelta(seconds=self._seconds)
        )
        return None if epoch is None else Fence(self._name, epoch)

    async def let_go(self) -> None:
        """Gives the lease up at a clean stop, so that the next process need not wait for its end."""
        await self._database.execute(self._sql["let_lease_go"], self._name, self._holder, self._clock.now())

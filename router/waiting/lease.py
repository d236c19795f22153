"""A lease in the database: who holds it dispatches, and its epoch refuses whoever was paused and woke too late."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.journal import Fence

log = logging.getLogger(__name__)


class Lease:
    """One named lease, held by this process while it renews it at least every ``seconds``.

    It is renewed once half of them are over: what is asked in between costs nothing, and every fenced write checks the
    epoch in the database all the same.
    """

    def __init__(self, database: Database, clock: Clock, name: str, holder: UUID, seconds: float = 5.0) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._holder = holder
        self._length = timedelta(seconds=seconds)
        self._sql = load_queries(Path(__file__))
        self._held: tuple[Fence, datetime] | None = None
        self._last: Fence | None = None

    async def hold(self) -> Fence | None:
        """Takes or renews the lease; None while another process holds it."""
        now = self._clock.now()
        if self._held is not None and self._held[1] - now > self._length / 2:
            return self._held[0]
        expires_at = now + self._length
        self._held = None
        epoch = await self._database.fetchval(self._sql["hold_lease"], self._name, self._holder, now, expires_at)
        if epoch is None:
            return None
        fence = Fence(self._name, epoch)
        if fence != self._last:
            log.info("this process holds the lease of the %s now", self._name, extra={"version": epoch})
        self._last = fence
        self._held = (fence, expires_at)
        return fence

    async def let_go(self) -> None:
        """Gives the lease up at a clean stop, so that the next process need not wait for its end."""
        self._held = None
        await self._database.execute(self._sql["let_lease_go"], self._name, self._holder, self._clock.now())

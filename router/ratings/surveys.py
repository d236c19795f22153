"""Who is asked how likely they are to recommend us: a share of those who come back, never beside another question."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.payloads.customers import Survey
from router.ratings.ratings import CHANGES_FOR

_EPOCH_DAYS = 719_163  # 1970-01-01 as date.toordinal() counts


class Surveys:
    """Who is in the sample is decided by id and period, so that reloading a page asks nobody twice or instead."""

    def __init__(self, database: Database, clock: Clock, *, share: float, every_days: int, paused: bool) -> None:
        self._database = database
        self._clock = clock
        self._every_days = every_days
        self.retune(share=share, paused=paused)
        self._sql = load_queries(Path(__file__))

    def retune(self, *, share: float, paused: bool) -> None:
        """Asks another share of customers from now on."""
        self._share = 0.0 if paused else share

    async def due(self, customer_id: UUID) -> Survey | None:
        """The question for a customer who comes back and has nothing open; remembered as asked.

        About the last conversation with a human, once its own rating can be given no more.
        """
        now = self._clock.now()
        if not self._is_sampled(customer_id, (now.toordinal() - _EPOCH_DAYS) // self._every_days):
            return None
        since = now - timedelta(days=self._every_days)
        conversation_id = await self._database.fetchval(
            self._sql["surveyed_conversation"], customer_id, since, now - CHANGES_FOR, since
        )
        if conversation_id is None:
            return None
        asked = await self._database.fetchval(self._sql["survey"], customer_id, conversation_id, now, since)
        return None if asked is None else Survey(kind="nps", conversation_id=asked)

    def _is_sampled(self, customer_id: UUID, period: int) -> bool:
        digest = hashlib.sha256(customer_id.bytes + period.to_bytes(8, "big", signed=True)).digest()
        return int.from_bytes(digest[:8], "big") < self._share * 2**64

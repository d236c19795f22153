"""How long the oldest notice has been due: a channel that hangs shows here before anybody complains."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries


class OutboxFigures:
    """Read now and then, the same by every process."""

    def __init__(self, database: Database, clock: Clock, registry: CollectorRegistry) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)
        self._age = Gauge(
            "yingda_outbox_oldest_seconds",
            "How long the oldest notice has been due (every worker says the same)",
            registry=registry,
        )

    async def tick(self) -> None:
        now = self._clock.now()
        since = await self._database.fetchval(self._sql["outbox_age"], now)
        self._age.set(0.0 if since is None else (now - since).total_seconds())

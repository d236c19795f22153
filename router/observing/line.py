"""The line in numbers: who waits, how long the first one has, how long those waited who were handed out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Committed

#: From a second to two hours.
_BOUNDS = (1, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)


class LineFigures:
    """Waits are counted where they end; the line itself is read now and then, the same by every process."""

    def __init__(self, database: Database, clock: Clock, registry: CollectorRegistry) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)
        self._names: dict[UUID, str] = {}
        self._waiting = Gauge(
            "yingda_line_waiting", "Customers in line (every worker says the same)", ["group"], registry=registry
        )
        self._oldest = Gauge(
            "yingda_line_oldest_wait_seconds",
            "How long the first one has waited (every worker says the same)",
            ["group"],
            registry=registry,
        )
        self._agents = Gauge(
            "yingda_agents_online", "Agents by status (every worker says the same)", ["status"], registry=registry
        )
        self._waits = Histogram(
            "yingda_line_wait_seconds",
            "How long those waited who were handed out",
            ["group"],
            buckets=_BOUNDS,
            registry=registry,
        )
        self._left = Counter("yingda_line_left", "Who left the line without a human", ["group"], registry=registry)

    def count(self, news: Sequence[Committed]) -> None:
        """Looks for those who have left the line."""
        for committed in news:
            before, after = committed.before, committed.conversation
            if before.state != "waiting" or after.state == "waiting" or before.joined_at is None:
                continue
            group = self._names.get(before.group_id, "?") if before.group_id is not None else "?"
            if after.state == "human":
                self._waits.labels(group).observe((self._clock.now() - before.joined_at).total_seconds())
            else:
                self._left.labels(group).inc()

    async def tick(self) -> None:
        """Reads the line."""
        now = self._clock.now()
        rows = await self._database.fetch(self._sql["line_figures"])
        self._names = {row["id"]: row["name"] for row in rows}
        self._waiting.clear()
        self._oldest.clear()
        for row in rows:
            oldest = 0.0 if row["oldest"] is None else (now - row["oldest"]).total_seconds()
            self._waiting.labels(row["name"]).set(row["waiting"])
            self._oldest.labels(row["name"]).set(oldest)
        self._agents.clear()
        for row in await self._database.fetch(self._sql["agents_by_status"]):
            self._agents.labels(row["status"]).set(row["agents"])

"""The numbers of a running server; labels are few and never hold anything of a customer."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from router.conversations.records import Committed


class Metrics:
    """Counts what was committed; gauges are read when somebody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._events = Counter("yingda_events", "Events of the log", ["kind", "actor"], registry=registry)
        self._decisions = Counter("yingda_bot_decisions", "What the bot decided", ["decision"], registry=registry)
        self._moves = Counter("yingda_state_changes", "Changes of state", ["state", "reason"], registry=registry)
        self._batch = Histogram(
            "yingda_journal_batch",
            "Writes committed together",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128),
            registry=registry,
        )
        self.notices = Gauge(
            "yingda_notices", "Notices that wait, and dead ones", ["channel", "state"], registry=registry
        )

    def count(self, news: Sequence[Committed]) -> None:
        self._batch.observe(len(news))
        for committed in news:
            for event in committed.events:
                self._events.labels(event.kind, event.actor.kind).inc()
                if isinstance(event.decision, str):
                    self._decisions.labels(event.decision).inc()
                if isinstance(event.state, str):
                    self._moves.labels(event.state, str(event.reason)).inc()

"""The numbers of a running server; labels are few and never hold anything of a customer."""

from __future__ import annotations

from collections import Counter as Tally
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
        events = [event for committed in news for event in committed.events]
        for (kind, actor), count in Tally((event.kind, event.actor.kind) for event in events).items():
            self._events.labels(kind, actor).inc(count)
        for decision, count in Tally(event.decision for event in events if isinstance(event.decision, str)).items():
            self._decisions.labels(decision).inc(count)
        for event in events:
            if isinstance(event.state, str):
                self._moves.labels(event.state, str(event.reason)).inc()

"""The state of the parts, read when somebody asks: pools, queues, limits, breakers, the index; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from database.pool import Database
from models.batching import BatchedEncoder
from router.breaker import Breaker
from router.conversations.journal import Journal
from router.doors.doors import Doors
from router.health import Readiness
from router.knowledge.knowledge import Knowledge
from router.sockets.limits import SocketLimits
from router.wire.wire import Wire


@dataclass(frozen=True, slots=True)
class Parts:
    """What is looked at."""

    database: Database
    journal: Journal
    doors: Doors
    limits: Sequence[SocketLimits]
    #: The door that is used now; it changes with the index.
    encoder: Callable[[], BatchedEncoder]
    knowledge: Knowledge
    readiness: Readiness
    breakers: Sequence[Breaker]
    open_questions: Callable[[], int]
    sockets: Callable[[], dict[str, int]]
    #: Where there are several nodes: what they tell each other, and how often one was found behind.
    wire: Wire | None
    found_behind: Callable[[], int]


class State(Collector):
    """One scrape reads each part once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        parts = self._parts
        yield GaugeMetricFamily("yingda_ready", "1 while the server can work", int(parts.readiness.is_ready))
        yield _labelled("yingda_sockets", "Open sockets", "namespace", parts.sockets())
        yield _labelled("yingda_database_connections", "Connections to the database", "state", parts.database.usage())
        yield GaugeMetricFamily("yingda_journal_waiting", "Writes that are not committed yet", parts.journal.waiting)
        yield GaugeMetricFamily("yingda_open_questions", "Questions that the bot works on", parts.open_questions())
        yield from self._encoder()
        yield from self._doors()
        yield from self._knowledge()
        yield from self._wire()
        resting = {breaker.name: int(breaker.is_open) for breaker in parts.breakers}
        yield _labelled("yingda_breaker_open", "1 while something outside is left alone", "name", resting)

    def _encoder(self) -> Iterator[Metric]:
        encoder = self._parts.encoder()
        yield GaugeMetricFamily("yingda_encoder_waiting", "Questions on their way through the encoder", encoder.waiting)
        counts = encoder.counts
        done = {
            "cached": counts.cached, "encoded": counts.encoded, "failed": counts.failed, "refused": counts.refused,
        }  # fmt: skip
        yield _counted("yingda_encoder_questions", "Questions by what became of them", "outcome", done)
        yield CounterMetricFamily("yingda_encoder_batches", "Calls of the encoder", counts.batches)

    def _doors(self) -> Iterator[Metric]:
        doors = self._parts.doors
        yield GaugeMetricFamily("yingda_connections", "Open connections", doors.connections.open)
        yield GaugeMetricFamily("yingda_connections_most", "Connections that may be open", doors.connections.most)
        yield CounterMetricFamily(
            "yingda_unbelieved_proxies", "Requests through a proxy that is not in trusted_proxies", doors.unbelieved
        )
        refused = {f"connections_{why}": count for why, count in doors.connections.refused.items()}
        refused |= {name: rate.refused for name, rate in doors.rates.items()}
        refused["visitor_events"] = sum(limits.refused for limits in self._parts.limits)
        yield _counted("yingda_refused", "What limits have refused", "limit", refused)

    def _wire(self) -> Iterator[Metric]:
        wire = self._parts.wire
        up = 1 if wire is None else int(wire.is_up)
        yield GaugeMetricFamily("yingda_wire_up", "1 while nodes hear each other, and where there is one only", up)
        yield GaugeMetricFamily("yingda_wire_peers", "Other nodes that are heard", 0 if wire is None else wire.peers)
        said = {"sent": 0, "heard": 0, "dropped": 0}
        if wire is not None:
            said = {"sent": wire.sent, "heard": wire.heard, "dropped": wire.dropped}
        yield _counted("yingda_wire_messages", "What nodes told each other", "outcome", said)
        yield CounterMetricFamily(
            "yingda_found_behind", "Conversations whose news came from the database", self._parts.found_behind()
        )

    def _knowledge(self) -> Iterator[Metric]:
        knowledge = self._parts.knowledge
        index = knowledge.current
        failed = int(knowledge.failure is not None)
        yield GaugeMetricFamily("yingda_index_build_failed", "1 while the newest index build has failed", failed)
        yield GaugeMetricFamily("yingda_index_version", "The version that answers", index.version if index else 0)
        yield GaugeMetricFamily("yingda_index_articles", "Articles that can be found", len(index) if index else 0)


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _counted(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family

"""How long each stage of a turn takes, as Prometheus histograms; holds numbers only, never what was said.

A histogram of prometheus_client takes a lock for each bucket it looks at, 1.5 µs in all; one of these takes 0.3 µs, and
everything here runs on the event loop.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

#: From a tenth of a millisecond to ten seconds.
_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LABELS = (*map(str, _BOUNDS), "+Inf")

#: The stages in the order of a turn, each with what it holds.
STAGES = {
    "check": "limits, form and admission of a client's event",
    "event": "a client's event from its arrival to its acknowledgement",
    "write": "a write until its sender is told, with journal_wait, commit and emit",
    "journal_wait": "the oldest write of a batch until the batch begins",
    "commit": "the transaction of a batch, until the server has it on disk",
    "emit": "handing a committed batch to the sockets and to whoever else hears of it",
    "encode": "a question that is not remembered, in the encoder's queue and in the encoder",
    "find": "the search for articles",
    "heads": "emotion, urgency, topic and wishes",
    "answer": "the bot's decision, with encode, find and heads",
    "turn": "a question from the moment the bot takes it up to the commit of its answer",
}

Observe = Callable[[str, float], None]


class Timing:
    """One histogram; not safe to share between threads."""

    __slots__ = ("counts", "total_seconds")

    def __init__(self) -> None:
        self.counts = [0] * len(_LABELS)
        self.total_seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.total_seconds += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative, as Prometheus wants them."""
        sums, so_far = [], 0
        for label, count in zip(_LABELS, self.counts, strict=True):
            so_far += count
            sums.append((label, float(so_far)))
        return sums


class Stages(Collector):
    """``observe(stage, seconds)`` when a stage is over; ``listener`` hears of it too (traces), None costs nothing."""

    def __init__(self) -> None:
        self._timings = {stage: Timing() for stage in STAGES}
        self.listener: Observe | None = None

    def observe(self, stage: str, seconds: float) -> None:
        self._timings[stage].add(seconds)
        if self.listener is not None:
            self.listener(stage, seconds)

    def collect(self) -> Iterator[Metric]:
        family = HistogramMetricFamily("yingda_stage_seconds", "Duration of the stages of a turn", labels=["stage"])
        for stage, timing in self._timings.items():
            family.add_metric([stage], timing.buckets(), timing.total_seconds)
        yield family

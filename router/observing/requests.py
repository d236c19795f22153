"""HTTP requests by the class of their answer, with how long they took; holds neither paths nor who asked."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from router.observing.stages import Timing


class Requests(Collector):
    """Sockets, whose request lasts as long as they are open, do not count."""

    def __init__(self) -> None:
        self._timings = {f"{number}xx": Timing() for number in range(2, 6)}

    def count(self, status: int, seconds: float) -> None:
        timing = self._timings.get(f"{status // 100}xx")
        if timing is not None:
            timing.add(seconds)

    def collect(self) -> Iterator[Metric]:
        family = HistogramMetricFamily("yingda_http_seconds", "HTTP requests by class of answer", labels=["status"])
        for status, timing in self._timings.items():
            family.add_metric([status], timing.buckets(), timing.total_seconds)
        yield family

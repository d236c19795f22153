"""The pulse of the process: how late the event loop is, how long the collector stops it, what it holds open."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from router.observing.stages import Timing

_BEAT_SECONDS = 0.25


class Pulse(Collector):
    """Runs from the start to the end; a beat that comes late tells how long everybody waited."""

    def __init__(self) -> None:
        self._lag = Timing()
        self._pauses = Timing()
        self._worst_lag = 0.0
        self._gc_began = 0.0

    async def run(self) -> None:
        """Beats until cancelled."""
        gc.callbacks.append(self._collecting)
        try:
            loop = asyncio.get_running_loop()
            while True:
                due = loop.time() + _BEAT_SECONDS
                await asyncio.sleep(_BEAT_SECONDS)
                late = max(0.0, loop.time() - due)
                self._lag.add(late)
                self._worst_lag = max(self._worst_lag, late)
        finally:
            gc.callbacks.remove(self._collecting)

    def _collecting(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._gc_began = time.perf_counter()
        else:
            self._pauses.add(time.perf_counter() - self._gc_began)

    def collect(self) -> Iterator[Metric]:
        lag = HistogramMetricFamily("yingda_loop_lag_seconds", "How late the event loop was")
        lag.add_metric([], self._lag.buckets(), self._lag.total_seconds)
        yield lag
        worst, self._worst_lag = self._worst_lag, 0.0
        yield GaugeMetricFamily("yingda_loop_lag_worst_seconds", "The latest since this was last asked", worst)
        pauses = HistogramMetricFamily("yingda_gc_pause_seconds", "How long the garbage collector stopped everything")
        pauses.add_metric([], self._pauses.buckets(), self._pauses.total_seconds)
        yield pauses
        yield GaugeMetricFamily("yingda_tasks", "Tasks of the event loop", _tasks())
        usage = resource.getrusage(resource.RUSAGE_SELF)
        yield CounterMetricFamily("process_cpu_seconds", "CPU used", usage.ru_utime + usage.ru_stime)
        yield GaugeMetricFamily("process_resident_memory_bytes", "Memory kept", _resident_bytes())
        yield GaugeMetricFamily("process_open_fds", "Open descriptors", len(os.listdir("/proc/self/fd")))
        yield GaugeMetricFamily(
            "process_max_fds", "Descriptors that may be open", resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        )


def _tasks() -> int:
    """None outside of a loop."""
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:
        return 0


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

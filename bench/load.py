"""Two kinds of load: everybody asks again as soon as they are answered, or questions come at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.pages import Finished, Page, PageFailed

#: Starts one turn of a page: (page, text, called when it is over, when it should have begun).
Start = Callable[[Page, str, Finished, float | None], None]


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load: finished turns, over how long, each turn's seconds, and the processor time it took."""

    turns: int
    seconds: float
    latencies: tuple[float, ...]
    server_seconds: float
    generator_seconds: float

    @property
    def per_second(self) -> float:
        return self.turns / self.seconds

    def latency_ms(self, share: float) -> float:
        """The latency that so large a share of the turns did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


class _Clockwork:
    """How long a load took on the wall, on the server's processor and on the generator's."""

    def __init__(self, server_seconds: Callable[[], float]) -> None:
        self._server_seconds = server_seconds
        self._wall, self._server, self._generator = time.perf_counter(), server_seconds(), time.process_time()

    def finish(self, latencies: Sequence[float]) -> Load:
        return Load(
            len(latencies),
            time.perf_counter() - self._wall,
            tuple(latencies),
            self._server_seconds() - self._server,
            time.process_time() - self._generator,
        )


async def closed_loop(
    pages: Sequence[Page], texts: Iterator[str], start: Start, seconds: float, server_seconds: Callable[[], float]
) -> Load:
    """Each page has one turn under way all the time; turns under way at the end are waited for and not counted."""
    latencies: list[float] = []
    running = True

    def finished(page: Page, took: float) -> None:
        if running:
            latencies.append(took)
            start(page, _another(page, texts), finished, None)

    clockwork = _Clockwork(server_seconds)
    for page in pages:
        start(page, _another(page, texts), finished, None)
    await asyncio.sleep(seconds)
    running = False
    load = clockwork.finish(latencies)
    await _until_idle(pages)
    return load


async def steady(
    pages: Sequence[Page],
    texts: Iterator[str],
    start: Start,
    per_second: float,
    seconds: float,
    server_seconds: Callable[[], float],
) -> Load:
    """Turns begin at a steady rate whatever becomes of those before; waiting for a free page counts as latency."""
    idle = deque(pages)
    latencies: list[float] = []
    due: deque[float] = deque()

    def finished(page: Page, took: float) -> None:
        latencies.append(took)
        if due:
            start(page, _another(page, texts), finished, due.popleft())
        else:
            idle.append(page)

    clockwork = _Clockwork(server_seconds)
    began = time.perf_counter()
    for number in range(int(per_second * seconds)):
        at = began + number / per_second
        wait = at - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        if idle:
            page = idle.popleft()
            start(page, _another(page, texts), finished, at)
        else:
            due.append(at)
    await _until_idle(pages)
    return clockwork.finish(latencies)


def _another(page: Page, texts: Iterator[str]) -> str:
    """Nobody asks the same twice in a row: the bot would ask back, and encode what comes next together with it."""
    text = next(texts)
    return next(texts) if text == page.asked else text


async def _until_idle(pages: Sequence[Page]) -> None:
    """Waits for the turns under way; raises PageFailed for a page that went wrong or was never answered."""
    until = time.perf_counter() + 30
    while any(page.busy for page in pages):
        failed = next((page.failure for page in pages if page.failure), None)
        if failed is not None or time.perf_counter() > until:
            raise PageFailed(failed or "a turn was not answered within 30 seconds")
        await asyncio.sleep(0.005)

"""How often one socket may send: a bucket that fills steadily; refuses to keep anything about sockets that left."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimit:
    """``burst`` events at once, ``per_second`` on average, for each socket."""

    def __init__(self, per_second: float, burst: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, sid: str) -> bool:
        now = self._monotonic()
        level, at = self._buckets.get(sid, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_second)
        allowed = level >= 1
        self._buckets[sid] = (level - 1 if allowed else level, now)
        return allowed

    def forget(self, sid: str) -> None:
        self._buckets.pop(sid, None)

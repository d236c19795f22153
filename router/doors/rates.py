"""How often somebody may do something: buckets that fill steadily, one for each key; a full one is not kept."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

#: Keys that are remembered; the one that was quiet for longest is forgotten first, and begins afresh.
_MOST_KEYS = 50_000


class Rate:
    """``burst`` at once, ``per_second`` on average, for each key."""

    def __init__(
        self,
        per_second: float,
        burst: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        most_keys: int = _MOST_KEYS,
    ) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._monotonic = monotonic
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._spent: dict[str, int] = {}
        self.refused = 0

    @property
    def size(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)

    def allows(self, key: str) -> bool:
        """Takes one from the key's bucket, where there is one."""
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._remember(key, self._burst - 1, now)
            return True
        level = min(self._burst, bucket[0] + (now - bucket[1]) * self._per_second)
        if level < 1:
            self._remember(key, level, now)
            self.refused += 1
            return False
        self._remember(key, level - 1, now)
        if level < self._burst / 2:  # only who takes much is told of elsewhere
            self._spent[key] = self._spent.get(key, 0) + 1
        return True

    def retry_after(self, key: str) -> int:
        """In how many whole seconds the key is allowed again."""
        level, _ = self._buckets.get(key, (self._burst, 0.0))
        return max(1, ceil((1 - level) / self._per_second))

    def take_spent(self) -> dict[str, int]:
        """What busy keys have taken here since this was last asked; for the other processes of the desk."""
        spent, self._spent = self._spent, {}
        return spent

    def charge(self, key: str, amount: float) -> None:
        """Takes what the key has used at other processes; the bucket may go below empty, by one burst at most."""
        now = self._monotonic()
        level, at = self._buckets.get(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_second)
        self._remember(key, max(level - amount, -self._burst), now)

    def _remember(self, key: str, level: float, now: float) -> None:
        self._buckets[key] = (level, now)
        self._buckets.move_to_end(key)
        quiet, (level, at) = next(iter(self._buckets.items()))
        if len(self._buckets) > self._most_keys or level + (now - at) * self._per_second >= self._burst:
            del self._buckets[quiet]
            self._spent.pop(quiet, None)

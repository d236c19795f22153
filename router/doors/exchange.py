"""Limits over all processes of a desk: each decides by itself, and tells the others by Redis what busy keys have taken.

Nothing waits for Redis: without it every process counts for itself until it is back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redis.asyncio import Redis
from redis.exceptions import RedisError

from router.breaker import Breaker, Resting
from router.doors.rates import Rate

#: Keys of one kind that are told in one second, the busiest first.
_MOST_TOLD = 500
#: So long after its last use a key is forgotten there.
_KEPT_MS = 30_000


class RateExchange:
    """``hash_of(text, purpose)``: a keyed hash, the same in all processes, so that Redis holds no address."""

    def __init__(self, rates: Mapping[str, Rate], redis: Redis, hash_of: Callable[[str, str], bytes]) -> None:
        self._rates = rates
        self._redis = redis
        self._hash_of = hash_of
        self._totals: dict[tuple[str, str], int] = {}
        self.breaker = Breaker("limits", failures=3, rest_seconds=5.0)

    async def tick(self) -> None:
        """Tells what was taken here since the last tick, and charges what was taken elsewhere."""
        told = {
            (kind, key): amount
            for kind, rate in self._rates.items()
            for key, amount in sorted(rate.take_spent().items(), key=lambda one: -one[1])[:_MOST_TOLD]
        }
        if not told:
            self._totals.clear()
            return
        try:
            with self.breaker.guard(RedisError, OSError, TimeoutError):
                totals = await self._add(told)
        except (RedisError, OSError, TimeoutError, Resting):
            self._totals.clear()
            return
        for (kind, key), total in totals.items():
            elsewhere = total - told[kind, key] - self._totals.get((kind, key), 0)
            if elsewhere > 0:
                self._rates[kind].charge(key, elsewhere)
        self._totals = totals

    async def _add(self, told: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """The totals over all processes, with ours."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for (kind, key), amount in told.items():
                name = f"yingda:rate:{kind}:{self._hash_of(key, 'rate').hex()[:24]}"
                pipeline.incrby(name, amount)
                pipeline.pexpire(name, _KEPT_MS)
            answers = await pipeline.execute()
        return dict(zip(told, map(int, answers[::2]), strict=True))

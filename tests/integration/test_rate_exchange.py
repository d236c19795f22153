"""Limits hold over all processes while Redis is there, and for each process while it is not."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from router.doors.exchange import RateExchange
from router.doors.rates import Rate
from router.security.sealing import Sealer
from router.wire.connecting import connect
from tests.wires import RedisForTests


class Process:
    """One of two processes with a limit of 100 at once and hardly anything later."""

    def __init__(self, redis: Redis) -> None:
        self.rate = Rate(0.001, 100)
        self._exchange = RateExchange({"events": self.rate}, redis, Sealer([b"a" * 32], b"l" * 32).lookup_hash)

    def take(self, tries: int) -> int:
        return sum(self.rate.allows("203.0.113.7") for _ in range(tries))

    async def tick(self) -> None:
        await self._exchange.tick()


async def test_what_is_taken_at_one_process_is_not_there_at_another(tmp_path: Path) -> None:
    with RedisForTests(tmp_path) as server:
        async with connect(server.url) as redis:
            one, other = Process(redis), Process(redis)
            taken = 0
            for _ in range(6):
                taken += one.take(30) + other.take(30)
                await one.tick()
                await other.tick()
            keys = [str(key) for key in await redis.keys("*")]

            assert 100 < taken <= 200, "each alone would have let 100 pass"
            assert taken < 190
            assert keys
            assert not any("203.0.113.7" in key for key in keys)

            server.kill()
            alone = Process(redis)
            alone.take(100)
            await alone.tick()
            assert alone.take(1) == 0, "without Redis it counts for itself"

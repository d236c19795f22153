"""Work that is worth doing now and then only, however often it is asked for; measured by the application's clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from database.clock import Clock


class Seldom:
    """Does its work where the last time was long enough ago; what failed is due again at once."""

    def __init__(self, clock: Clock, apart: timedelta, work: Callable[[], Awaitable[None]]) -> None:
        self._clock = clock
        self._apart = apart
        self._work = work
        self._done_at: datetime | None = None

    async def __call__(self) -> None:
        now = self._clock.now()
        if self._done_at is None or now - self._done_at >= self._apart:
            await self._work()
            self._done_at = now

"""How often one may try to sign in, by user name and address, over all processes; it refuses with a time to wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.errors import RateLimited
from router.security.addresses import neighbourhood


class TooManyAttempts(RateLimited):
    """Too many attempts to sign in; wait a little."""


class SignInThrottle:
    """A sliding window of attempts per (user name, address) and, wider, per address; a success forgives its pair.

    Kept in Postgres under keyed hashes. Bound: a row holds as many times as are allowed, and `clean` takes rows away
    once their window has passed.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hash_of: Callable[[str, str], bytes],
        *,
        attempts: int = 10,
        attempts_per_address: int = 100,
        window_seconds: float = 300,
    ) -> None:
        """``hash_of(text, purpose)``: a keyed hash, the same in all processes."""
        self._database = database
        self._clock = clock
        self._hash_of = hash_of
        self._attempts = attempts
        self._attempts_per_address = attempts_per_address
        self._window = timedelta(seconds=window_seconds)
        self._sql = load_queries(__file__)

    async def count(self, username: str, address: str) -> None:
        """Counts an attempt before the password is looked at; raises `TooManyAttempts` with ``retry_after``."""
        now = self._clock.now()
        pair, whole = self._keys(username, address)
        limits = {pair: self._attempts, whole: self._attempts_per_address}
        async with self._database.transaction() as connection:
            await connection.execute(self._sql["begin_tries"], sorted(limits), now)
            rows = await connection.fetch(self._sql["lock_tries"], sorted(limits), now - self._window)
            for row in rows:
                if len(row["recent"]) >= limits[row["key"]]:
                    wait = row["recent"][0] + self._window - now
                    raise TooManyAttempts(retry_after=ceil(wait.total_seconds()))
            await connection.execute(self._sql["add_try"], sorted(limits), now, now - self._window)

    async def forgive(self, username: str, address: str) -> None:
        """The password was right: the attempts before it were its owner's."""
        pair, whole = self._keys(username, address)
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                self._sql["lock_tries"], sorted((pair, whole)), self._clock.now() - self._window
            )
            own: list[datetime] = next((row["recent"] for row in rows if row["key"] == pair), [])
            await connection.execute(self._sql["forget_tries"], pair)
            await connection.execute(self._sql["take_tries_back"], whole, own)

    async def clean(self) -> None:
        """Takes away what no window holds any more."""
        await self._database.execute(self._sql["clean_tries"], self._clock.now() - self._window)

    def _keys(self, username: str, address: str) -> tuple[bytes, bytes]:
        near = neighbourhood(address)
        return self._hash_of(f"{username}\0{near}", "sign-in"), self._hash_of(near, "sign-in address")

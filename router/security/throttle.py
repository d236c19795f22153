"""How often one may try to sign in, by user name and address, in memory; it refuses with a time to wait."""

from __future__ import annotations

from collections import OrderedDict, deque
from math import ceil

from database.clock import Clock
from router.errors import RateLimited
from router.security.addresses import neighbourhood


class TooManyAttempts(RateLimited):
    """Too many attempts to sign in; wait a little."""


class SignInThrottle:
    """A sliding window of attempts per (user name, address) and, wider, per address; a success forgives its pair."""

    def __init__(
        self,
        clock: Clock,
        *,
        attempts: int = 10,
        attempts_per_address: int = 100,
        window_seconds: float = 300,
        max_keys: int = 20_000,
    ) -> None:
        self._clock = clock
        self._attempts = attempts
        self._attempts_per_address = attempts_per_address
        self._window_seconds = window_seconds
        self._max_keys = max_keys
        self._tries: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    @property
    def size(self) -> int:
        """How many names and addresses are remembered."""
        return len(self._tries)

    def count(self, username: str, address: str) -> None:
        """Count an attempt before the password is looked at; raises :class:`TooManyAttempts` with ``retry_after``."""
        now = self._clock.now().timestamp()
        address = neighbourhood(address)
        limits = (((username, address), self._attempts), (("", address), self._attempts_per_address))
        for key, limit in limits:
            tries = self._recent(key, now)
            if len(tries) >= limit:
                raise TooManyAttempts(retry_after=ceil(tries[0] + self._window_seconds - now))
        for key, _ in limits:
            self._tries.setdefault(key, deque()).append(now)
            self._tries.move_to_end(key)
        while len(self._tries) > self._max_keys:
            self._tries.popitem(last=False)

    def forgive(self, username: str, address: str) -> None:
        """The password was right: the attempts before it were its owner's."""
        address = neighbourhood(address)
        own = self._tries.pop((username, address), None)
        whole = self._tries.get(("", address))
        for _ in range(min(len(own or ()), len(whole or ()))):
            if whole:
                whole.pop()

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - self._window_seconds:
            tries.popleft()
        return tries

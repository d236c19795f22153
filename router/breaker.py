"""A circuit breaker for what is outside: after failures in a row nothing is tried for a while, then once at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Resting(Exception):
    """It has failed again and again and is left alone for a moment."""


class Breaker:
    """Closed while it works; open, and refusing at once, for ``rest_seconds`` after ``failures`` in a row."""

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        rest_seconds: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._most_failures = failures
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._failures = 0
        self._try_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it has failed so often that it is left alone."""
        return self._failures >= self._most_failures

    @contextmanager
    def guard(self, *faults: type[BaseException]) -> Iterator[None]:
        """One try: raises `Resting` without trying; ``faults`` count as failures, every other outcome as success."""
        now = self._monotonic()
        if self.is_open:
            if now < self._try_at:
                raise Resting(self.name)
            self._try_at = now + self._rest_seconds  # one tries, the others wait for what comes of it
        try:
            yield
        except faults:
            self._failures += 1
            if self.is_open:
                self._try_at = self._monotonic() + self._rest_seconds
            raise
        except Exception:  # an answer, if not the one hoped for; a caller who leaves (`CancelledError`) is none
            self._failures = 0
            raise
        self._failures = 0

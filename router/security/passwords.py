"""Passwords as argon2id hashes, computed off the event loop, a few at a time; it refuses short and absurd ones."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from router.errors import Invalid, RateLimited
from router.security.claims import is_storable

MIN_CHARS = 8
MAX_CHARS = 256

Answer = TypeVar("Answer")


class WeakPassword(Invalid):
    """The password must have between 8 and 256 characters."""


class Passwords:
    """Hashes and verifies, ``concurrency`` at once: each takes a core and its memory, gone through ``time_cost`` times.

    By default the second choice of RFC 9106.
    """

    def __init__(
        self,
        *,
        concurrency: int = 2,
        time_cost: int = 3,
        memory_kib: int = 64 * 1024,
        parallelism: int = 2,
        max_waiting: int = 64,
    ) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        self._executor = ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="password")
        self._max_waiting = max_waiting
        self._waiting = 0

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The hash to store; whether the password is good enough is asked with :func:`check_password`."""
        return await self._run(self._hasher.hash, _normal(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; as slow where there is no account (``None``) as where there is one."""
        if len(password) > MAX_CHARS or not is_storable(password):
            password = ""
        if stored is None:  # a guess at nobody's account is hashed, which takes as long as comparing it
            await self.hash(password)
            return False
        return await self._run(self._fits, stored, _normal(password))

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters and deserves to be made again at the next sign-in."""
        return self._hasher.check_needs_rehash(stored)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., Answer], *arguments: str) -> Answer:
        if self._waiting >= self._max_waiting:
            raise RateLimited()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)
        finally:
            self._waiting -= 1


def check_password(password: str) -> None:
    """Raises :class:`WeakPassword`."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS or not is_storable(password):
        raise WeakPassword()


def _normal(password: str) -> str:
    """The same password, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password)

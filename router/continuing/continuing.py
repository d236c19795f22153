"""One-time tokens that open a conversation on another device (扫码到手机继续); the database keeps hashes only.

The device gets a visitor token of its own, bound to the same customer: it ends after some hours, and with the token
that asked for it. It asks for no codes itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.errors import Forbidden, NotFound, RateLimited
from router.security.tokens import new_visitor_token, token_hash


class CodeOver(NotFound):
    """This code was used already or has run out; scan a new one."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """The token in the code, and until when it opens."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """What the other device goes on with."""

    visitor: str
    site: str
    expires_at: datetime


class Continuing:
    """Codes are made for a visitor and used once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        close_pages: Callable[[UUID], Awaitable[None]],
        *,
        token_for: timedelta,
        device_for: timedelta,
        per_hour: int,
    ) -> None:
        """``close_pages`` closes a customer's pages; those that still may come back at once."""
        self._database = database
        self._clock = clock
        self._close_pages = close_pages
        self._token_for = token_for
        self._device_for = device_for
        self._per_hour = per_hour
        self._sql = load_queries(__file__)

    async def begin(self, visitor: str, site: str) -> Continuation:
        """A new code; the visitor's earlier ones open nothing any more. Raises `RateLimited`, `Forbidden`."""
        now, owner, token = self._clock.now(), token_hash(visitor), new_visitor_token()
        async with self._database.transaction() as connection:
            if await connection.fetchval(self._sql["is_device"], owner):
                raise Forbidden("this device was opened by a code itself")
            asked = await connection.fetchval(self._sql["asked_lately"], owner, now - timedelta(hours=1))
            if asked >= self._per_hour:
                raise RateLimited(retry_after=600)
            await connection.execute(self._sql["forget_unused"], owner, now)
            expires_at = now + self._token_for
            await connection.execute(self._sql["keep"], token_hash(token), owner, site, now, expires_at)
        return Continuation(token, expires_at)

    async def use(self, token: str) -> Device:
        """Opens the device. Raises `CodeOver`."""
        now, visitor = self._clock.now(), new_visitor_token()
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(self._sql["use"], token_hash(token), now)
            if row is None:
                raise CodeOver
            expires_at = now + self._device_for
            await connection.execute(
                self._sql["open_device"], token_hash(visitor), row["customer_id"], now, row["visitor_hash"], expires_at
            )
        return Device(visitor, row["site"], expires_at)

    async def tick(self) -> None:
        """Ends devices whose time is over, and forgets old codes."""
        now = self._clock.now()
        for customer_id in {row["customer_id"] for row in await self._database.fetch(self._sql["end_devices"], now)}:
            await self._close_pages(customer_id)
        await self._database.execute(self._sql["forget_old"], now - timedelta(days=1))

"""No more reminders by mail, by one click (RFC 8058); the link works without signing in and for one address only."""

from __future__ import annotations

import base64
import hmac

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.customers.contact import normal_email
from router.security.sealing import Sealer

_MARK_BYTES = 16
_HASH_BYTES = 32


class Unsubscribing:
    """A token is the address's hash with a mark of ours, so that nobody can make one for another address."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._sql = load_queries(__file__)

    def token(self, email: str) -> str:
        hashed = self._sealer.lookup_hash(normal_email(email), "email")
        return base64.urlsafe_b64encode(hashed + self._mark(hashed)).decode().rstrip("=")

    async def refuse(self, token: str) -> bool:
        """Whether the token is one of ours; then nothing but what was asked for is mailed to its address."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return False
        hashed, mark = raw[:_HASH_BYTES], raw[_HASH_BYTES:]
        if len(hashed) != _HASH_BYTES or not hmac.compare_digest(mark, self._mark(hashed)):
            return False
        await self._database.execute(self._sql["refuse_mail"], hashed, self._clock.now())
        return True

    def _mark(self, hashed: bytes) -> bytes:
        return self._sealer.lookup_hash(hashed.hex(), "unsubscribe")[:_MARK_BYTES]

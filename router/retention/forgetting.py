"""Rows that nobody will ask for again: old client ids, ended sign-ins, visitors who never said anything."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import asyncpg

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.retention.settings import RetentionSettings

log = logging.getLogger(__name__)

_AT_ONCE = 500
#: Of one run; what is left goes in the next one.
_MOST = 20_000


class Forgetting:
    """Any number of servers may do it; each row is taken away once."""

    def __init__(self, database: Database, clock: Clock, settings: RetentionSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Takes away what is older than the settings allow."""
        now, kept = self._clock.now(), self._settings
        await self._database.execute(self._sql["forget_sends"], now - timedelta(days=kept.client_id_days))
        ended = now - timedelta(days=kept.session_days)
        for statement in ("forget_sessions", "forget_revoked"):
            await self._database.execute(self._sql[statement], ended)
        await self._forget_visitors()

    async def _forget_visitors(self) -> None:
        """Whoever turns out to be known somewhere stays; one who comes back meanwhile, too."""
        before = self._clock.now() - timedelta(days=self._settings.silent_visitor_days)
        last, gone = UUID(int=0), 0
        while gone < _MOST:
            rows = await self._database.fetch(self._sql["silent_visitors"], before, last, _AT_ONCE)
            if not rows:
                break
            ids = [row["id"] for row in rows]
            last = ids[-1]
            if await self._take_away(ids):
                gone += len(ids)
                continue
            for id_ in ids:
                gone += await self._take_away([id_])
        if gone:
            log.info("visitors who never said anything were forgotten", extra={"visitors": gone})

    async def _take_away(self, ids: list[UUID]) -> bool:
        """Whether they are gone: something may refer to one of them."""
        try:
            async with self._database.transaction() as connection:
                for statement in ("forget_tokens", "forget_visitors", "forget_silent"):
                    await connection.execute(self._sql[statement], ids)
        except asyncpg.ForeignKeyViolationError:
            return False
        return True

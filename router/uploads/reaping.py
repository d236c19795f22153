"""Files that nobody needs any more: never used for a day, or of messages that are gone; bytes first, then the row."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.uploads.receiving import key_of, preview_key_of
from router.uploads.storage import Storage

log = logging.getLogger(__name__)

_AT_ONCE = 200
_LOOKED_AT = 2_000
_FIRST = UUID(int=0)


class Reaping:
    """Ticks of the timetable; where the storage is away nothing is forgotten, and the next tick tries again."""

    def __init__(self, database: Database, storage: Storage, clock: Clock, *, unused_after: timedelta) -> None:
        self._database = database
        self._storage = storage
        self._clock = clock
        self._unused_after = unused_after
        self._sql = load_queries(__file__)
        self._looked_at = _FIRST

    async def tick(self) -> None:
        """Takes files away. Raises `StorageAway`."""
        now = self._clock.now()
        while True:
            due = await self._database.fetch(self._sql["reapable"], now - self._unused_after, _AT_ONCE)
            rows = await self._database.fetch(self._sql["claim_reapable"], [row["id"] for row in due], now)
            for row in rows:
                await self._storage.delete(key_of(row["id"]))
                if row["has_preview"]:
                    await self._storage.delete(preview_key_of(row["id"]))
                await self._database.execute(self._sql["reap"], row["id"])
            if rows:
                log.info("files taken away", extra={"files": len(rows)})
            if len(due) < _AT_ONCE or not rows:
                return

    async def look_for_strays(self) -> None:
        """Part of the files at a time: was the message emptied, or its customer erased, they go too."""
        rows = await self._database.fetch(self._sql["strays"], self._looked_at, _LOOKED_AT)
        self._looked_at = rows[-1]["id"] if len(rows) == _LOOKED_AT else _FIRST
        strays = [row["id"] for row in rows if row["is_stray"]]
        if strays:
            await self._database.execute(self._sql["remove_strays"], strays, self._clock.now())

"""Counts conversations that have ended, and those of them that changed, so that a year is added up in a moment; what is
not counted yet is looked up by whoever asks."""

from __future__ import annotations

from pathlib import Path

from database.pool import Database
from database.queries import load_queries

_AT_ONCE = 500
_ROUNDS = 40  # of one tick: after a migration there is a whole past to count


class Counting:
    """Any number of servers may tick: one at a time counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries(Path(__file__))

    async def tick(self) -> None:
        """In small steps, each committed by itself."""
        for _ in range(_ROUNDS):
            if await self._database.fetchval(self._sql["count"], _AT_ONCE) < _AT_ONCE:
                return

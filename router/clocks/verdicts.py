"""Whether the bot alone settled a conversation (L1): confirmed, or not asked again within a day; decided once."""

from __future__ import annotations

from datetime import timedelta

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.clocks.settings import BotLevel

_AT_ONCE = 2000
#: A conversation may be committed so much later than it says that it was closed.
_OVERLAP = timedelta(minutes=5)


class Verdicts:
    """All in SQL: conversations that closed get their verdict, or the time by which nobody has asked again."""

    def __init__(self, database: Database, clock: Clock, settings: BotLevel) -> None:
        self._database = database
        self._clock = clock
        self._asked_again_within = timedelta(hours=settings.not_asked_again_hours)
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Judges what closed since the last look, then what was left open and is due now."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            until = await connection.fetchval(self._sql["lock_progress"], now)
            if until is not None:
                judged = await connection.fetch(
                    self._sql["judge_closed"], until - _OVERLAP, now, self._asked_again_within, _AT_ONCE
                )
                reached = max((row["closed_at"] for row in judged), default=now)
                await connection.execute(self._sql["move_progress"], reached if len(judged) == _AT_ONCE else now)
        await self._database.execute(self._sql["judge_due"], now, _AT_ONCE)

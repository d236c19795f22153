"""Where notices are recorded, in the transaction of the change that they tell of; it sends nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Statement
from router.notifications.records import Notice, recipient_columns
from router.notifications.sealed import Seals
from router.security.sealing import Sealer

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Outbox:
    """Recorded once by its key, sent at least once under a stable id; what it says is sealed in the row."""

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._seals = Seals(sealer)
        self._clock = clock
        self._sql = load_queries(__file__)["put_notice"]

    def statement(self, notice: Notice) -> Statement:
        """What records the notice; pure, so that journal followers and decisions may ask for it."""
        notice_id = uuid7()
        kind, recipient_id, personal = recipient_columns(notice.to)
        sealed = self._seals.seal_notice(notice_id, notice.data, personal)
        now = self._clock.now()
        due_at = max(notice.due_at or now, now)
        return Statement(self._sql, (notice_id, notice.key, notice.kind, kind, recipient_id, sealed, now, due_at))

    async def put(self, notice: Notice, connection: PooledConnection | None = None) -> bool:
        """Records the notice, in the caller's transaction where one is given; false where its key was known."""
        statement = self.statement(notice)
        if connection is not None:
            return await connection.fetchval(statement.sql, *statement.arguments) is not None
        found: UUID | None = await self._database.fetchval(statement.sql, *statement.arguments)
        return found is not None

"""A company is made or linked on sight: by the signed id, else by its exact name; it never renames one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.queries import load_queries

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Sighting:
    """Runs inside the transaction of whoever saw the company."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sql = load_queries(__file__)

    async def company(self, connection: PooledConnection, external_id: str | None, name: str | None) -> UUID | None:
        """Its id; ``None`` where nothing was said. What is known already costs one look."""
        if external_id is not None:
            known: UUID | None = await connection.fetchval(self._sql["sight_by_external_id"], external_id)
            if known is not None:
                return known
            made: UUID | None = await self._make(connection, external_id, name or external_id)
            # Somebody else may have made it at this very moment: then it is committed, and seen now.
            return made or await connection.fetchval(self._sql["sight_by_external_id"], external_id)
        if name is None:
            return None
        known = await connection.fetchval(self._sql["sight_by_name"], name)
        if known is not None:
            return known
        await connection.execute(self._sql["lock_name"], name)
        return await connection.fetchval(self._sql["sight_by_name"], name) or await self._make(connection, None, name)

    async def _make(self, connection: PooledConnection, external_id: str | None, name: str) -> UUID | None:
        nothing = (None,) * 9
        made: UUID | None = await connection.fetchval(
            self._sql["insert_company"], uuid7(), external_id, name, *nothing, [], self._clock.now()
        )
        return made

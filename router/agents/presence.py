"""Who is there: what agents say of themselves, signs of life, and who has room for one more; it assigns nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from router.agents.accounts import MAX_CAPACITY
from router.agents.records import AgentPresence, PresenceStatus
from router.agents.store import AgentStore
from router.errors import Invalid, NotFound
from router.security.claims import is_storable

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_REASON_CHARS = 80


async def _nobody(_: AgentPresence) -> None: ...


class PresenceStore:
    """Presence as rows; whoever comes back after ``lost_after_seconds`` without a sign of life begins offline."""

    def __init__(
        self,
        database: Database,
        store: AgentStore,
        clock: Clock,
        *,
        lost_after_seconds: float = 45,
        away_after_missed_offers: int = 3,
        away_after_silences: int = 2,
        tell: Callable[[AgentPresence], Awaitable[None]] = _nobody,
    ) -> None:
        """``tell`` hears of every change that somebody said or that happened by itself."""
        self._database = database
        self._sql = store.sql
        self._clock = clock
        self._lost_after = timedelta(seconds=lost_after_seconds)
        self._most_missed = away_after_missed_offers
        self._most_silences = away_after_silences
        self._tell = tell

    async def set(
        self,
        account_id: UUID,
        status: PresenceStatus,
        *,
        accepting: bool | None = None,
        reason: str | None = None,
        capacity: int | None = None,
    ) -> AgentPresence:
        """What the agent says; ``accepting`` follows the status where it is not said. Raises :class:`Invalid`."""
        _check_reason(reason)
        if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
            raise Invalid(f"capacity lies between 0 and {MAX_CAPACITY}")
        takes = status == "online" and accepting is not False
        async with self._database.transaction() as connection:
            if capacity is not None:
                await connection.execute(self._sql["set_capacity"], account_id, capacity)
            now = self._clock.now()
            await connection.execute(self._sql["set_presence"], account_id, status, takes, reason, now)
            changed = await self._of(connection, account_id)
        await self._tell(changed)
        return changed

    async def set_by_supervisor(
        self,
        connection: PooledConnection,
        account_id: UUID,
        status: PresenceStatus,
        *,
        accepting: bool | None = None,
        reason: str | None = None,
    ) -> AgentPresence:
        """What a supervisor says of somebody, within the caller's transaction; `told` after its COMMIT.

        Raises :class:`Invalid`, :class:`NotFound`.
        """
        _check_reason(reason)
        takes = status == "online" and accepting is not False
        await self._of(connection, account_id)
        now = self._clock.now()
        await connection.execute(self._sql["set_presence_of"], account_id, status, takes, reason, now)
        return await self._of(connection, account_id)

    async def told(self, presence: AgentPresence) -> None:
        await self._tell(presence)

    async def missed_offer(self, account_id: UUID) -> AgentPresence | None:
        """An offer to this agent ran out; their presence where that was one too many, and they are away now."""
        return await self._away_where("miss_offer", account_id, self._most_missed)

    async def kept_silent(self, account_id: UUID) -> AgentPresence | None:
        """A customer was taken from this agent for their silence; the same."""
        return await self._away_where("keep_silent", account_id, self._most_silences)

    async def _away_where(self, statement: str, account_id: UUID, most: int) -> AgentPresence | None:
        if not await self._database.fetchval(self._sql[statement], account_id, most, self._clock.now()):
            return None
        away = await self.of(account_id)
        await self._tell(away)
        return away

    async def of(self, account_id: UUID) -> AgentPresence:
        """Raises :class:`NotFound`."""
        async with self._database.connection() as connection:
            return await self._of(connection, account_id)

    async def arrive(self, account_id: UUID) -> None:
        """A page of the agent connects. Yesterday's "online" is none; a mere reconnection keeps what was said."""
        now = self._clock.now()
        await self._database.execute(self._sql["arrive"], account_id, now, now - self._lost_after)

    async def heartbeat(self, account_ids: Collection[UUID]) -> None:
        """These agents have a living socket right now."""
        await self._database.execute(self._sql["heartbeat"], list(account_ids), self._clock.now())

    async def lost_sight(self, account_id: UUID) -> None:
        """The agent's last socket is gone: nothing new for them from now on, though they may be back in a moment."""
        await self._database.execute(self._sql["lost_sight"], account_id, self._clock.now())

    async def _of(self, connection: PooledConnection, account_id: UUID) -> AgentPresence:
        row = await connection.fetchrow(self._sql["presence_of"], account_id)
        if row is None:
            raise NotFound()
        return AgentPresence(**dict(row))


def _check_reason(reason: str | None) -> None:
    if reason is not None and (len(reason) > MAX_REASON_CHARS or not is_storable(reason)):
        raise Invalid(f"a reason has at most {MAX_REASON_CHARS} characters")

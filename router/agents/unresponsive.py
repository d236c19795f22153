"""Agents who let offers run out, or customers wait, are set away, and supervisors are told; decides nothing else."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from database.clock import Clock
from router.agents.presence import PresenceStore
from router.payloads.desk import Alert
from router.sentences import say


class Tells(Protocol):
    """Tells supervisors and the owner; see `router.notifications.alerts`."""

    async def tell(self, alert: Alert, *, owner: UUID | None, group_id: UUID | None) -> bool: ...


class Unresponsive:
    def __init__(self, presence: PresenceStore, alerts: Tells, clock: Clock) -> None:
        self._presence = presence
        self._alerts = alerts
        self._clock = clock

    async def missed(self, agent_id: UUID) -> None:
        """One more offer to this agent ran out."""
        if await self._presence.missed_offer(agent_id) is not None:
            await self._tell(agent_id, say("alert.missed_offers"))

    async def silent(self, agent_id: UUID) -> None:
        """One more customer waited in vain for a word of this agent."""
        if await self._presence.kept_silent(agent_id) is not None:
            await self._tell(agent_id, say("alert.silent"))

    async def _tell(self, agent_id: UUID, text: str) -> None:
        alert = Alert(kind="agent_away", at=self._clock.now(), owner=agent_id, text=text)
        await self._alerts.tell(alert, owner=agent_id, group_id=None)

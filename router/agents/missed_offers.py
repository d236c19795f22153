"""An agent who lets offers run out one after another is set away, and supervisors are told; decides nothing else."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from database.clock import Clock
from router.agents.presence import PresenceStore
from router.payloads.desk import Alert


class Tells(Protocol):
    """Tells supervisors and the owner; see `router.notifications.alerts`."""

    async def tell(self, alert: Alert, *, owner: UUID | None, group_id: UUID | None) -> bool: ...


class MissedOffers:
    def __init__(self, presence: PresenceStore, alerts: Tells, clock: Clock) -> None:
        self._presence = presence
        self._alerts = alerts
        self._clock = clock

    async def missed(self, agent_id: UUID) -> None:
        """One more offer to this agent ran out."""
        away = await self._presence.missed_offer(agent_id)
        if away is not None:
            text = "连续几次没有接受会话邀请，已自动设为离开。"
            alert = Alert(kind="agent_away", at=self._clock.now(), owner=agent_id, text=text)
            await self._alerts.tell(alert, owner=agent_id, group_id=None)

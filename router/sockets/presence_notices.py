"""Who is there now, as agents' own pages and supervisors hear it."""

from __future__ import annotations

from router.agents.records import AgentPresence
from router.payloads.desk import PresenceChange
from router.sockets.gateway import Gateway


class PresenceNotices:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def tell(self, presence: AgentPresence) -> None:
        """To all pages of the agent, and to supervisors."""
        change = PresenceChange(
            agent_id=presence.account_id,
            status=presence.status,
            accepting=presence.accepting,
            capacity=presence.capacity,
            reason=presence.reason,
        )
        await self._gateway.to_supervisors("presence", change, and_agent=presence.account_id)

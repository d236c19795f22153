"""Who is there now, as agents' own pages and supervisors hear it, on every node."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record
from msgspec import Raw

from router.agents.records import AgentPresence
from router.payloads.desk import PresenceChange
from router.sockets.gateway import Gateway
from router.wire.parcels import unpacked
from router.wire.wire import Wire

PRESENCE = "presence"


class PresenceNotices:
    """To all pages of the agent, and to supervisors."""

    def __init__(self, gateway: Gateway, wire: Wire | None = None) -> None:
        self._gateway = gateway
        self._wire = wire
        #: What the pages here were told last, where there are other nodes.
        self._told: dict[UUID, PresenceChange] = {}

    async def tell(self, presence: AgentPresence) -> None:
        """It has just changed here."""
        change = _change(presence)
        await self._show(change)
        if self._wire is not None:
            self._wire.send(PRESENCE, change)

    async def hear(self, raw: Raw) -> None:
        """It has changed on another node; raises `msgspec.DecodeError`."""
        await self._show(unpacked(raw, PresenceChange))

    async def follow(self, rows: Iterable[Record]) -> None:
        """Everybody's as the database has it: tells what pages here were told differently."""
        for row in rows:
            change = _change(AgentPresence(**dict(row)))
            known = self._told.get(change.agent_id)
            if known is None:
                self._told[change.agent_id] = change
            elif known != change:
                await self._show(change)

    async def _show(self, change: PresenceChange) -> None:
        if self._wire is not None:
            self._told[change.agent_id] = change
        await self._gateway.to_supervisors("presence", change, and_agent=change.agent_id)


def _change(presence: AgentPresence) -> PresenceChange:
    return PresenceChange(
        agent_id=presence.account_id,
        status=presence.status,
        accepting=presence.accepting,
        capacity=presence.capacity,
        reason=presence.reason,
    )

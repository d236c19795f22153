"""The way to pages wherever they are open: those of this node at once, those of the others over the wire.

For what no database keeps: hints, alerts, news that a page asks for again when it missed them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from router.conversations.colleague import Colleague
from router.sockets.gateway import Gateway
from router.wire.parcels import Ids, unpacked
from router.wire.wire import Wire

SHOW = "show"
SHUT_OUT = "shut_out"
LEFT = "left"

Whom = Literal["customer", "watchers", "agents", "supervisors", "desk"]


class Shown(Struct, frozen=True, array_like=True):
    """An event for pages, as JSON. ``ids``: whom; of the desk: who hears it whatever they may see. ``group_id`` and
    ``owner``: whose matter it is."""

    to: Whom
    event: str
    payload: bytes
    ids: list[UUID] = []
    group_id: UUID | None = None
    owner: UUID | None = None


class Everywhere:
    """`Gateway` for the whole desk; what concerns one socket only stays there."""

    def __init__(self, gateway: Gateway, wire: Wire | None, colleagues: Callable[[], Iterable[Colleague]]) -> None:
        """``colleagues``: who has a page open here."""
        self._gateway = gateway
        self._wire = wire
        self._colleagues = colleagues

    async def to_customer(self, customer_id: UUID, event: str, payload: Struct) -> None:
        """All pages of a customer."""
        await self._gateway.to_customer(customer_id, event, payload)
        self._send("customer", event, payload, [customer_id])

    async def to_watchers(self, conversation_id: UUID, event: str, payload: Struct) -> None:
        """Agents who have the conversation open."""
        await self._gateway.to_watchers(conversation_id, event, payload)
        self._send("watchers", event, payload, [conversation_id])

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct) -> None:
        """All pages of an agent."""
        await self.to_agents([agent_id], event, payload)

    async def to_agents(self, agent_ids: Collection[UUID], event: str, payload: Struct) -> None:
        """All pages of several agents."""
        await self._gateway.to_agents(agent_ids, event, payload)
        self._send("agents", event, payload, list(agent_ids))

    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: UUID | None = None) -> None:
        """All pages of supervisors, and of one agent: a supervisor's page hears it once."""
        await self._gateway.to_supervisors(event, payload, and_agent=and_agent)
        self._send("supervisors", event, payload, [] if and_agent is None else [and_agent])

    async def to_desk(
        self, event: str, payload: Struct, *, group_id: UUID | None, owner: UUID | None, also: Collection[UUID] = ()
    ) -> None:
        """Everybody who may see what this group or this owner has, and some others."""
        await self._to_desk(event, payload, group_id, owner, also)
        self._send("desk", event, payload, list(also), group_id, owner)

    def shut_out(self, customer_id: UUID) -> None:
        """The other nodes close every page of a customer."""
        if self._wire is not None:
            self._wire.send(SHUT_OUT, Ids([customer_id]))

    def left(self, account_id: UUID) -> None:
        """An agent's last page here is gone; another node may have one."""
        if self._wire is not None:
            self._wire.send(LEFT, Ids([account_id]))

    async def hear(self, raw: Raw) -> None:
        """What another node shows; raises `msgspec.DecodeError`."""
        shown = unpacked(raw, Shown)
        payload = Raw(shown.payload)
        match shown.to:
            case "customer":
                await self._gateway.to_customer(shown.ids[0], shown.event, payload)
            case "watchers":
                await self._gateway.to_watchers(shown.ids[0], shown.event, payload)
            case "agents":
                await self._gateway.to_agents(shown.ids, shown.event, payload)
            case "supervisors":
                agent = shown.ids[0] if shown.ids else None
                await self._gateway.to_supervisors(shown.event, payload, and_agent=agent)
            case "desk":
                await self._to_desk(shown.event, payload, shown.group_id, shown.owner, shown.ids)

    async def _to_desk(
        self, event: str, payload: Struct | Raw, group_id: UUID | None, owner: UUID | None, also: Collection[UUID]
    ) -> None:
        whom = [each.ref.id for each in self._colleagues() if each.ref.id in also or each.may_see(group_id, owner)]
        if whom:
            await self._gateway.to_agents(whom, event, payload)

    def _send(
        self,
        to: Whom,
        event: str,
        payload: Struct,
        ids: list[UUID],
        group_id: UUID | None = None,
        owner: UUID | None = None,
    ) -> None:
        if self._wire is not None:
            self._wire.send(SHOW, Shown(to, event, msgspec.json.encode(payload), ids, group_id, owner))

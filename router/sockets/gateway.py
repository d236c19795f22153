"""The one way out to sockets: to a customer, to who watches a conversation, to an agent, to a group's agents."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any
from uuid import UUID

import socketio
from msgspec import Raw, Struct

CHAT = "/chat"
AGENT = "/agent"
_WATCH = "watch:"
_CUSTOMER = "customer:"


class Gateway:
    """Rooms are its secret; capabilities say whom they mean."""

    def __init__(self, server: Any) -> None:
        self._server: socketio.AsyncServer = server

    async def to_customer(
        self, customer_id: UUID, event: str, payload: Struct | Raw, *, but: str | None = None
    ) -> None:
        """All pages of a customer, except the socket ``but``."""
        await self._server.emit(event, payload, room=f"{_CUSTOMER}{customer_id}", namespace=CHAT, skip_sid=but)

    async def to_watchers(
        self, conversation_id: UUID, event: str, payload: Struct | Raw, *, but: str | None = None
    ) -> None:
        """Agents who have the conversation open."""
        await self._server.emit(event, payload, room=f"{_WATCH}{conversation_id}", namespace=AGENT, skip_sid=but)

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct | Raw) -> None:
        """All pages of an agent."""
        await self._server.emit(event, payload, room=f"agent:{agent_id}", namespace=AGENT)

    async def to_agents(self, agent_ids: Collection[UUID], event: str, payload: Struct | Raw) -> None:
        """All pages of several agents; made once for all of them."""
        rooms = [f"agent:{agent_id}" for agent_id in agent_ids]
        await self._server.emit(event, payload, room=rooms, namespace=AGENT)

    async def to_supervisors(self, event: str, payload: Struct | Raw, *, and_agent: UUID | None = None) -> None:
        """All pages of supervisors, and of one agent: a supervisor's page hears it once."""
        rooms = ["supervisors"] if and_agent is None else ["supervisors", f"agent:{and_agent}"]
        await self._server.emit(event, payload, room=rooms, namespace=AGENT)

    async def to_socket(self, namespace: str, sid: str, event: str, payload: Struct | Raw) -> None:
        await self._server.emit(event, payload, to=sid, namespace=namespace)

    async def enter_customer(self, sid: str, customer_id: UUID) -> None:
        await self._server.enter_room(sid, f"{_CUSTOMER}{customer_id}", namespace=CHAT)

    async def enter_agent(self, sid: str, agent_id: UUID) -> None:
        await self._server.enter_room(sid, f"agent:{agent_id}", namespace=AGENT)

    async def enter_supervisors(self, sid: str) -> None:
        await self._server.enter_room(sid, "supervisors", namespace=AGENT)

    async def leave_supervisors(self, sid: str) -> None:
        await self._server.leave_room(sid, "supervisors", namespace=AGENT)

    def customers_here(self) -> set[UUID]:
        """The customers who have a page open at this process."""
        rooms = self._server.manager.rooms.get(CHAT, {})
        return {UUID(room[len(_CUSTOMER) :]) for room in rooms if room is not None and room.startswith(_CUSTOMER)}

    def is_here(self, customer_id: UUID) -> bool:
        """Whether this customer has a page open at this process."""
        return f"{_CUSTOMER}{customer_id}" in self._server.manager.rooms.get(CHAT, {})

    async def watch(self, sid: str, conversation_id: UUID) -> None:
        with suppress(KeyError):  # it may have left while its greeting was being made
            await self._server.enter_room(sid, f"{_WATCH}{conversation_id}", namespace=AGENT)

    async def unwatch(self, sid: str, conversation_id: UUID) -> None:
        await self._server.leave_room(sid, f"{_WATCH}{conversation_id}", namespace=AGENT)

    def is_watched(self, conversation_id: UUID) -> bool:
        """Whether an agent of this process watches it."""
        return f"{_WATCH}{conversation_id}" in self._server.manager.rooms.get(AGENT, {})

    def watchers(self, conversation_id: UUID) -> list[str]:
        """The sockets of this process that watch it."""
        return [sid for sid, _ in self._server.manager.get_participants(AGENT, f"{_WATCH}{conversation_id}")]

    def watched(self) -> set[UUID]:
        """Every conversation that an agent of this process watches."""
        rooms = self._server.manager.rooms.get(AGENT, {})
        return {UUID(room[len(_WATCH) :]) for room in rooms if room is not None and room.startswith(_WATCH)}

    async def watch_for_agent(self, agent_id: UUID, conversation_id: UUID) -> None:
        """Every page of the agent watches it from now on: one's own conversations are watched without asking."""
        for sid, _ in list(self._server.manager.get_participants(AGENT, f"agent:{agent_id}")):
            await self.watch(sid, conversation_id)

    async def disconnect(self, namespace: str, sid: str) -> None:
        await self._server.disconnect(sid, namespace=namespace)

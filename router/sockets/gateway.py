"""The one way out to sockets: to a customer, to who watches a conversation, to an agent, to a group's agents."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import Any
from uuid import UUID

from msgspec import Raw, Struct

from router.sockets import packets
from router.sockets.connection import Socket
from router.sockets.frames import framed
from router.sockets.server import SocketServer

CHAT = "/chat"
AGENT = "/agent"


class Room:
    """Who hears the same; empty rooms are taken away."""

    __slots__ = ("_key", "_rooms", "members")

    def __init__(self, rooms: dict[Any, Room], key: Hashable) -> None:
        self._rooms = rooms
        self._key = key
        #: Made anew with each change, so that a change while everybody is told disturbs nothing.
        self.members: tuple[Socket, ...] = ()

    def enter(self, socket: Socket) -> None:
        if socket not in self.members:
            self.members = (*self.members, socket)
            socket.rooms = (*socket.rooms, self)
            self._rooms[self._key] = self

    def leave(self, socket: Socket) -> None:
        """``socket.rooms`` is the caller's to change."""
        self.members = tuple(member for member in self.members if member is not socket)
        if not self.members:
            self._rooms.pop(self._key, None)


Rooms = dict[UUID, Room]


class Gateway:
    """Rooms are its secret; capabilities say whom they mean."""

    def __init__(self, server: SocketServer) -> None:
        self._server = server
        self._customers: Rooms = {}
        self._watching: Rooms = {}
        self._agents: Rooms = {}
        self._leaders: dict[str, Room] = {}
        self._supervisors = Room(self._leaders, "")

    async def to_customer(
        self, customer_id: UUID, event: str, payload: Struct | Raw, *, but: str | None = None
    ) -> None:
        """All pages of a customer, except the socket ``but``."""
        if (room := self._customers.get(customer_id)) is not None:
            frame = None
            for socket in room.members:
                if socket.sid != but:
                    frame = frame or _framed(CHAT, event, payload)
                    socket.connection.write_soon(frame)

    async def to_watchers(
        self, conversation_id: UUID, event: str, payload: Struct | Raw, *, but: str | None = None
    ) -> None:
        """Agents who have the conversation open."""
        if (room := self._watching.get(conversation_id)) is not None:
            _tell(room.members, AGENT, event, payload, but)

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct | Raw) -> None:
        """All pages of an agent."""
        _tell(_members(self._agents, agent_id), AGENT, event, payload)

    async def to_agents(self, agent_ids: Collection[UUID], event: str, payload: Struct | Raw) -> None:
        """All pages of several agents; made once for all of them."""
        _tell([member for agent_id in agent_ids for member in _members(self._agents, agent_id)], AGENT, event, payload)

    async def to_supervisors(self, event: str, payload: Struct | Raw, *, and_agent: UUID | None = None) -> None:
        """All pages of supervisors, and of one agent: a supervisor's page hears it once."""
        agents = () if and_agent is None else _members(self._agents, and_agent)
        _tell(dict.fromkeys((*self._supervisors.members, *agents)), AGENT, event, payload)

    async def to_socket(self, namespace: str, sid: str, event: str, payload: Struct | Raw) -> None:
        if (socket := self._server.socket(sid)) is not None:
            _tell((socket,), namespace, event, payload)

    async def enter_customer(self, sid: str, customer_id: UUID) -> None:
        self._enter(sid, self._customers, customer_id)

    async def enter_agent(self, sid: str, agent_id: UUID) -> None:
        self._enter(sid, self._agents, agent_id)

    async def enter_supervisors(self, sid: str) -> None:
        if (socket := self._server.socket(sid)) is not None:
            self._supervisors.enter(socket)

    async def leave_supervisors(self, sid: str) -> None:
        self._leave(sid, self._supervisors)

    def customers_here(self) -> set[UUID]:
        """The customers who have a page open at this process."""
        return set(self._customers)

    def is_here(self, customer_id: UUID) -> bool:
        """Whether this customer has a page open at this process."""
        return customer_id in self._customers

    async def watch(self, sid: str, conversation_id: UUID) -> None:
        """Nothing happens to a page that left while its greeting was being made."""
        self._enter(sid, self._watching, conversation_id)

    async def unwatch(self, sid: str, conversation_id: UUID) -> None:
        if (room := self._watching.get(conversation_id)) is not None:
            self._leave(sid, room)

    def is_watched(self, conversation_id: UUID) -> bool:
        """Whether an agent of this process watches it."""
        return conversation_id in self._watching

    def watchers(self, conversation_id: UUID) -> list[str]:
        """The sockets of this process that watch it."""
        return [socket.sid for socket in _members(self._watching, conversation_id)]

    def watched(self) -> set[UUID]:
        """Every conversation that an agent of this process watches."""
        return set(self._watching)

    async def watch_for_agent(self, agent_id: UUID, conversation_id: UUID) -> None:
        """Every page of the agent watches it from now on: one's own conversations are watched without asking."""
        for socket in _members(self._agents, agent_id):
            await self.watch(socket.sid, conversation_id)

    async def disconnect(self, sid: str) -> None:
        await self._server.disconnect(sid)

    def _enter(self, sid: str, rooms: Rooms, key: UUID) -> None:
        socket = self._server.socket(sid)
        if socket is not None:
            (rooms.get(key) or Room(rooms, key)).enter(socket)

    def _leave(self, sid: str, room: Room) -> None:
        socket = self._server.socket(sid)
        if socket is not None and room in socket.rooms:
            room.leave(socket)
            socket.rooms = tuple(each for each in socket.rooms if each is not room)


def _members(rooms: Rooms, key: UUID) -> tuple[Socket, ...]:
    room = rooms.get(key)
    return () if room is None else room.members


def _tell(sockets: Iterable[Socket], namespace: str, event: str, payload: Struct | Raw, but: str | None = None) -> None:
    """The same bytes to all of them."""
    frame = None
    for socket in sockets:
        if socket.sid != but:
            frame = frame or _framed(namespace, event, payload)
            socket.connection.write(frame)


def _framed(namespace: str, event: str, payload: Struct | Raw) -> bytes:
    return framed(packets.event(namespace.encode(), event, payload))

"""The agents' namespace ``/agent``: parses, delegates, emits; the socket lives as long as the session behind it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from router.agents.presence import PresenceStore
from router.agents.records import Account, AgentPresence, Signed
from router.agents.sessions import Sessions
from router.conversations.conversations import Conversations
from router.conversations.feedback import Feedback
from router.conversations.handling import Colleague, Handling
from router.conversations.http import agent_conversation, colleague_of
from router.conversations.reading import Reading
from router.customers.customers import Customers
from router.errors import Forbidden, Invalid, Unauthorized, Unavailable
from router.events import (
    AGENT_EVENTS,
    Accept,
    AddNote,
    AgentAuth,
    AgentClose,
    AgentSelf,
    AgentSendMessage,
    AgentSync,
    AgentSyncAck,
    AgentWelcome,
    Decline,
    Ok,
    Presence,
    Read,
    ReadNotice,
    Recall,
    SetPresence,
    Transfer,
    Typing,
    TypingNotice,
    WaitingLine,
    WaitingLineAck,
    Watch,
)
from router.sockets.base import TypedNamespace, parse
from router.sockets.gateway import AGENT, Gateway
from router.sockets.limits import RateLimit
from router.sockets.line_board import LineBoard
from router.waiting.dispatcher import Dispatcher

log = logging.getLogger(__name__)

PROTOCOL = 1
_DESK_ROLES = frozenset({"agent", "supervisor", "admin"})


@dataclass(frozen=True, slots=True)
class AgentParts:
    """What the namespace delegates to."""

    sessions: Sessions
    presence: PresenceStore
    handling: Handling
    conversations: Conversations
    feedback: Feedback
    reading: Reading
    customers: Customers
    dispatcher: Dispatcher
    board: LineBoard
    gateway: Gateway
    is_ready: Callable[[], bool]
    show_read_marks: bool


@dataclass(frozen=True, slots=True)
class _Seat:
    """One connected page of an agent."""

    account: Account
    session_id: UUID
    colleague: Colleague


class AgentNamespace(TypedNamespace):
    """One socket is one page of one agent; who may see what is asked of `Handling`."""

    def __init__(self, parts: AgentParts, rate: RateLimit) -> None:
        super().__init__(AGENT, AGENT_EVENTS, rate)
        self._parts = parts
        self._seats: dict[str, _Seat] = {}

    def colleagues(self) -> list[Colleague]:
        """Every agent with an open page, once."""
        return list({seat.account.id: seat.colleague for seat in self._seats.values()}.values())

    @property
    def connected(self) -> int:
        return len(self._seats)

    async def entered(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        if not self._parts.is_ready():
            raise Unavailable("the service is starting")
        if not isinstance(auth, dict) or not auth.get("token"):
            raise Unauthorized
        asked = parse(auth, AgentAuth)
        if asked.protocol != PROTOCOL:
            raise Invalid("this server speaks protocol 1", protocol=PROTOCOL)
        signed = await self._parts.sessions.authenticate(asked.token)
        if not signed.account.has_any(_DESK_ROLES):
            raise Forbidden
        seat = _seat(signed)
        await self._parts.presence.heartbeat([seat.account.id])
        self._seats[sid] = seat  # after everything that can fail: nobody tells us that a refused socket has gone
        await self._parts.gateway.enter_agent(sid, seat.account.id)
        if seat.colleague.is_supervisor:
            await self._parts.gateway.enter_supervisors(sid)
        self.welcome_soon(sid, self._welcome(sid, seat))

    async def _welcome(self, sid: str, seat: _Seat) -> None:
        account = seat.account
        rows = await self._parts.reading.open_of_agent(account.id)
        cards = await self._parts.customers.cards({row.customer_id for row in rows}) if rows else {}
        for row in rows:
            await self._parts.gateway.watch(sid, row.id)
        welcome = AgentWelcome(
            protocol=PROTOCOL,
            agent=AgentSelf(
                id=account.id,
                username=account.username,
                name=account.public_name,
                roles=sorted(account.roles),
                groups=sorted(account.group_ids),
                staff_number=account.staff_number,
            ),
            presence=_presence(await self._parts.presence.of(account.id)),
            conversations=[agent_conversation(row, cards.get(row.customer_id)) for row in rows],
        )
        await self._parts.gateway.to_socket(AGENT, sid, "welcome", welcome)

    async def answer_of(self, sid: str, client_id: UUID) -> dict[str, Any] | None:
        return await self._parts.conversations.answer_of(self._seat(sid).account.id, client_id)

    async def left(self, sid: str) -> None:
        seat = self._seats.pop(sid, None)
        if seat is not None and not any(other.account.id == seat.account.id for other in self._seats.values()):
            await self._parts.presence.lost_sight(seat.account.id)

    def _seat(self, sid: str) -> _Seat:
        try:
            return self._seats[sid]
        except KeyError:
            raise Unavailable from None

    # Kept by the timetable -------------------------------------------------------------------------------------

    async def heartbeat(self) -> None:
        """Tells the database which agents have a living socket here."""
        if self._seats:
            await self._parts.presence.heartbeat({seat.account.id for seat in self._seats.values()})

    async def end_dead_sessions(self) -> None:
        """Closes sockets whose session or account has ended."""
        if not self._seats:
            return
        alive = await self._parts.sessions.alive({seat.session_id for seat in self._seats.values()})
        for sid in [sid for sid, seat in self._seats.items() if seat.session_id not in alive]:
            await self._parts.gateway.disconnect(AGENT, sid)

    def count_by_status(self) -> Counter[str]:
        return Counter(role for seat in self._seats.values() for role in seat.account.roles)

    # Events ----------------------------------------------------------------------------------------------------

    async def handle_set_presence(self, sid: str, wish: SetPresence) -> Ok:
        seat = self._seat(sid)
        await self._parts.presence.set(
            seat.account.id, wish.status, accepting=wish.accepting, reason=wish.reason, capacity=wish.capacity
        )
        await self._parts.presence.heartbeat([seat.account.id])
        await self._parts.dispatcher.tick()
        return Ok()

    async def handle_accept(self, sid: str, wish: Accept) -> dict[str, Any]:
        seat = self._seat(sid)
        answer = await self._parts.handling.accept(seat.colleague, wish)
        await self._parts.gateway.watch_for_agent(seat.account.id, wish.conversation_id)
        return answer

    async def handle_decline(self, sid: str, wish: Decline) -> dict[str, Any]:
        return await self._parts.handling.decline(self._seat(sid).colleague, wish)

    async def handle_send_message(self, sid: str, said: AgentSendMessage) -> dict[str, Any]:
        return await self._parts.handling.send(self._seat(sid).colleague, said)

    async def handle_add_note(self, sid: str, wish: AddNote) -> dict[str, Any]:
        return await self._parts.handling.add_note(self._seat(sid).colleague, wish)

    async def handle_recall(self, sid: str, wish: Recall) -> dict[str, Any]:
        seat = self._seat(sid)
        await self._parts.handling.visible(seat.colleague, wish.conversation_id)
        return await self._parts.feedback.recall(seat.colleague.actor, wish.conversation_id, wish)

    async def handle_transfer(self, sid: str, wish: Transfer) -> dict[str, Any]:
        return await self._parts.handling.transfer(self._seat(sid).colleague, wish)

    async def handle_close(self, sid: str, wish: AgentClose) -> dict[str, Any]:
        answer = await self._parts.handling.close(self._seat(sid).colleague, wish)
        await self._parts.dispatcher.tick()
        return answer

    async def handle_watch(self, sid: str, wish: Watch) -> Ok:
        row = await self._parts.handling.visible(self._seat(sid).colleague, wish.conversation_id)
        await self._parts.gateway.watch(sid, row.id)
        return Ok()

    async def handle_unwatch(self, sid: str, wish: Watch) -> Ok:
        await self._parts.gateway.unwatch(sid, wish.conversation_id)
        return Ok()

    async def handle_sync(self, sid: str, wish: AgentSync) -> AgentSyncAck:
        row = await self._parts.handling.visible(self._seat(sid).colleague, wish.conversation_id)
        return await self._parts.reading.sync_agent(row, wish.after_seq, wish.after_note_seq, wish.limit)

    async def handle_waiting_line(self, sid: str, _: WaitingLine) -> WaitingLineAck:
        return await self._parts.board.whole_line(self._seat(sid).colleague)

    async def handle_read(self, sid: str, mark: Read) -> Ok:
        seat = self._seat(sid)
        row = await self._parts.handling.visible(seat.colleague, mark.conversation_id)
        if row.owner == seat.account.id:
            await self._parts.reading.read_up_to(row.id, mark.seq, by_agent=True)
            if self._parts.show_read_marks:
                notice = ReadNotice(conversation_id=row.id, seq=min(mark.seq, row.last_seq))
                await self._parts.gateway.to_customer(row.customer_id, "read", notice)
        return Ok()

    async def handle_typing(self, sid: str, notice: Typing) -> None:
        seat = self._seat(sid)
        row = await self._parts.handling.visible(seat.colleague, notice.conversation_id)
        if row.state == "human" and row.owner == seat.account.id:
            told = TypingNotice(conversation_id=row.id, actor=seat.colleague.actor)
            await self._parts.gateway.to_customer(row.customer_id, "typing", told)


def _seat(signed: Signed) -> _Seat:
    return _Seat(signed.account, signed.session_id, colleague_of(signed.account))


def _presence(presence: AgentPresence) -> Presence:
    return Presence(
        status=presence.status, accepting=presence.accepting, capacity=presence.capacity, reason=presence.reason
    )

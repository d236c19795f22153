"""The agents' namespace ``/agent``: parses, delegates, emits; the socket lives as long as the session behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.errors import DatabaseUnavailable
from models.batching import QuestionNotEncoded
from router.agents.presence import PresenceStore
from router.agents.records import Account, AgentPresence, portrait_url
from router.agents.sessions import Sessions
from router.cards.cards import Cards
from router.clocks.clocks import Clocks
from router.conversations.conversations import Conversations
from router.conversations.feedback import Feedback
from router.conversations.handling import Handling
from router.conversations.http import DESK, TicketMarks, agent_conversation
from router.conversations.passing_on import PassingOn
from router.conversations.reading import Reading
from router.conversations.supervising import Supervising
from router.customers.customers import Customers
from router.errors import Forbidden, Invalid, Unauthorized, Unavailable
from router.events import AGENT_EVENTS
from router.help.minding import MindedWords
from router.help.suggesting import Suggesting
from router.observing.stages import Observe
from router.payloads.agents import (
    Accept,
    AddNote,
    AgentAuth,
    AgentClose,
    AgentSendMessage,
    AgentSync,
    AgentSyncAck,
    Decline,
    Hold,
    InviteRating,
    Push,
    SetPresence,
    TakeOver,
    Transfer,
    TransferAll,
    TransferAllAck,
    WaitingLine,
    Watch,
)
from router.payloads.base import Ok
from router.payloads.cards import AgentCardAck, HandOverCardWish
from router.payloads.desk import AgentSelf, AgentWelcome, Presence, WaitingLineAck
from router.payloads.help import Suggest, SuggestAck
from router.payloads.shared import Read, ReadNotice, Recall, Typing, TypingNotice
from router.payloads.tickets import CreateTicket
from router.ratings.ratings import Ratings
from router.sockets.base import Around, TypedNamespace, parse
from router.sockets.gateway import AGENT, Gateway
from router.sockets.limits import SocketLimits
from router.sockets.line_board import LineBoard
from router.sockets.offers import Offers
from router.sockets.seats import Seats
from router.tickets.creating import Creating
from router.waiting.dispatcher import Dispatcher
from router.wire.everywhere import Everywhere

log = logging.getLogger(__name__)

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class AgentParts:
    """What the namespace delegates to."""

    sessions: Sessions
    presence: PresenceStore
    handling: Handling
    passing_on: PassingOn
    supervising: Supervising
    conversations: Conversations
    feedback: Feedback
    cards: Cards
    reading: Reading
    customers: Customers
    ratings: Ratings
    dispatcher: Dispatcher
    board: LineBoard
    offers: Offers
    creating: Creating
    tickets: TicketMarks
    words: MindedWords
    suggesting: Suggesting
    clocks: Clocks
    seats: Seats
    gateway: Gateway
    pages: Everywhere
    is_ready: Callable[[], bool]
    show_read_marks: bool
    #: First level → second levels, as configured.
    topics: dict[str, list[str]]


class AgentNamespace(TypedNamespace):
    """One socket is one page of one agent; who may see what is asked of `Handling`."""

    def __init__(self, parts: AgentParts, limits: SocketLimits, observe: Observe, around: Around | None = None) -> None:
        super().__init__(AGENT, AGENT_EVENTS, limits, observe, parts.gateway.disconnect, around)
        self._parts = parts
        self._seats = parts.seats
        self._signs: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        return len(self._seats)

    async def entered(self, sid: str, auth: Any) -> None:
        if not self._parts.is_ready():
            raise Unavailable("the service is starting")
        if not isinstance(auth, dict) or not auth.get("token"):
            raise Unauthorized
        asked = parse(auth, AgentAuth)
        if asked.protocol != PROTOCOL:
            raise Invalid("this server speaks protocol 1", protocol=PROTOCOL)
        signed = await self._parts.sessions.authenticate(asked.token)
        if not signed.account.has_any(DESK):
            raise Forbidden
        self.limits.belongs(sid, str(signed.account.id))
        await self._parts.presence.arrive(signed.account.id)
        # After everything that can fail: nobody tells us that a refused socket has gone.
        await self._seats.take(sid, signed.account, signed.session_id)
        self.welcome_soon(sid, self._welcome(sid, signed.account))

    async def _welcome(self, sid: str, account: Account) -> None:
        rows = await self._parts.reading.open_of_agent(account.id)
        cards = await self._parts.customers.cards({row.customer_id for row in rows}) if rows else {}
        marks = await self._parts.tickets({row.id for row in rows})
        clocks = await self._parts.clocks.of("conversation", {row.id for row in rows})
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
                picture=portrait_url(account.portrait),
            ),
            presence=_presence(await self._parts.presence.of(account.id)),
            conversations=[
                agent_conversation(row, cards.get(row.customer_id), marks.get(row.id, ()), clocks.get(row.id, ()))
                for row in rows
            ],
            topics=self._parts.topics,
        )
        await self._parts.gateway.to_socket(AGENT, sid, "welcome", welcome)
        for offer in await self._parts.offers.pending(account.id):
            await self._parts.gateway.to_socket(AGENT, sid, "offer", offer)

    async def answer_of(self, sid: str, client_id: UUID) -> dict[str, Any] | None:
        return await self._parts.conversations.answer_of(self._seats.at(sid).account.id, client_id)

    async def left(self, sid: str) -> None:
        gone = self._seats.leave(sid)
        if gone is not None:
            await self._parts.presence.lost_sight(gone.id)
            self._parts.pages.left(gone.id)

    # Kept by the timetable -------------------------------------------------------------------------------------

    async def heartbeat(self) -> None:
        """Tells the database which agents have a living socket here."""
        if self._seats:
            await self._parts.presence.heartbeat(self._seats.account_ids())

    def left_elsewhere(self, account_id: UUID) -> None:
        """An agent's last page at another node is gone: they are there all the same where one is open here."""
        if account_id in self._seats.account_ids():
            task = asyncio.create_task(self._still_here(account_id))
            self._signs.add(task)
            task.add_done_callback(self._signs.discard)

    async def _still_here(self, account_id: UUID) -> None:
        with suppress(DatabaseUnavailable):  # the next sign of life is not far
            await self._parts.presence.heartbeat([account_id])

    async def refresh_rights(self) -> None:
        """Closes sockets whose session or account has ended; the others have the groups and roles of now."""
        for before in await self._seats.refresh():
            self._parts.board.rights_changed(before)

    # Events ----------------------------------------------------------------------------------------------------

    async def handle_set_presence(self, sid: str, wish: SetPresence) -> Ok:
        seat = self._seats.at(sid)
        await self._parts.presence.set(
            seat.account.id, wish.status, accepting=wish.accepting, reason=wish.reason, capacity=wish.capacity
        )
        await self._parts.presence.heartbeat([seat.account.id])
        await self._parts.dispatcher.tick()
        return Ok()

    async def handle_accept(self, sid: str, wish: Accept) -> dict[str, Any]:
        return await self._parts.handling.accept(self._seats.at(sid).colleague, wish)

    async def handle_decline(self, sid: str, wish: Decline) -> dict[str, Any]:
        return await self._parts.handling.decline(self._seats.at(sid).colleague, wish)

    async def handle_suggest(self, sid: str, wish: Suggest) -> SuggestAck:
        colleague = self._seats.at(sid).colleague
        row = await self._parts.handling.visible(colleague, wish.conversation_id)
        try:
            return SuggestAck(replies=await self._parts.suggesting.replies(colleague, row))
        except QuestionNotEncoded as fault:
            raise Unavailable("nothing can be searched for now") from fault

    async def handle_send_message(self, sid: str, said: AgentSendMessage) -> dict[str, Any]:
        self._parts.words.require(said.text, confirmed=said.confirmed)
        return await self._parts.handling.send(self._seats.at(sid).colleague, said)

    async def handle_add_note(self, sid: str, wish: AddNote) -> dict[str, Any]:
        return await self._parts.handling.add_note(self._seats.at(sid).colleague, wish)

    async def handle_recall(self, sid: str, wish: Recall) -> dict[str, Any]:
        seat = self._seats.at(sid)
        await self._parts.handling.visible(seat.colleague, wish.conversation_id)
        return await self._parts.feedback.recall(seat.colleague.actor, wish.conversation_id, wish)

    async def handle_transfer(self, sid: str, wish: Transfer) -> dict[str, Any]:
        return await self._parts.passing_on.transfer(self._seats.at(sid).colleague, wish)

    async def handle_transfer_all(self, sid: str, wish: TransferAll) -> TransferAllAck:
        return await self._parts.passing_on.transfer_all(self._seats.at(sid).colleague, wish)

    async def handle_hold(self, sid: str, wish: Hold) -> dict[str, Any]:
        return await self._parts.handling.hold(self._seats.at(sid).colleague, wish)

    async def handle_take_over(self, sid: str, wish: TakeOver) -> dict[str, Any]:
        return await self._parts.supervising.take_over(self._seats.at(sid).colleague, wish)

    async def handle_push(self, sid: str, wish: Push) -> dict[str, Any]:
        return await self._parts.supervising.push(self._seats.at(sid).colleague, wish)

    async def handle_invite_rating(self, sid: str, wish: InviteRating) -> dict[str, Any]:
        return await self._parts.ratings.invite(self._seats.at(sid).colleague, wish)

    async def handle_close(self, sid: str, wish: AgentClose) -> dict[str, Any]:
        colleague = self._seats.at(sid).colleague
        answer = await self._parts.handling.close(colleague, wish)
        if colleague.is_supervisor:  # somebody else's, it may be
            await self._parts.dispatcher.tick()
        else:
            await self._parts.dispatcher.freed(colleague.group_ids)
        return answer

    async def handle_watch(self, sid: str, wish: Watch) -> Ok:
        row = await self._parts.handling.visible(self._seats.at(sid).colleague, wish.conversation_id)
        await self._parts.gateway.watch(sid, row.id)
        return Ok()

    async def handle_unwatch(self, sid: str, wish: Watch) -> Ok:
        await self._parts.gateway.unwatch(sid, wish.conversation_id)
        return Ok()

    async def handle_sync(self, sid: str, wish: AgentSync) -> AgentSyncAck:
        reader = self._seats.at(sid).colleague
        row = await self._parts.handling.visible(reader, wish.conversation_id)
        return await self._parts.reading.sync_agent(row, reader, wish.after_seq, wish.after_note_seq, wish.limit)

    async def handle_hand_over_card(self, sid: str, wish: HandOverCardWish) -> AgentCardAck:
        row = await self._parts.handling.visible(self._seats.at(sid).colleague, wish.conversation_id)
        return AgentCardAck(card=await self._parts.cards.for_agents(row))

    async def handle_waiting_line(self, sid: str, _: WaitingLine) -> WaitingLineAck:
        return await self._parts.board.whole_line(self._seats.at(sid).colleague)

    async def handle_read(self, sid: str, mark: Read) -> Ok:
        seat = self._seats.at(sid)
        row = await self._parts.handling.visible(seat.colleague, mark.conversation_id)
        if row.owner == seat.account.id:
            await self._parts.reading.read_up_to(row.id, mark.seq, by_agent=True)
            if self._parts.show_read_marks:
                notice = ReadNotice(conversation_id=row.id, seq=min(mark.seq, row.last_seq))
                await self._parts.pages.to_customer(row.customer_id, "read", notice)
        return Ok()

    async def handle_create_ticket(self, sid: str, wish: CreateTicket) -> dict[str, Any]:
        return await self._parts.creating.by_click(self._seats.at(sid).colleague, wish)

    async def handle_typing(self, sid: str, notice: Typing) -> None:
        seat = self._seats.at(sid)
        row = await self._parts.handling.visible(seat.colleague, notice.conversation_id)
        if row.state == "human" and row.owner == seat.account.id:
            told = TypingNotice(conversation_id=row.id, actor=seat.colleague.actor)
            await self._parts.pages.to_customer(row.customer_id, "typing", told)


def _presence(presence: AgentPresence) -> Presence:
    return Presence(
        status=presence.status, accepting=presence.accepting, capacity=presence.capacity, reason=presence.reason
    )

"""Messages that customers leave when no human is there: each becomes a ticket, with the contact sealed."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from bot.wording import Wording
from database.clock import Clock
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.hand_off import HandOff
from router.conversations.messages import bot_says, checked_text, message
from router.conversations.records import SYSTEM, Change, Conversation
from router.conversations.transitions import state_event, to_bot
from router.notifications.records import Reach
from router.payloads.customers import LeaveMessage, TicketAck
from router.tickets.contact import required_contact
from router.tickets.records import NewTicket
from router.tickets.tickets import Tickets
from router.waiting_room.reaching import via_of


class MessagesLeft:
    """Keeps a message and shows it in the conversation, in one write; a place in the line is given up for it."""

    def __init__(
        self,
        conversations: Conversations,
        hand_off: HandOff,
        tickets: Tickets,
        wording: Wording,
        clock: Clock,
        reach: Reach,
    ) -> None:
        """``reach``: over what the house can send; nothing else is promised."""
        self._reach = reach
        self._conversations = conversations
        self._hand_off = hand_off
        self._tickets = tickets
        self._wording = wording
        self._clock = clock

    async def leave(self, place: Place, wish: LeaveMessage) -> dict[str, Any]:
        """Raises `Invalid` for an empty text or a contact that can reach nobody."""
        text = checked_text(wish.text)
        contact = required_contact(wish.contact.phone, wish.contact.email)
        via = via_of(self._reach, phone="phone" in contact, email="email" in contact)
        counter = self._tickets.counter_name(self._clock.now())
        open_now = await self._conversations.open_of(place)
        group = (open_now.topic, open_now.group_id) if open_now else (None, None)
        prospect = await self._hand_off.prospect(place.customer_id, *group)
        availability = prospect.availability

        def keep(row: Conversation, moment: Moment) -> Change:
            row = structs.replace(row, tier=prospect.tier)  # what was promised goes by it
            locale, seq = tongue.language_of(row, text), row.last_seq + 1
            new = NewTicket(actor=place.actor, source="message_left", text=text, contact=contact)
            made = self._tickets.draft(row, moment, new)
            events = [message(place.actor, text, client_id=wish.client_id), made.event]
            fields: dict[str, Any] = {"last_text": text[:200], "last_kind": "customer", "idle_warned_at": None}
            fields["tier"] = row.tier
            if row.state != "human":  # once a human has it, the bot is silent
                said = self._wording.message_left(self._hand_off.reply_by(availability, locale), locale, via)
                events.append(bot_says(said, reply_to_seq=seq))
            if row.state == "waiting":
                events.append(state_event("bot", "message_left", SYSTEM))
                fields |= to_bot(row, "message_left")
            if row.state != "human" and not row.owes_an_answer:  # what was asked before still gets its answer
                fields["answered_seq"] = seq
            return Change(
                events=tuple(events),
                fields=fields,
                also=(*made.statements, *self._hand_off.tell_on_call(row, prospect, left_message=True)),
                answer=TicketAck(ticket=made.number),
                counted=made.counter,
            )

        return (await self._conversations.write(place, None, wish.client_id, keep, counter=counter)).answer

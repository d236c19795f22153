"""Messages that customers leave when no human is there: stored once under a human number, the contact sealed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.wording import Wording
from database.clock import Clock
from database.ids import uuid7
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.conversations import Conversations, Place
from router.conversations.hand_off import HandOff
from router.conversations.messages import bot_says, checked_text, message
from router.conversations.records import SYSTEM, Change, Conversation, NewEvent, Statement
from router.conversations.transitions import state_event, to_bot
from router.errors import Invalid
from router.payloads.customers import Contact, LeaveMessage, TicketAck
from router.security.sealing import Sealer
from router.security.sealing import place as sealed_place

_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{5,24}[0-9]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,60}")


class MessagesLeft:
    """Keeps a message and shows it in the conversation, in one write; a place in the line is given up for it."""

    def __init__(
        self,
        conversations: Conversations,
        hand_off: HandOff,
        wording: Wording,
        sealer: Sealer,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._conversations = conversations
        self._hand_off = hand_off
        self._wording = wording
        self._sealer = sealer
        self._clock = clock
        self._zone = zone
        self._sql = load_queries(Path(__file__))

    async def leave(self, place: Place, wish: LeaveMessage) -> dict[str, Any]:
        """Raises `Invalid` for an empty text or a contact that can reach nobody."""
        text = checked_text(wish.text)
        contact = _checked_contact(wish.contact)
        day = self._clock.now().astimezone(self._zone).strftime("%Y%m%d")
        counter = f"ticket-{day}"
        ticket_id = uuid7()
        sealed = self._sealer.seal(msgspec.json.encode(contact).decode(), sealed_place("tickets", "contact", ticket_id))
        open_now = await self._conversations.open_of(place)
        group = (open_now.topic, open_now.group_id) if open_now else (None, None)
        availability = (await self._hand_off.prospect(place.customer_id, *group)).availability

        def keep(row: Conversation, moment: Moment) -> Change:
            number = f"GD{day}-{moment.numbers[counter]:04d}"
            ticket = (ticket_id, number, row.customer_id, row.id, text, sealed, moment.now)
            locale, seq = row.locale or "zh-CN", row.last_seq + 1
            events = [
                message(place.actor, text, client_id=wish.client_id),
                NewEvent("ticket", SYSTEM, {"number": number, "status": "new"}),
            ]
            fields: dict[str, Any] = {"last_text": text[:200], "last_kind": "customer", "idle_warned_at": None}
            if row.state != "human":  # once a human has it, the bot is silent
                said = self._wording.message_left(self._hand_off.reply_by(availability, locale), locale)
                events.append(bot_says(said, reply_to_seq=seq))
            if row.state == "waiting":
                events.append(state_event("bot", "message_left", SYSTEM))
                fields |= to_bot(row, "message_left")
            if row.state != "human" and not row.owes_an_answer:  # what was asked before still gets its answer
                fields["answered_seq"] = seq
            return Change(
                events=tuple(events),
                fields=fields,
                also=(Statement(self._sql["keep"], ticket),),
                answer=TicketAck(ticket=number),
                counted=counter,
            )

        return (await self._conversations.write(place, None, wish.client_id, keep, counter=counter)).answer


def _checked_contact(contact: Contact) -> dict[str, str]:
    checked = {}
    if contact.phone and contact.phone.strip():
        phone = contact.phone.strip()
        if not _PHONE.fullmatch(phone):
            raise Invalid("this does not look like a telephone number", field="contact.phone")
        checked["phone"] = phone
    if contact.email and contact.email.strip():
        email = contact.email.strip()
        if not _EMAIL.fullmatch(email):
            raise Invalid("this does not look like an e-mail address", field="contact.email")
        checked["email"] = email
    if not checked:
        raise Invalid("leave a telephone number or an e-mail address", field="contact")
    return checked

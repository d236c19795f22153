"""Messages that customers leave when no human is there: stored once under a human number, the contact sealed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.conversations import Conversations, Place
from router.conversations.messages import checked_text
from router.errors import Invalid
from router.events import Contact, LeaveMessage, TicketAck
from router.security.sealing import Sealer
from router.security.sealing import place as sealed_place

_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{5,24}[0-9]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,60}")


class MessagesLeft:
    """Keeps a message, then shows it in the conversation and gives up the place in line for it."""

    def __init__(
        self, database: Database, conversations: Conversations, sealer: Sealer, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._sealer = sealer
        self._clock = clock
        self._zone = zone
        self._sql = load_queries(Path(__file__))

    async def leave(self, place: Place, wish: LeaveMessage) -> dict[str, Any]:
        """Raises `Invalid` for an empty text or a contact that can reach nobody."""
        text = checked_text(wish.text)
        contact = _checked_contact(wish.contact)
        earlier = await self._database.fetchval(self._sql["earlier_answer"], place.customer_id, wish.client_id)
        if earlier is not None:
            return earlier  # type: ignore[no-any-return]
        now = self._clock.now()
        day = now.astimezone(self._zone).strftime("%Y%m%d")
        ticket_id = uuid7()
        sealed = self._sealer.seal(msgspec.json.encode(contact).decode(), sealed_place("tickets", "contact", ticket_id))
        async with self._database.transaction() as connection:
            number = f"GD{day}-{await connection.fetchval(self._sql['next_number'], f'ticket-{day}'):04d}"
            conversation_id: UUID | None = await connection.fetchval(
                self._sql["open_conversation"], place.customer_id, place.site, place.channel
            )
            answer = msgspec.to_builtins(TicketAck(ticket=number))
            kept = await connection.execute(
                self._sql["remember"], place.customer_id, wish.client_id, conversation_id, answer, now
            )
            if kept != "INSERT 0 1":
                return await connection.fetchval(self._sql["earlier_answer"], place.customer_id, wish.client_id)  # type: ignore[no-any-return]
            await connection.execute(
                self._sql["keep"], ticket_id, number, place.customer_id, conversation_id, text, sealed, now
            )
        await self._conversations.leave_line_for_message(place, text, number)
        return answer  # type: ignore[no-any-return]


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

"""〔转为工单跟进〕: what a customer calls unsolved becomes a ticket with one click; the same conversation gives one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.cards.card import as_stored
from router.cards.cards import Cards
from router.conversations.batch import Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.records import Change, Conversation
from router.customers.customers import Customers
from router.errors import Conflict, Invalid
from router.payloads.customers import FollowUp, TicketAck
from router.tickets.records import NewTicket
from router.tickets.tickets import Tickets


class Unsolved:
    """The ticket comes from the conversation that was rated and is told in the thread that is open, or a new one."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        customers: Customers,
        cards: Cards,
        tickets: Tickets,
        clock: Clock,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._customers = customers
        self._cards = cards
        self._tickets = tickets
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def follow_up(self, place: Place, wish: FollowUp) -> dict[str, Any]:
        """Raises `NotFound`, `Conflict` where the customer has not called it unsolved, `Invalid` (``contact``) where
        nobody could reach them: then they leave a message, which asks for it.
        """
        seen = await self._conversations.own(place.customer_id, wish.conversation_id)
        made: str | None = await self._database.fetchval(self._sql["unsolved_ticket"], seen.id)
        if made is not None:
            answer: dict[str, Any] = msgspec.to_builtins(TicketAck(ticket=made))
            return answer
        said = await self._database.fetchrow(self._sql["rating_of"], seen.id, "")
        if said is None or said["resolved"] is not False:  # the customer's word, whatever the agent put down
            raise Conflict("the customer has not said that it is unsolved")
        customer = await self._customers.get(place.customer_id)
        if not (customer.phone or customer.email):
            raise Invalid("leave a telephone number or an e-mail address", field="contact")
        source = msgspec.structs.replace(seen, card=as_stored(await self._cards.of(seen)))
        counter = self._tickets.counter_name(self._clock.now())

        def keep(row: Conversation, moment: Moment) -> Change:
            drafted = self._tickets.draft(source, moment, NewTicket(actor=place.actor, source="unresolved"))
            return Change(
                events=(drafted.event,),
                fields=_moved_on(row),
                also=drafted.statements,
                answer=TicketAck(ticket=drafted.number),
                counted=drafted.counter,
            )

        # Into the conversation itself while it is open; else into the one that is, or a new one linked to it.
        return (await self._conversations.write(place, seen.id, wish.client_id, keep, counter=counter)).answer


def _moved_on(row: Conversation) -> dict[str, Any]:
    """A ticket's news is no question that the bot owes an answer to."""
    fields: dict[str, Any] = {"reason": "ticket"} if row.last_seq == 0 else {}
    if row.state == "bot" and not row.owes_an_answer:
        fields["answered_seq"] = row.last_seq + 1
    return fields

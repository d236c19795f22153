"""The customer's side of tickets: their own, what they may read of them, and their answers out of the chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from bot import small_talk
from database.pool import Database
from router.conversations.finding import Place
from router.conversations.messages import checked_text, checked_words, in_a_list
from router.conversations.records import NewEvent
from router.errors import Conflict, Invalid, NotFound
from router.idempotency import Repeats
from router.payloads.customers import CustomerSendMessage
from router.payloads.log import Attachment, Event
from router.payloads.shared import SendAck
from router.payloads.tickets import AnswerTicket, AnswerTicketAck, TicketStatus
from router.tickets.news import News
from router.tickets.own import OwnTickets
from router.tickets.records import Ticket
from router.tickets.speaking import Speaking, read_option
from router.tickets.states import Terms, after_answer, move
from router.tickets.store import Reader
from router.tickets.threads import Thread, words_of
from router.tickets.writing import Done, Held, Writing
from router.uploads.attaching import Attaching

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: Thanks under a solved ticket open nothing again.
_CONTENT = frozenset({"thanks", "praise", "agreed", "goodbye", "emoji", "laugh"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer however it came: by the ticket's box, an option, or the chat's own box."""

    client_id: UUID
    number: str
    text: str | None
    solved: bool | None
    option_id: str | None = None
    reply_to: int | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answered:
    done: Done
    message: Event
    #: The ticket as this customer sees it from now on.
    status: TicketStatus


class Answering:
    """An answer is a message in the thread and a public comment of the ticket, in one commit."""

    def __init__(
        self,
        database: Database,
        own: OwnTickets,
        writing: Writing,
        speaking: Speaking,
        news: News,
        repeats: Repeats,
        attaching: Attaching,
        terms: Callable[[], Terms],
    ) -> None:
        self._database = database
        self._own = own
        self._writing = writing
        self._speaking = speaking
        self._news = news
        self._repeats = repeats
        self._attaching = attaching
        self._terms = terms

    async def answer(self, place: Place, wish: AnswerTicket) -> dict[str, Any]:
        """Raises `NotFound` for somebody else's ticket, `Conflict` for one that was closed too long ago."""
        text = checked_text(wish.text) if wish.text is not None and wish.text.strip() else None
        if text is None and wish.solved is None:
            raise Invalid("an answer needs a text or solved")
        answer = _Answer(client_id=wish.client_id, number=wish.number, text=text, solved=wish.solved)

        def ack(answered: _Answered) -> AnswerTicketAck:
            message = answered.message
            return AnswerTicketAck(
                ticket=wish.number, status=answered.status, conversation_id=message.conversation_id, seq=message.seq
            )

        return await self._once(place, answer, ack)

    async def take_option(self, place: Place, said: CustomerSendMessage) -> dict[str, Any] | None:
        """The answer to 解决了吗 by a client that sends options as messages; None for any other message."""
        chosen = read_option(said.option_id)
        if chosen is None:
            return None
        number, solved = chosen
        answer = _Answer(
            client_id=said.client_id, number=number, text=checked_text(said.text), solved=solved,
            option_id=said.option_id, reply_to=said.reply_to_seq,
        )  # fmt: skip
        return await self._once(place, answer, _send_ack)

    async def take_words(self, place: Place, said: CustomerSendMessage, conversation_id: UUID) -> dict[str, Any] | None:
        """What a customer writes right below a ticket's words, where it answers the ticket; else None."""
        text = checked_words(said.text, said.upload_ids)
        number = await self._own.asking(place.customer_id, conversation_id, text)
        if number is None:
            return None
        async with self._attaching.claimed(place.customer_id, said.client_id, said.upload_ids) as files:
            answer = _Answer(
                client_id=said.client_id,
                number=number,
                text=text,
                solved=None,
                reply_to=said.reply_to_seq,
                files=files,
            )
            return await self._once(place, answer, _send_ack)

    async def _once(self, place: Place, answer: _Answer, ack: Callable[[_Answered], msgspec.Struct]) -> dict[str, Any]:
        told: list[Done] = []

        async def work(connection: PooledConnection) -> msgspec.Struct:
            answered = await self._answer(connection, place, answer)
            told.append(answered.done)
            return ack(answered)

        stored = await self._repeats.once(place.customer_id, answer.client_id, None, work)
        await self._news.tell(*told)
        body: dict[str, Any] = stored.body
        return body

    async def _answer(self, connection: PooledConnection, place: Place, answer: _Answer) -> _Answered:
        own = await self._own.own(connection, place.customer_id, answer.number)
        ticket_id = own.merged_into or own.id
        held = await self._writing.hold(connection, ticket_id, heard=True)
        ticket = held.of(ticket_id)
        if ticket.merged_into is not None:
            raise Conflict("the ticket was merged just now; send it again")
        readers = {thread.reader.customer_id: thread.reader for thread in held.threads}
        reader = readers.pop(place.customer_id, None)
        if reader is None:
            raise NotFound("there is no such ticket")
        solved, kind = answer.solved, small_talk.detect(answer.text) if answer.text else None
        if solved is None and kind == "solved" and ticket.status == "solved":
            solved = True
        only_thanks = kind == "solved" or kind in _CONTENT
        to = after_answer(ticket, solved=solved, only_thanks=only_thanks, terms=self._terms(), now=held.now)
        content = to == "closed" or (reader.content and (solved is True or (solved is None and only_thanks)))
        if to == "closed" and not all(each.content for each in readers.values()):
            to = None  # it is not for one customer to close what others wait for
        by = place.actor

        def words(thread: Thread) -> list[NewEvent]:
            if thread.reader.customer_id != place.customer_id:
                return []
            text = answer.text or ("" if answer.files else self._speaking.label(solved is True, thread.locale))
            return [
                self._speaking.answer(
                    by, text, own.number, answer.client_id, answer.option_id, answer.reply_to, answer.files
                )
            ]

        said = await self._writing.say(connection, held, words)
        message = next((found for each in said if (found := words_of(each)) is not None), None)
        if message is None:
            raise NotFound("there is no such ticket")
        for taken in self._attaching.attach(answer.files, message.conversation_id, message.seq, answer.client_id):
            await connection.execute(taken.sql, *taken.arguments)
        text = (message.text if isinstance(message.text, str) else "") or in_a_list("", answer.files)
        via = own.id if own.id != ticket.id else None
        after = await self._writing.comment(connection, held, ticket, "public", by, text, via=via, said=said)
        for taken in self._attaching.attach_to_comment(answer.files, after.id, after.comment_count, answer.client_id):
            await connection.execute(taken.sql, *taken.arguments)
        if content != reader.content:
            await self._writing.confirm(connection, after, place.customer_id, held.now if content else None)
        told = await self._writing.say(connection, held, self._moved(ticket, to, reader, content=content))
        if to is not None:
            after = await self._writing.change(connection, held, after, self._fields(after, to, held), by)
        seen: TicketStatus = "closed" if content else after.status
        return _Answered(Done(after, "commented", by, (*said, *told)), message, seen)

    def _fields(self, ticket: Ticket, to: Any, held: Held) -> dict[str, Any]:
        return move(ticket, to, "customer", self._terms(), held.now)

    def _moved(
        self, ticket: Ticket, to: TicketStatus | None, own: Reader, *, content: bool
    ) -> Callable[[Thread], Sequence[NewEvent]]:
        """To whoever answered what it means for them; to others what has changed, unless it is over for them."""
        was: TicketStatus = "closed" if own.content else ticket.status
        now: TicketStatus = "closed" if content else to or ticket.status

        def moved(thread: Thread) -> Sequence[NewEvent]:
            reader = thread.reader
            if reader.customer_id == own.customer_id:
                return () if was == now else self._speaking.answered(reader.number, now, was, thread.locale)
            if to is None or reader.content:
                return ()
            return self._speaking.changed_by_another(reader.number, to, ticket.status, thread.locale)

        return moved


def _send_ack(answered: _Answered) -> SendAck:
    message = answered.message
    assert isinstance(message.id, UUID)
    return SendAck(conversation_id=message.conversation_id, seq=message.seq, id=message.id, at=message.at)

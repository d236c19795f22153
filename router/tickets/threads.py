"""The customer's thread as tickets write into it: the open conversation of their site and channel, else a new one that
is linked to the last. A closed log stays closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import structs

from router.conversations.batch import Decide, Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.journal import Journal
from router.conversations.messages import in_a_list
from router.conversations.records import Change, Committed, Conversation, NewEvent
from router.conversations.tongue import language_of
from router.errors import Conflict
from router.payloads.log import Attachment, Event
from router.tickets.store import Reader, TicketStore

if TYPE_CHECKING:
    from database.pool import PooledConnection

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a customer hears of a ticket, and in which language; the conversation's row is locked."""

    reader: Reader
    conversation_id: UUID
    locale: str


class Threads:
    """Everything goes through the journal, within the transaction of the ticket's change."""

    def __init__(self, conversations: Conversations, journal: Journal, store: TicketStore) -> None:
        self._conversations = conversations
        self._journal = journal
        self._sql = store.sql

    async def hold(self, connection: PooledConnection, readers: Sequence[Reader]) -> list[Thread]:
        """The threads of these customers, open and locked; call it before any ticket is locked.

        A customer who can never come back, since nobody holds a token for them, has none.
        """
        held: set[UUID] = set()
        for _ in range(_TRIES):
            threads = [thread for reader in readers if (thread := await self._open(reader)) is not None]
            wanted = {thread.conversation_id for thread in threads}
            rows = await connection.fetch(self._sql["lock_open_conversations"], list(wanted))
            held = {row["id"] for row in rows}
            if held == wanted:
                return threads
        raise Conflict("the conversation is being closed; send it again")

    async def write(
        self, connection: PooledConnection, said: Mapping[UUID, Sequence[NewEvent]]
    ) -> tuple[Committed, ...]:
        """Appends to held threads; to be told with `Journal.tell` after the commit."""
        if not said:
            return ()
        decisions: dict[UUID, Decide] = {
            conversation_id: _appending(events) for conversation_id, events in said.items()
        }
        return await self._journal.write_within(connection, decisions)

    async def _open(self, reader: Reader) -> Thread | None:
        place = Place(reader.customer_id, reader.site, reader.channel, reader.locale)
        row = await self._conversations.opened(place)
        return None if row is None else Thread(reader, row.id, language_of(row))


def _appending(events: Sequence[NewEvent]) -> Decide:
    def append(row: Conversation, moment: Moment) -> Change:
        fitting = (_fitting(row, event) for event in events)
        return Change(events=tuple(fitting), fields=_moved_on(row, events))

    return append


def _fitting(row: Conversation, event: NewEvent) -> NewEvent:
    """Quotes only what stands in this log: what the customer saw may stand in the one before."""
    if event.reply_to_seq is None or 1 <= event.reply_to_seq <= row.last_seq:
        return event
    return structs.replace(event, reply_to_seq=None)


def _moved_on(row: Conversation, events: Sequence[NewEvent]) -> dict[str, Any]:
    """A ticket's words are no part of the talk: no question for the bot, no reply that a human owes or gave.

    With the bot they are remembered as the last words, since what the customer writes next may answer them.
    """
    fields: dict[str, Any] = {}
    words = [event for event in events if event.kind == "message"]
    if words:
        files = [msgspec.convert(file, Attachment) for file in words[-1].body.get("attachments", ())]
        fields |= {"last_text": in_a_list(str(words[-1].body["text"]), files)}
        if words[-1].actor.kind == "customer":
            fields["idle_warned_at"] = None
        elif row.state == "bot":
            fields["last_kind"] = words[-1].actor.kind
    if row.state == "bot" and not row.owes_an_answer:
        fields["answered_seq"] = row.last_seq + len(events)
    if row.last_seq == 0:
        fields["reason"] = "ticket"
    return fields


def words_of(committed: Committed) -> Event | None:
    """The message among what was appended."""
    return next((event for event in committed.events if event.kind == "message"), None)

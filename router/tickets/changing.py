"""What colleagues do with tickets: change them, comment, link, watch; who may see a ticket may do all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from asyncpg import Record

from router.conversations.colleague import Colleague
from router.conversations.messages import checked_words, in_a_list
from router.conversations.records import Committed, Conversation, NewEvent
from router.errors import Conflict, Invalid, NotFound
from router.payloads.tickets import TicketStatus
from router.tickets.notices import Notices
from router.tickets.records import Ticket, Visibility
from router.tickets.speaking import Speaking
from router.tickets.states import Terms, move
from router.tickets.store import TicketStore
from router.tickets.threads import Thread, words_of
from router.tickets.writing import Done, Held, Writing
from router.uploads.attaching import Attaching

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_SUMMARY = 5_000


@dataclass(frozen=True, slots=True)
class Patch:
    """``fields`` are columns with their new values; ``version`` is that of the ticket that was looked at."""

    version: int
    fields: Mapping[str, Any]
    status: TicketStatus | None = None
    contact: Mapping[str, str] | None = None


class Minds(Protocol):
    """Lets words to a customer go, or raises."""

    def require(self, text: str, *, confirmed: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Word:
    """A colleague's word about a ticket, the move that goes with it, and the files that they have sent for it."""

    visibility: Visibility
    text: str
    status: TicketStatus | None
    confirmed: bool
    client_id: UUID
    upload_ids: Sequence[UUID] = ()


class Changing:
    """Each runs in its caller's transaction; what it returns is told after the commit."""

    def __init__(
        self,
        store: TicketStore,
        writing: Writing,
        speaking: Speaking,
        notices: Notices,
        words: Minds,
        attaching: Attaching,
        terms: Callable[[], Terms],
    ) -> None:
        self._store = store
        self._writing = writing
        self._speaking = speaking
        self._notices = notices
        self._words = words
        self._attaching = attaching
        self._terms = terms

    async def patch(self, connection: PooledConnection, colleague: Colleague, ticket_id: UUID, wish: Patch) -> Done:
        """Raises `Conflict` with the present version where somebody was faster, or the move is not allowed."""
        await self._check(connection, wish.fields)
        held = await self._writing.hold(connection, ticket_id, heard=wish.status is not None)
        ticket = held.of(ticket_id)
        _require_alive(ticket)
        if ticket.version != wish.version:
            raise Conflict(version=ticket.version, status=ticket.status)
        fields = {**wish.fields, **await self._owner(connection, colleague, ticket, wish.fields)}
        if wish.contact is not None and wish.contact != self._store.contact(ticket):
            fields["contact_sealed"] = self._store.seal_contact(ticket.id, wish.contact)
        return await self._move(connection, colleague, held, ticket, fields, wish.status)

    async def comment(
        self,
        connection: PooledConnection,
        colleague: Colleague,
        ticket_id: UUID,
        word: Word,
    ) -> Done:
        """A word, and where wanted a move with it. The first public word takes up a new ticket.

        Raises what `Minds.require` raises for words that may not be sent, or not without a second look.
        """
        visibility, status, text = word.visibility, word.status, checked_words(word.text, word.upload_ids)
        if visibility == "public":
            self._words.require(text, confirmed=word.confirmed)
        heard = visibility == "public" or status is not None
        held = await self._writing.hold(connection, ticket_id, heard=heard)
        ticket = held.of(ticket_id)
        _require_alive(ticket)
        if status is None and visibility == "public" and ticket.status == "new":
            status = "open"
        by = colleague.actor
        files = await self._attaching.taken(connection, colleague.ref.id, word.client_id, word.upload_ids)

        def first(thread: Thread) -> list[NewEvent]:
            return [self._speaking.reply(by, text, thread.reader.number, files)] if visibility == "public" else []

        said = await self._writing.say(connection, held, first)
        words = text or in_a_list("", files)
        ticket = await self._writing.comment(connection, held, ticket, visibility, by, words, said=said)
        heard_in = next((found for each in said if (found := words_of(each)) is not None), None)
        taken = self._attaching.attach_to_comment(files, ticket.id, ticket.comment_count, word.client_id)
        if heard_in is not None:
            taken += self._attaching.attach(files, heard_in.conversation_id, heard_in.seq, word.client_id)
        for each in taken:
            await connection.execute(each.sql, *each.arguments)
        if status is None or status == ticket.status:
            return Done(ticket, "commented", by, said)
        moved = await self._move(connection, colleague, held, ticket, {}, status)
        return Done(moved.ticket, "commented", by, (*said, *moved.committed))

    async def link(
        self, connection: PooledConnection, colleague: Colleague, ticket_id: UUID, conversation_id: UUID
    ) -> Done:
        """One more conversation that the ticket is about; raises `NotFound` for one that the colleague may not see."""
        row: Record | None = await connection.fetchrow(self._store.sql["conversation_for_ticket"], conversation_id)
        if row is None:
            raise NotFound("conversation not found")
        colleague.require_sight(Conversation.from_row(row))
        held = await self._writing.hold(connection, ticket_id, heard=False)
        ticket, by = held.of(ticket_id), colleague.actor
        linked = await connection.execute(
            self._store.sql["link"], ticket.id, conversation_id, held.now, "agent", colleague.ref.id
        )
        if linked == "INSERT 0 1":
            more = {"linked": str(conversation_id)}
            ticket = await self._writing.change(connection, held, ticket, {}, by, more)
        return Done(ticket, "linked", by)

    async def unlink(
        self, connection: PooledConnection, colleague: Colleague, ticket_id: UUID, conversation_id: UUID
    ) -> Done:
        """The conversation that the ticket was made from stays; what was not linked is no change."""
        held = await self._writing.hold(connection, ticket_id, heard=False)
        ticket, by = held.of(ticket_id), colleague.actor
        gone = await connection.execute(self._store.sql["unlink"], ticket.id, conversation_id)
        if gone == "DELETE 1":
            more = {"unlinked": str(conversation_id)}
            ticket = await self._writing.change(connection, held, ticket, {}, by, more)
        return Done(ticket, "linked", by)

    async def watch(
        self, connection: PooledConnection, colleague: Colleague, ticket_id: UUID, account_id: UUID, *, watching: bool
    ) -> Done:
        """For oneself or a colleague; who watches a ticket sees it."""
        held = await self._writing.hold(connection, ticket_id, heard=False)
        if watching:
            await self._require_account(connection, account_id)
            await connection.execute(self._store.sql["watch"], ticket_id, account_id, held.now)
        else:
            await connection.execute(self._store.sql["unwatch"], ticket_id, account_id)
        return Done(held.of(ticket_id), "watched", colleague.actor)

    async def _move(
        self,
        connection: PooledConnection,
        colleague: Colleague,
        held: Held,
        ticket: Ticket,
        fields: dict[str, Any],
        status: TicketStatus | None,
    ) -> Done:
        by = colleague.actor
        committed: tuple[Committed, ...] = ()
        if status is not None and status != ticket.status:
            fields |= move(ticket, status, "agent", self._terms(), held.now)
            named = replace(ticket, title=str(fields.get("title", ticket.title)))
            again = ticket.status in ("solved", "closed") and status == "open"
            if again:
                await self._writing.ask_again(connection, ticket)

            def told(thread: Thread) -> Sequence[NewEvent]:
                reader = thread.reader
                if reader.content and not again:
                    return ()
                return self._speaking.moved(reader.number, reader.title_of(named), status, thread.locale)

            committed = await self._writing.say(connection, held, told)
        after = await self._writing.change(connection, held, ticket, fields, by)
        if after.status == "solved" and ticket.status != "solved":
            await self._notices.solved(connection, after, held.threads)
        return Done(after, "changed", by, committed)

    async def _owner(
        self, connection: PooledConnection, colleague: Colleague, ticket: Ticket, fields: Mapping[str, Any]
    ) -> dict[str, UUID]:
        """What becomes L3 without anybody's name on it: the success manager's, else whose doing it is."""
        level, owner = fields.get("level", ticket.level), fields.get("assignee", ticket.assignee)
        if level != "L3" or owner is not None or (ticket.level == "L3" and ticket.assignee is None):
            return {}
        if ticket.assignee is not None:
            raise Invalid("an L3 ticket has an owner: name a colleague, or make it L2", field="assignee_id")
        manager = await connection.fetchval(self._store.sql["company_owner"], ticket.customer_id)
        return {"assignee": manager or colleague.ref.id}

    async def _check(self, connection: PooledConnection, fields: Mapping[str, Any]) -> None:
        if fields.get("assignee") is not None:
            await self._require_account(connection, fields["assignee"])
        group_id = fields.get("group_id")
        if group_id is not None and not await connection.fetchval(self._store.sql["group_exists"], group_id):
            raise Invalid("there is no such group", field="group_id")

    async def _require_account(self, connection: PooledConnection, account_id: UUID) -> None:
        if await connection.fetchrow(self._store.sql["assignable"], account_id) is None:
            raise Invalid("there is no such colleague", field="assignee_id")


def _require_alive(ticket: Ticket) -> None:
    if ticket.merged_into is not None:
        raise Conflict("this ticket goes on in another one", status=ticket.status, merged_into=str(ticket.merged_into))

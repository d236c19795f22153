"""Reading a conversation by cursor: pages that heal whatever a client missed, for customers and for agents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec

from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.log import LogRow, event_from_row, note_from_row
from router.conversations.projections import for_customer
from router.conversations.records import Conversation
from router.conversations.whispers import heard_by
from router.errors import Conflict, Invalid
from router.payloads.agents import AgentSyncAck
from router.payloads.customers import SyncAck, ThreadItem, ThreadsAck
from router.payloads.log import Event, Note
from router.uploads.links import Links

MAX_PAGE_EVENTS = 200
MAX_PAGE_BYTES = 256 * 1024
_MAX_THREADS = 30
_MAX_NOTES = 200
_ENVELOPE_BYTES = 1_024


class Archived(Protocol):
    """Rows of a log that are not in the database any more."""

    async def events(self, conversation_id: UUID, after_seq: int, limit: int) -> Sequence[LogRow]: ...

    async def notes(self, conversation_id: UUID, after_note_seq: int, limit: int) -> Sequence[LogRow]: ...


class Reading:
    """Whoever calls has checked that the reader may see the conversation."""

    def __init__(self, database: Database, archived: Archived, links: Links) -> None:
        self._database = database
        self._archived = archived
        self._links = links
        self._sql = load_queries(Path(__file__))

    async def sync_customer(self, row: Conversation, after_seq: int, limit: int | None) -> SyncAck:
        """A page of events as customers see them."""
        page = await self._page(row, after_seq, limit, for_customer)
        return SyncAck(events=page.events, more=page.more, last_seq=row.last_seq, state=row.state)

    async def sync_agent(
        self, row: Conversation, reader: Colleague, after_seq: int, after_note_seq: int, limit: int | None
    ) -> AgentSyncAck:
        """A page of events as they are, with the notes after their own cursor."""
        _check_cursor(after_note_seq, row.last_note_seq, "last_note_seq")
        notes = await self._notes(row, after_note_seq)
        heard = [heard_by(reader, row, note_from_row(note)) for note in notes]
        page = await self._page(row, after_seq, limit, _as_it_is, heard)
        last_note_seq = page.notes[-1].note_seq if page.notes else after_note_seq
        return AgentSyncAck(
            events=page.events,
            notes=page.notes,
            more=page.more or last_note_seq < row.last_note_seq,
            last_seq=row.last_seq,
            last_note_seq=row.last_note_seq,
            state=row.state,
            version=row.version,
        )

    async def _page(
        self,
        row: Conversation,
        after_seq: int,
        limit: int | None,
        project: Callable[[Event], Event],
        notes: Sequence[Note] = (),
    ) -> _Page:
        _check_cursor(after_seq, row.last_seq, "last_seq")
        if limit is not None and limit < 1:
            raise Invalid("limit must be at least 1")
        wanted = min(limit or MAX_PAGE_EVENTS, MAX_PAGE_EVENTS)
        rows = await self._events(row, after_seq, wanted)
        page = _Page()
        events = (project(self._links.event(event_from_row(each))) for each in rows)
        for entry in _within_size(merge(events, notes, key=_place)):
            if isinstance(entry, Event):
                page.events.append(entry)
            else:
                page.notes.append(entry)
        # The row was read before the events: what came in between is more, and the next page brings it.
        page.more = (page.events[-1].seq if page.events else after_seq) < row.last_seq
        return page

    async def _events(self, row: Conversation, after_seq: int, wanted: int) -> Sequence[LogRow]:
        """The log has no gaps: what is missing in front stands in the archive."""
        rows = await self._database.fetch(self._sql["events_after"], row.id, after_seq, wanted)
        first = rows[0]["seq"] if rows else row.last_seq + 1
        if first <= after_seq + 1:
            return rows
        before = await self._archived.events(row.id, after_seq, wanted)
        return [*before, *rows][:wanted]

    async def _notes(self, row: Conversation, after_note_seq: int) -> Sequence[LogRow]:
        rows = await self._database.fetch(self._sql["notes_after"], row.id, after_note_seq, _MAX_NOTES)
        first = rows[0]["note_seq"] if rows else row.last_note_seq + 1
        if first <= after_note_seq + 1:
            return rows
        before = await self._archived.notes(row.id, after_note_seq, _MAX_NOTES)
        return [*before, *rows][:_MAX_NOTES]

    async def threads(self, customer_id: UUID, before: UUID | None) -> ThreadsAck:
        """The customer's own conversations, newest first."""
        rows = await self._database.fetch(self._sql["threads_of"], customer_id, before, _MAX_THREADS)
        return ThreadsAck(
            conversations=[
                ThreadItem(
                    id=row["id"],
                    state=row["state"],
                    started_at=row["started_at"],
                    last_seq=row["last_seq"],
                    previous_id=row["previous_id"] or msgspec.UNSET,
                )
                for row in rows
            ]
        )

    async def open_of_agent(self, agent_id: UUID) -> list[Conversation]:
        rows = await self._database.fetch(self._sql["conversations_of_owner"], agent_id)
        return [Conversation.from_row(row) for row in rows]

    async def offered_to(self, agent_id: UUID, now: datetime) -> list[Conversation]:
        """Who waits for this agent's yes or no, in the order of the line."""
        rows = await self._database.fetch(self._sql["conversations_offered_to"], agent_id, now)
        return [Conversation.from_row(row) for row in rows]

    async def places_of(self, ids: Collection[UUID]) -> list[tuple[UUID, UUID | None, UUID | None]]:
        """Conversation, group and owner of each: what it depends on who may see it."""
        rows = await self._database.fetch(self._sql["places_of_conversations"], list(ids))
        return [(row["id"], row["group_id"], row["owner"]) for row in rows]

    async def ends_of(self, ids: Collection[UUID], newest: int) -> tuple[list[Conversation], list[Event]]:
        """Some conversations as they are now, and the newest events of each, oldest first."""
        rows = await self._database.fetch(self._sql["conversations_by_id"], list(ids))
        events = await self._database.fetch(self._sql["newest_events"], list(ids), newest)
        return [Conversation.from_row(row) for row in rows], [event_from_row(event) for event in events]

    async def by_id(self, conversation_id: UUID) -> Conversation | None:
        row = await self._database.fetchrow(self._sql["conversation"], conversation_id)
        return Conversation.from_row(row) if row else None

    async def listed(
        self,
        *,
        state: str | None,
        customer_id: UUID | None,
        owner: UUID | None,
        group_ids: list[UUID] | None,
        reader: UUID,
        below: UUID | None,
        limit: int,
    ) -> list[Conversation]:
        """The newest first, below a cursor; ``group_ids`` None: of every group."""
        if customer_id is not None:
            statement = "list_of_customer"
        elif owner is not None:
            statement = "list_of_owner"
        elif state not in (None, "closed"):
            statement = "list_open"
        else:
            statement = "list_conversations" if group_ids is None else "list_of_groups"
        rows = await self._database.fetch(
            self._sql[statement], state, customer_id, owner, group_ids, reader, below, limit
        )
        return [Conversation.from_row(row) for row in rows]

    async def read_up_to(self, conversation_id: UUID, seq: int, *, by_agent: bool) -> None:
        """Moves the reader's mark forward, never past the end."""
        if not 0 <= seq < 2**31:
            raise Invalid("seq is out of range", seq=seq)
        await self._database.execute(self._sql["read_up_to"], conversation_id, seq, by_agent)


@dataclass(slots=True)
class _Page:
    """What goes out at once; ``more`` speaks of the events."""

    events: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    more: bool = False


def unread_for_agent(row: Conversation) -> int:
    return max(0, row.last_seq - row.agent_read_seq)


def _as_it_is(event: Event) -> Event:
    return event


def _check_cursor(cursor: int, last: int, name: str) -> None:
    if cursor < 0:
        raise Invalid("a cursor is not negative", cursor=cursor)
    if cursor > last:
        details: dict[str, Any] = {name: last}
        raise Conflict("the cursor is beyond the end of the log", **details)


def _place(entry: Event | Note) -> tuple[int, int]:
    """Where it stands in the conversation: a note comes after the event that it was written below."""
    return (entry.seq, 0) if isinstance(entry, Event) else (entry.after_seq, entry.note_seq)


def _within_size(entries: Iterable[Event | Note]) -> Iterable[Event | Note]:
    """Entries until the page is full; at least one, so that a page always moves on."""
    size = _ENVELOPE_BYTES
    for n, entry in enumerate(entries):
        size += len(msgspec.json.encode(entry)) + 1
        if n and size > MAX_PAGE_BYTES:
            return
        yield entry


__all__ = ["Note", "Reading", "unread_for_agent"]

"""Reading a conversation by cursor: pages that heal whatever a client missed, for customers and for agents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from database.pool import Database
from database.queries import load_queries
from router.conversations.log import event_from_row, note_from_row
from router.conversations.projections import for_customer
from router.conversations.records import Conversation
from router.errors import Conflict, Invalid
from router.events import AgentSyncAck, Event, Note, SyncAck, ThreadItem, ThreadsAck

MAX_PAGE_EVENTS = 200
MAX_PAGE_BYTES = 256 * 1024
_MAX_THREADS = 30
_MAX_NOTES = 1_000
_ENVELOPE_BYTES = 1_024


class Reading:
    """Whoever calls has checked that the reader may see the conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries(Path(__file__))

    async def sync_customer(self, row: Conversation, after_seq: int, limit: int | None) -> SyncAck:
        """A page of events as customers see them."""
        events, more = await self._page(row, after_seq, limit, for_customer)
        return SyncAck(events=events, more=more, last_seq=row.last_seq, state=row.state)

    async def sync_agent(
        self, row: Conversation, after_seq: int, after_note_seq: int, limit: int | None
    ) -> AgentSyncAck:
        """A page of events as they are, with the notes after their own cursor."""
        _check_cursor(after_note_seq, row.last_note_seq, "last_note_seq")
        notes = await self._database.fetch(self._sql["notes_after"], row.id, after_note_seq, _MAX_NOTES)
        events, more = await self._page(row, after_seq, limit, _as_it_is)
        return AgentSyncAck(
            events=events,
            notes=[note_from_row(note) for note in notes],
            more=more,
            last_seq=row.last_seq,
            last_note_seq=row.last_note_seq,
            state=row.state,
            version=row.version,
        )

    async def _page(
        self, row: Conversation, after_seq: int, limit: int | None, project: Callable[[Event], Event]
    ) -> tuple[list[Event], bool]:
        _check_cursor(after_seq, row.last_seq, "last_seq")
        if limit is not None and limit < 1:
            raise Invalid("limit must be at least 1")
        wanted = min(limit or MAX_PAGE_EVENTS, MAX_PAGE_EVENTS)
        rows = await self._database.fetch(self._sql["events_after"], row.id, after_seq, wanted)
        events = list(_within_size(project(event_from_row(each)) for each in rows))
        # The row was read before the events: what came in between is more, and the next page brings it.
        last = events[-1].seq if events else after_seq
        return events, last < row.last_seq

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
        rows = await self._database.fetch(
            self._sql["list_conversations"], state, customer_id, owner, group_ids, reader, below, limit
        )
        return [Conversation.from_row(row) for row in rows]

    async def read_up_to(self, conversation_id: UUID, seq: int, *, by_agent: bool) -> None:
        """Moves the reader's mark forward, never past the end."""
        if not 0 <= seq < 2**31:
            raise Invalid("seq is out of range", seq=seq)
        await self._database.execute(self._sql["read_up_to"], conversation_id, seq, by_agent)


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


def _within_size(events: Iterable[Event]) -> Iterable[Event]:
    """Events until the page is full; at least one, so that a page always moves on."""
    size = _ENVELOPE_BYTES
    for n, event in enumerate(events):
        size += len(msgspec.json.encode(event)) + 1
        if n and size > MAX_PAGE_BYTES:
            return
        yield event


__all__ = ["Note", "Reading", "unread_for_agent"]

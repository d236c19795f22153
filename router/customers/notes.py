"""What colleagues note about a customer or a company, with actor and time; customers never see any of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.messages import checked_text
from router.errors import Forbidden, NotFound
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_NOTE_CHARS = 2000
_MOST = 200


@dataclass(frozen=True)
class ProfileNote:
    """One note; either ``customer_id`` or ``company_id`` is set."""

    id: UUID
    customer_id: UUID | None
    company_id: UUID | None
    text: str = field(repr=False)
    actor_id: UUID
    actor_name: str
    at: datetime


class ProfileNotes:
    """Notes are added and taken away, never rewritten."""

    def __init__(self, database: Database, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def listed(self, *, customer_id: UUID | None = None, company_id: UUID | None = None) -> list[ProfileNote]:
        """The newest first, the last 200."""
        rows = await self._database.fetch(self._sql["notes_about"], customer_id, company_id, _MOST)
        return [ProfileNote(**dict(row)) for row in rows]

    async def add(
        self,
        connection: PooledConnection,
        text: str,
        actor: AuditActor,
        *,
        customer_id: UUID | None = None,
        company_id: UUID | None = None,
    ) -> ProfileNote:
        """The caller has seen that customer or company exists; raises `Invalid`, `TooLarge` for the text."""
        assert actor.id is not None
        text = checked_text(text, limit=MAX_NOTE_CHARS)
        note = ProfileNote(uuid7(), customer_id, company_id, text, actor.id, actor.name or "", self._clock.now())
        await connection.execute(
            self._sql["add_note"], note.id, customer_id, company_id, text, note.actor_id, note.actor_name, note.at
        )
        return note

    async def remove(
        self, connection: PooledConnection, note_id: UUID, actor: AuditActor, *, is_supervisor: bool
    ) -> None:
        """One's own, or any for a supervisor; raises `NotFound`, `Forbidden`."""
        author = await connection.fetchval(self._sql["author_of_note"], note_id)
        if author is None:
            raise NotFound("there is no such note")
        if author != actor.id and not is_supervisor:
            raise Forbidden("a colleague wrote this note")
        await connection.execute(self._sql["remove_note"], note_id)
        await self._audit.record(connection, AuditEntry(actor, "note.removed", "profile_note", str(note_id)))

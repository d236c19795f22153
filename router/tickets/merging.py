"""Duplicates: one ticket goes on, the other points to it; nothing is lost, and each customer is told once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from router.conversations.colleague import Colleague
from router.conversations.records import NewEvent
from router.errors import Conflict
from router.tickets.speaking import Speaking
from router.tickets.states import into
from router.tickets.store import TicketStore
from router.tickets.threads import Thread
from router.tickets.writing import Done, Writing

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Merging:
    """Comments and history stay with the duplicate; its conversations and watchers are the other's as well."""

    def __init__(self, store: TicketStore, writing: Writing, speaking: Speaking) -> None:
        self._store = store
        self._writing = writing
        self._speaking = speaking

    async def merge(
        self, connection: PooledConnection, colleague: Colleague, duplicate_id: UUID, kept_id: UUID
    ) -> tuple[Done, Done]:
        """What happened to the duplicate, and to the ticket that goes on.

        A customer of both hears that the two are one. A customer of the duplicate alone goes on hearing of it under
        the number that they know. Raises `Conflict` where either was merged before, or the other is closed.
        """
        if duplicate_id == kept_id:
            raise Conflict("a ticket cannot be merged into itself")
        theirs = {reader.customer_id: reader for reader in await self._store.audience(connection, duplicate_id)}
        knew = {reader.customer_id: reader.number for reader in await self._store.audience(connection, kept_id)}
        held = await self._writing.hold(connection, kept_id, duplicate_id, heard=True)
        kept, duplicate, by = held.of(kept_id), held.of(duplicate_id), colleague.actor
        if kept.status == "closed":
            raise Conflict("the ticket that goes on is closed; open it again first", status=kept.status)
        fields = into(duplicate, kept, held.now)

        def told(thread: Thread) -> Sequence[NewEvent]:
            own = theirs.get(thread.reader.customer_id)
            if own is None or own.content:
                return ()
            known = knew.get(own.customer_id)
            return self._speaking.merged(own.number, known, kept.status, thread.locale)

        said = await self._writing.say(connection, held, told)
        sql = self._store.sql
        await connection.execute(sql["copy_links"], duplicate.id, kept.id)
        await connection.execute(sql["copy_watchers"], duplicate.id, kept.id, held.now)
        await connection.execute(sql["point_to"], duplicate.id, kept.id, kept.comment_count)
        gone = await self._writing.change(connection, held, duplicate, fields, by, {"merged_into": kept.number})
        after = await self._writing.change(connection, held, kept, {}, by, {"merged": duplicate.number})
        return Done(gone, "merged", by, said), Done(after, "merged", by)

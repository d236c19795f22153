"""Files on their way into a message: each is its sender's own and is taken once; refused ones are free again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Statement
from router.errors import Conflict, Invalid, Unavailable, YingdaError
from router.payloads.log import Attachment
from router.uploads.links import unsigned
from router.uploads.records import Upload

if TYPE_CHECKING:
    from database.pool import PooledConnection

NONE: tuple[Attachment, ...] = ()


class Attaching:
    """A claim is bound to the message's client id, so that a repeat finds its own files and nobody else takes them."""

    def __init__(self, database: Database, *, per_message: int) -> None:
        self._database = database
        self._per_message = per_message
        self._sql = load_queries(__file__)

    @asynccontextmanager
    async def claimed(
        self, sender: UUID, client_id: UUID, upload_ids: Sequence[UUID] | None
    ) -> AsyncIterator[tuple[Attachment, ...]]:
        """The files as the log keeps them, in the order given; free again where the message is refused within.

        Raises `Invalid` for too many, for one named twice and for what is not the sender's, `Conflict` for one that
        another message has.
        """
        if not upload_ids:
            yield NONE
            return
        async with self._database.transaction() as connection:
            attachments = await self._claim(connection, sender, client_id, upload_ids)
        try:
            yield attachments
        except (Unavailable, DatabaseUnavailable):
            raise  # nobody knows whether it was stored: the repeat will tell
        except YingdaError:
            await self._database.execute(self._sql["release"], sender, client_id)
            raise

    async def taken(
        self, connection: PooledConnection, sender: UUID, client_id: UUID, upload_ids: Sequence[UUID] | None
    ) -> tuple[Attachment, ...]:
        """The same within the caller's transaction, whose end frees them where it fails."""
        return await self._claim(connection, sender, client_id, upload_ids) if upload_ids else NONE

    async def _claim(
        self, connection: PooledConnection, sender: UUID, client_id: UUID, upload_ids: Sequence[UUID]
    ) -> tuple[Attachment, ...]:
        if len(upload_ids) > self._per_message:
            raise Invalid(f"a message takes at most {self._per_message} files", limit=self._per_message)
        wanted = list(upload_ids)
        if len(set(wanted)) < len(wanted):
            raise Invalid("a file is named twice", field="upload_ids")
        rows = await connection.fetch(self._sql["claim"], sorted(wanted), sender, client_id)
        found = {row["id"]: unsigned(Upload.from_row(row)) for row in rows}
        if len(found) == len(wanted):
            return tuple(found[upload_id] for upload_id in wanted)
        missing = [str(upload_id) for upload_id in wanted if upload_id not in found]
        known = await connection.fetch(self._sql["claimable"], wanted, sender)
        if any(str(row["id"]) in missing for row in known):
            raise Conflict("a file belongs to another message already", upload_ids=missing)
        raise Invalid("there is no such file of yours; send it first", upload_ids=missing)

    def attach(
        self, attachments: Sequence[Attachment], conversation_id: UUID, seq: int, client_id: UUID
    ) -> tuple[Statement, ...]:
        """To be committed with the message."""
        if not attachments:
            return ()
        ids = [each.id for each in attachments]
        return (Statement(self._sql["attach"], (ids, conversation_id, seq, client_id)),)

    def attach_to_comment(
        self, attachments: Sequence[Attachment], ticket_id: UUID, number: int, client_id: UUID
    ) -> tuple[Statement, ...]:
        """To be committed with a ticket's comment; its message, where it is one, takes them by `attach` as well."""
        if not attachments:
            return ()
        ids = [each.id for each in attachments]
        return (Statement(self._sql["attach_to_comment"], (ids, ticket_id, number, client_id)),)

    def forget(self, conversation_id: UUID, seq: int, now: datetime) -> Statement:
        """To be committed with the message's being taken back."""
        return Statement(self._sql["remove"], (conversation_id, seq, now))

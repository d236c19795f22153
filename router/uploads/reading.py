"""Files by where they were used, for pages that show more than one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from database.pool import Database
from database.queries import load_queries
from router.payloads.log import Attachment
from router.uploads.links import Links
from router.uploads.records import Upload

if TYPE_CHECKING:
    from database.pool import PooledConnection

_MOST = 60


class FilesOf:
    """Whoever calls has checked that the reader may see the conversations."""

    def __init__(self, database: Database, links: Links) -> None:
        self._database = database
        self._links = links
        self._sql = load_queries(__file__)

    async def of(self, conversation_ids: Sequence[UUID]) -> list[Attachment]:
        """The files in some conversations, oldest first, with links of now."""
        if not conversation_ids:
            return []
        rows = await self._database.fetch(self._sql["of_conversations"], list(conversation_ids), _MOST)
        return [self._links.attachment(Upload.from_row(row)) for row in rows]

    async def of_comments(
        self, ticket_ids: Sequence[UUID], connection: PooledConnection | None = None
    ) -> dict[tuple[UUID, int], list[Attachment]]:
        """The files of some tickets' comments, by ticket and number; the caller shows those that its reader may see."""
        if not ticket_ids:
            return {}
        rows = await (connection or self._database).fetch(self._sql["of_comments"], list(ticket_ids))
        found: dict[tuple[UUID, int], list[Attachment]] = {}
        for row in rows:
            place = (row["ticket_id"], row["comment"])
            found.setdefault(place, []).append(self._links.attachment(Upload.from_row(row)))
        return found

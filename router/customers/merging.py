"""An anonymous customer becomes one who is known already: moves the history, and never makes two open conversations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.records import Change, Committed, Conversation
from router.conversations.transitions import state_event, to_closed
from router.customers.store import CustomerStore
from router.errors import Unavailable
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

_TRIES = 3
#: Of two open conversations the one further on is kept: a human has it, or is about to.
_FAR_ON = {"human": 2, "waiting": 1, "bot": 0}


class Merging:
    """Runs inside the sign-in's transaction; the anonymous row stays, without visitors and conversations."""

    def __init__(self, store: CustomerStore, journal: Journal, audit: Audit) -> None:
        self._sql = store.sql
        self._journal = journal
        self._audit = audit

    async def merge(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> tuple[Committed, ...]:
        """Move everything; the conversations that ended for it, to be told after the commit.

        Conversations are locked before anything else of either customer, and in id order, as everybody locks them.
        """
        ended: list[Committed] = []
        for _ in range(_TRIES):
            ended += await self._end_all_but_one(connection, anonymous_id, known_id)
            if await self._move(connection, anonymous_id, known_id):
                break  # else the known customer opened one at this very moment; now it is seen
        else:
            raise Unavailable
        await connection.execute(self._sql["move_tickets"], anonymous_id, known_id)
        await connection.execute(self._sql["copy_sends"], anonymous_id, known_id)
        actor = AuditActor("customer", known_id)
        detail = {"from": str(anonymous_id), "ended": len(ended)}
        await self._audit.record(connection, AuditEntry(actor, "customer.merged", "customer", str(known_id), detail))
        return tuple(ended)

    async def _end_all_but_one(
        self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID
    ) -> Sequence[Committed]:
        """Of the open conversations on the same site and channel."""
        places: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in await connection.fetch(self._sql["lock_conversations"], anonymous_id, known_id):
            if row["state"] != "closed":
                places[row["site"], row["channel"]].append(row)
        superfluous: list[UUID] = []
        for rows in places.values():
            # Among equals the one that the customer has before their eyes; nobody misses an empty one.
            rows.sort(key=lambda row: (_FAR_ON[row["state"]], row["last_seq"] > 0, row["customer_id"] == anonymous_id))
            superfluous += [row["id"] for row in rows[:-1]]

        def end(row: Conversation, moment: Moment) -> Change:
            fields = to_closed(row, "merged", moment.now, None)
            # Whoever is told of it is told as the known customer; `move_conversations` stores that.
            return Change(events=(state_event("closed", "merged"),), fields={**fields, "customer_id": known_id})

        return await self._journal.write_within(connection, dict.fromkeys(superfluous, end)) if superfluous else ()

    async def _move(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> bool:
        try:
            async with connection.transaction():
                await connection.execute(self._sql["move_conversations"], anonymous_id, known_id)
        except UniqueViolationError:
            return False
        return True

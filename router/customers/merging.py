"""Two customers turn out to be one: moves the history and what is known, and never makes two open conversations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from database.clock import Clock
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.records import Change, Committed, Conversation
from router.conversations.transitions import state_event, to_closed
from router.customers.records import Customer
from router.customers.store import CustomerStore
from router.errors import Conflict, Invalid, NotFound, Unavailable
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

_TRIES = 3
#: Whatever names a customer, in the order of the statements.
_MOVES = (
    "move_tickets", "move_tasks", "move_ratings", "move_notes", "move_blocks", "move_contact", "move_survey",
    "move_uploads", "forget_survey", "move_steps", "move_attributes", "forget_attributes", "forget_page",
    "move_notices", "move_unseen", "copy_sends",
)  # fmt: skip
#: Of two open conversations the one further on is kept: a human has it, or is about to.
_FAR_ON = {"human": 2, "waiting": 1, "bot": 0}


class Merging:
    """Runs inside a transaction of the caller's; the other row stays, empty, and says into whom it went."""

    def __init__(self, store: CustomerStore, journal: Journal, audit: Audit, clock: Clock) -> None:
        self._store = store
        self._sql = store.sql
        self._journal = journal
        self._audit = audit
        self._clock = clock

    async def sign_in(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> tuple[Committed, ...]:
        """The signed identity says so; the caller has locked the visitor and binds it."""
        return await self._merge(connection, anonymous_id, known_id, AuditActor("customer", known_id))

    async def join(
        self, connection: PooledConnection, customer_id: UUID, other_id: UUID, actor: AuditActor
    ) -> tuple[UUID, UUID, tuple[Committed, ...]]:
        """A colleague says so. Who stays, who went, and the conversations that ended, to be told after the commit.

        Whoever has a signed identity stays; raises `Conflict` where both have one, for nobody at the desk may open one
        account's conversations to another, and `NotFound`.
        """
        if customer_id == other_id:
            raise Invalid("a customer cannot be joined to themselves", field="other_id")
        found: dict[UUID, Customer] = {}
        for each in (customer_id, other_id):
            customer = await self._store.one(connection, "customer_by_id", each)
            if customer is None or customer.id != each:
                raise NotFound("there is no such customer")
            found[each] = customer
        if found[customer_id].is_known and found[other_id].is_known:
            raise Conflict("both have a signed identity of their own")
        kept_id, gone_id = (other_id, customer_id) if found[other_id].is_known else (customer_id, other_id)
        await connection.execute(self._sql["lock_visitors"], gone_id)  # nothing new is opened for them from here on
        ended = await self._merge(connection, gone_id, kept_id, actor)
        await connection.execute(self._sql["move_visitors"], gone_id, kept_id)
        return kept_id, gone_id, ended

    async def _merge(
        self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID, actor: AuditActor
    ) -> tuple[Committed, ...]:
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
        for statement in _MOVES:
            await connection.execute(self._sql[statement], anonymous_id, known_id)
        await self._carry(connection, anonymous_id, known_id)
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

    async def _carry(self, connection: PooledConnection, gone_id: UUID, kept_id: UUID) -> None:
        """What is known of the one and not of the other; a block in force goes along."""
        await connection.execute(self._sql["lock_pair"], [gone_id, kept_id])
        gone = await self._store.one(connection, "customer_by_id", gone_id)
        kept = await self._store.one(connection, "customer_by_id", kept_id)
        if gone is not None and kept is not None:
            fillable = ("name", "email", "phone", "company", "locale", "edition", "product_version")
            filled: dict[str, Any] = {name: getattr(gone, name) for name in fillable if getattr(kept, name) is None}
            tags = tuple(dict.fromkeys((*kept.tags, *gone.tags)))
            attributes = {**gone.attributes, **kept.attributes}
            after = replace(kept, **filled, tags=tags, attributes=attributes)
            if after != kept:
                await self._store.update(connection, after)
        await connection.execute(self._sql["mark_merged"], gone_id, kept_id)

    async def _move(self, connection: PooledConnection, anonymous_id: UUID, known_id: UUID) -> bool:
        try:
            async with connection.transaction():
                await connection.execute(self._sql["move_conversations"], anonymous_id, known_id)
        except UniqueViolationError:
            return False
        return True

"""The block list: a colleague proposes with a reason and a time, a supervisor approves; it ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.blocks.records import Block, Decision
from router.conversations.messages import checked_text
from router.errors import Conflict, Invalid, NotFound
from router.notifications.alerts import Alerts
from router.payloads.desk import Alert
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_REASON_CHARS = 500
MAX_HOURS = 24 * 365
_MOST = 100


class Blocks:
    """Every change is one transaction of its caller, with its audit entry inside."""

    def __init__(self, database: Database, audit: Audit, alerts: Alerts, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._alerts = alerts
        self._clock = clock
        self._sql = load_queries(__file__)

    async def propose(
        self,
        connection: PooledConnection,
        customer_id: UUID,
        reason: str,
        hours: int,
        actor: AuditActor,
        *,
        conversation_id: UUID | None,
        approved: bool,
    ) -> tuple[Block, Alert | None]:
        """A proposal, in force at once where ``approved``; else with what supervisors are to be shown after the commit.

        Raises `NotFound`, `Invalid`, and `Conflict` where one is proposed already.
        """
        reason = checked_text(reason, limit=MAX_REASON_CHARS, field="reason")
        if not 1 <= hours <= MAX_HOURS:
            raise Invalid(f"a block lasts from 1 to {MAX_HOURS} hours", field="hours")
        if not await connection.fetchval(self._sql["customer_exists"], customer_id):
            raise NotFound("there is no such customer")
        now = self._clock.now()
        row = await connection.fetchrow(
            self._sql["propose"], uuid7(), customer_id, conversation_id, reason, hours, actor.id, now
        )
        if row is None:
            raise Conflict("a block of this customer has been proposed already")
        block = _block(row)
        await self._note(connection, actor, "block.proposed", block, {"hours": hours})
        if approved:
            return await self.decide(connection, block.id, "approve", actor, hours=None), None
        alert = Alert(kind="block_asked", at=now, conversation_id=conversation_id, text=reason)
        await self._alerts.tell(alert, owner=None, group_id=None, key=f"block_asked:{block.id}", connection=connection)
        return block, alert

    async def decide(
        self, connection: PooledConnection, block_id: UUID, decision: Decision, actor: AuditActor, *, hours: int | None
    ) -> Block:
        """A supervisor's word; ``hours`` changes how long an approved one lasts. Raises `NotFound`, `Conflict`."""
        row = await connection.fetchrow(self._sql["lock_block"], block_id)
        if row is None:
            raise NotFound("there is no such block")
        block, now = _block(row), self._clock.now()
        expected = "approved" if decision == "lift" else "proposed"
        if block.state != expected or (decision == "lift" and block.ends_at is not None and block.ends_at <= now):
            raise Conflict(state=block.state)
        hours = block.hours if hours is None else hours
        state = {"approve": "approved", "refuse": "refused", "lift": "lifted"}[decision]
        ends_at: datetime | None = now + timedelta(hours=hours) if decision == "approve" else None
        ends_at = now if decision == "lift" else ends_at
        decided = _block(await connection.fetchrow(self._sql["decide"], block_id, state, hours, actor.id, now, ends_at))
        await connection.execute(self._sql["block_customer"], block.customer_id, now)
        await self._note(connection, actor, f"block.{state}", decided, {"hours": hours})
        return decided

    async def of_customer(self, customer_id: UUID) -> list[Block]:
        """The newest first, the last hundred."""
        return [_block(row) for row in await self._database.fetch(self._sql["blocks_of"], customer_id, _MOST)]

    async def listed(self, *, proposed: bool, in_force: bool, before: UUID | None, limit: int) -> list[Block]:
        """The newest first."""
        at = self._clock.now() if in_force else None
        return [
            _block(row) for row in await self._database.fetch(self._sql["blocks_page"], before, proposed, at, limit)
        ]

    async def show(self, alert: Alert) -> None:
        """To the supervisors' pages, once the proposal is stored."""
        await self._alerts.show(alert, owner=None)

    async def _note(
        self, connection: PooledConnection, actor: AuditActor, action: str, block: Block, detail: dict[str, Any]
    ) -> None:
        detail = {"block": str(block.id), **detail}
        await self._audit.record(connection, AuditEntry(actor, action, "customer", str(block.customer_id), detail))


def _block(row: Record | None) -> Block:
    assert row is not None  # locked or just made
    return Block(**dict(row))

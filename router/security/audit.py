"""The append-only audit log: who did what to which thing; it takes no personal data, no message text and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from database.clock import Clock
from database.queries import load_queries
from router.conversations.records import Statement

if TYPE_CHECKING:
    from database.pool import PooledConnection


@dataclass(frozen=True)
class AuditActor:
    """Who acts: an agent, or the system for the command line and for what happens by itself."""

    kind: Literal["agent", "customer", "system"]
    id: UUID | None = None
    name: str | None = None


SYSTEM = AuditActor("system")
COMMAND_LINE = AuditActor("system", name="command line")


@dataclass(frozen=True)
class AuditEntry:
    actor: AuditActor
    action: str  # e.g. "account.created"
    subject_kind: str
    subject_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


class Audit:
    """Writes entries inside the transaction of the change, so that neither exists without the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._record = load_queries(__file__)["record"]

    async def record(self, connection: PooledConnection, entry: AuditEntry) -> None:
        statement = self.statement(entry)
        await connection.execute(statement.sql, *statement.arguments)

    def statement(self, entry: AuditEntry) -> Statement:
        """What writes the entry together with a change of a conversation."""
        actor = entry.actor
        subject = (entry.subject_kind, entry.subject_id, dict(entry.detail))
        return Statement(self._record, (self._clock.now(), actor.kind, actor.id, actor.name, entry.action, *subject))

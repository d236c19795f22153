"""Promises as rows: frozen records; what was promised stays in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from router.payloads.help import PromiseNews, PromiseState

#: What has been told of a promise so far.
UNTOLD, REMINDED, DUE, BROKEN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise with the words as the log has them now; ``group_id`` and ``customer_id`` are its conversation's."""

    id: UUID
    conversation_id: UUID
    seq: int
    text: str
    ticket: str | None
    owner: UUID
    owner_name: str | None
    state: PromiseState
    chance: float | None
    is_dated: bool
    due_at: datetime
    stage: int
    answered_seq: int | None
    created_at: datetime
    broken_at: datetime | None
    settled_at: datetime | None
    customer_id: UUID
    group_id: UUID | None
    conversation_owner: UUID | None  # who has the conversation now; None once nobody has

    @classmethod
    def from_row(cls, row: Record) -> Promise:
        return cls(
            id=row["id"], conversation_id=row["conversation_id"], seq=row["seq"], text=row["text"] or "",
            ticket=row["ticket"], owner=row["owner"], owner_name=row["owner_name"], state=row["state"],
            chance=row["chance"], is_dated=row["is_dated"], due_at=row["due_at"], stage=row["stage"],
            answered_seq=row["answered_seq"], created_at=row["created_at"], broken_at=row["broken_at"],
            settled_at=row["settled_at"], customer_id=row["customer_id"], group_id=row["group_id"],
            conversation_owner=row["conversation_owner"],
        )  # fmt: skip

    @property
    def keeper(self) -> UUID:
        """Who has to keep it: whoever has the conversation now, else who gave it."""
        return self.conversation_owner or self.owner

    def news(self) -> PromiseNews:
        """As agents see it."""
        return PromiseNews(
            id=self.id, conversation_id=self.conversation_id, seq=self.seq, text=self.text, state=self.state,
            due_at=self.due_at, is_dated=self.is_dated, owner=self.owner, owner_name=self.owner_name,
            customer_id=self.customer_id, created_at=self.created_at, ticket=self.ticket, chance=self.chance,
            answered_seq=self.answered_seq, broken_at=self.broken_at, settled_at=self.settled_at,
        )  # fmt: skip

"""How far an erasure has come: a frozen record, by ids and counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Erasure:
    """One row of ``erasures``; counts are those of what there was."""

    id: UUID
    customer_id: UUID
    asked_by: UUID | None
    asked_at: datetime
    conversations: int
    tickets: int
    files: int
    done_at: datetime | None

    @classmethod
    def from_row(cls, row: Record) -> Erasure:
        return cls(*(row[name] for name in cls.__slots__))

"""How far an erasure has come: a frozen record, by ids and counts alone, as the database and the wire have it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from asyncpg import Record
from msgspec import Struct


class Erasure(Struct, frozen=True, kw_only=True):
    """``done_at`` is null while it goes on; counts are of what there was."""

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
        return cls(**{name: row[name] for name in cls.__struct_fields__})

"""What is known of a file that somebody sent: frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from asyncpg import Record

SenderKind = Literal["customer", "agent"]
#: Where a file is asked for; the address alone opens nothing.
PATH = "/api/v1/uploads"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file: a customer or an account."""

    kind: SenderKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Upload:
    """One row of ``uploads``, as far as anybody is told of it."""

    id: UUID
    name: str
    type: str
    bytes: int
    width: int | None
    height: int | None
    has_preview: bool

    @classmethod
    def from_row(cls, row: Record) -> Upload:
        return cls(*(row[name] for name in ("id", "name", "type", "bytes", "width", "height", "has_preview")))

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")

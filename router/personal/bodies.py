"""What crosses the wire about erasing and copying what is known of a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from router.paging import PageQuery
from router.personal.records import Erasure


class EraseCustomer(Struct, kw_only=True):
    """Cannot be undone: ``confirmed`` says that somebody made sure."""

    confirmed: Literal[True]


class ErasureView(Struct, kw_only=True):
    """``done_at`` is null while it goes on; counts are of what there was."""

    id: UUID
    customer_id: UUID
    asked_by: UUID | None
    asked_at: datetime
    conversations: int
    tickets: int
    files: int
    done_at: datetime | None


class ErasuresQuery(PageQuery, kw_only=True):
    """The newest first."""


class ErasureList(Struct, kw_only=True):
    items: list[ErasureView]
    next: str | None


def erasure_view(erasure: Erasure) -> ErasureView:
    return ErasureView(**{name: getattr(erasure, name) for name in Erasure.__slots__})

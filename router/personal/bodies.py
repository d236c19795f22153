"""What crosses the wire about erasing customers, beside the record itself."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.paging import PageQuery
from router.personal.records import Erasure


class EraseCustomer(Struct, kw_only=True):
    """Cannot be undone: ``confirmed`` says that somebody made sure."""

    confirmed: Literal[True]


class ErasuresQuery(PageQuery, kw_only=True):
    """The newest first."""


class ErasureList(Struct, kw_only=True):
    items: list[Erasure]
    next: str | None

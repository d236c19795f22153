"""Lists by cursor: an opaque text that says where the next page goes on; it refuses texts that it did not make."""

from __future__ import annotations

import base64
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from router.errors import Invalid

MAX_LIMIT = 200


class PageQuery(Struct, kw_only=True):
    """What every list takes."""

    cursor: Annotated[str, Meta(max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT)] = 50


def cursor_of(last_id: UUID | None) -> str | None:
    """The cursor for what comes after ``last_id``; ``None`` at the end of a list."""
    return None if last_id is None else base64.urlsafe_b64encode(last_id.bytes).rstrip(b"=").decode()


def id_of(cursor: str | None) -> UUID | None:
    """The id behind a cursor; raises :class:`Invalid`."""
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError as fault:
        raise Invalid("this cursor is not one of ours") from fault

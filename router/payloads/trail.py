"""What the page around the chat tells of its visitor."""

from __future__ import annotations

from uuid import UUID

from router.payloads.base import Incoming

Scalar = str | int | float | bool | None


class Track(Incoming):
    """A named event of the embedding page with plain values.

    The widget itself says ``$page`` (``url``, the property ``title``) and ``$attributes`` (what the page knows of its
    visitor, everything each time); other names that begin with ``$`` are refused. What is told again under the same
    ``client_id`` is kept once.
    """

    name: str
    properties: dict[str, Scalar] | None = None
    url: str | None = None
    client_id: UUID | None = None

"""Which turn a line of the log belongs to: the client id of the event that began it, wherever it leads."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

#: Inherited by every task that an event starts; None outside of turns.
turn_id: ContextVar[str | UUID | None] = ContextVar("turn_id", default=None)

"""What consoles hear of clocks and levels."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from router.payloads.base import Outgoing

ClockKind = Literal["first_reply", "next_reply", "resolution"]


class ClockState(Outgoing, omit_defaults=False):
    """A clock that has not been met: green until ``soon_at``, amber until ``due_at``, red after.

    ``due_at`` is null while it is paused; ``soon_at`` of a live chat's first reply is what the desk aims at.
    """

    kind: ClockKind
    started_at: datetime
    due_at: datetime | None = None
    soon_at: datetime | None = None
    paused: bool = False
    breached: bool = False


class ClocksChange(Outgoing, omit_defaults=False):
    """The open clocks of a conversation as they stand now; none: everything is met or over."""

    conversation_id: UUID
    clocks: list[ClockState]

"""What stood before a customer's next words: who knew the matter, how long ago, whether a ticket spoke last; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from router.conversations.records import Conversation

BACK_WITHIN = timedelta(hours=24)


def agent_of(before: Conversation | None) -> UUID | None:
    """Who knows the matter. A conversation in which the customer asked nothing, opened by news of a ticket, hands on
    what it was opened with.
    """
    if before is None or before.owner is not None:
        return None if before is None else before.owner
    return before.preferred_agent if before.question_seq == 0 else None


def may_stand_below_a_ticket(row: Conversation) -> bool:
    """Whether a ticket's words may stand last, here or in the conversation before; the log is looked at then."""
    if row.last_seq == 0:
        return row.previous_id is not None
    if row.state == "bot":
        return row.last_kind in ("agent", "system") or row.level == "L3"
    return row.state == "human"  # a ticket's words leave no mark there: they are no part of the talk


def is_recent(closed_at: datetime | None, now: datetime) -> bool:
    """Whether who comes back now comes back on the same matter."""
    return closed_at is not None and now - closed_at <= BACK_WITHIN

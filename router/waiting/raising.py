"""What moves somebody who waits, pure: more urgency, a push, an escalation, another group; nobody is moved back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from router.conversations.records import Conversation, NewEvent
from router.conversations.transitions import require, state_event
from router.waiting.head_start import HeadStarts, Part, rank
from router.waiting.order import FIRST


def raised_by_signals(row: Conversation, known: Mapping[str, Any], head_starts: HeadStarts) -> dict[str, Any]:
    """The columns after a message whose signals are ``known``; empty where it changes nothing.

    A feeling counts once a conversation, and never beside abuse: nobody shall learn to swear.
    """
    if row.state != "waiting":
        return {}
    counts = not known.get("feeling_counted") and not known.get("abusive")
    emotion = known.get("emotion", "neutral") if counts else "neutral"
    given = head_starts.felt(row.head_start, urgency=known.get("urgency", "normal"), emotion=emotion)
    fields = _moved(row, given)
    if counts and any(part["reason"] == "emotion" for part in given):
        fields["signals"] = {**known, "feeling_counted": True}
    return fields


def pushed(row: Conversation, head_starts: HeadStarts) -> dict[str, Any]:
    """The columns after a supervisor's push; empty where it was pushed before, or the cap has nothing left."""
    require(row, "waiting")
    return _moved(row, head_starts.pushed(row.head_start))


def escalated(row: Conversation, head_starts: HeadStarts, seconds: int) -> dict[str, Any]:
    """The columns after a clock's escalation by so many seconds; empty where it changes nothing."""
    return _moved(row, head_starts.escalated(row.head_start, seconds)) if row.state == "waiting" else {}


def widened(row: Conversation, group_id: UUID, now: datetime) -> tuple[NewEvent, dict[str, Any]]:
    """The event and the columns of a move into another group's line, at the same rank, reason `overflow`.

    Raises `Conflict` unless it waits.
    """
    require(row, "waiting")
    fields = {
        "reason": "overflow",
        "group_id": group_id,
        "in_group_since": now,
        "offered_to": None,
        "offer_expires_at": None,
        "declined_by": [],
    }
    return state_event("waiting", "overflow"), fields


def _moved(row: Conversation, given: Sequence[Part]) -> dict[str, Any]:
    if list(given) == row.head_start or row.joined_at is None:
        return {}
    rank_at = row.rank_at if row.rank_at == FIRST else rank(row.joined_at, given)
    return {"head_start": list(given), "rank_at": rank_at}

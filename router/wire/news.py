"""Committed news as they cross the wire: the row as it is now, what of it was different, events and notes.

Whoever hears them decides by their head whether any page of theirs shows the conversation; the rest is left unread.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Raw, Struct, structs

from router.conversations.records import Committed, Conversation
from router.payloads.log import Event, Level, Note, State
from router.wire.parcels import packed, unpacked

_LIVE = ("waiting", "human")


class News(Struct, frozen=True, array_like=True):
    """``live``: a human is asked for or has it, so that agents' pages may show it."""

    conversation_id: UUID
    customer_id: UUID
    live: bool
    body: Raw


class _Body(Struct, frozen=True, array_like=True):
    """What pages are told by: of the row before only what they are told the change of."""

    after: Conversation
    events: tuple[Event, ...]
    notes: tuple[Note, ...]
    state: State
    owner: UUID | None
    version: int
    offered_to: UUID | None
    group_id: UUID | None
    level: Level
    signals: dict[str, Any] | None
    held_until: datetime | None
    same_card: bool


def news_of(committed: Committed) -> News:
    before, after = committed.before, committed.conversation
    body = _Body(
        after, committed.events, committed.notes, before.state, before.owner, before.version, before.offered_to,
        before.group_id, before.level, before.signals, before.held_until, before.card is after.card,
    )  # fmt: skip
    return News(after.id, after.customer_id, before.state in _LIVE or after.state in _LIVE, packed(body))


def committed_of(news: News) -> Committed:
    """What was committed elsewhere, as far as pages are told of it; raises `msgspec.DecodeError`."""
    body = unpacked(news.body, _Body)
    before = structs.replace(
        body.after, state=body.state, owner=body.owner, version=body.version, offered_to=body.offered_to,
        group_id=body.group_id, level=body.level, signals=body.signals, held_until=body.held_until,
        last_seq=body.after.last_seq - len(body.events), last_note_seq=body.after.last_note_seq - len(body.notes),
        card=body.after.card if body.same_card else None,
    )  # fmt: skip
    return Committed(before, body.after, body.events, body.notes, {})

"""Who waits, as people at the desk read it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from router.conversations.records import Conversation
from router.payloads.clocks import ClockState
from router.payloads.desk import CustomerCard, HeadStart, WaitingItem
from router.waiting.head_start import seconds_of


def waiting_items(
    rows: Iterable[Conversation],
    cards: Mapping[UUID, CustomerCard],
    clocks: Mapping[UUID, Sequence[ClockState]] | None = None,
) -> list[WaitingItem]:
    """In the order of the line; ``cards`` by customer, ``clocks`` by conversation."""
    items = []
    for row in sorted(rows, key=lambda row: (row.rank_at, row.id)):
        assert row.rank_at is not None
        assert row.joined_at is not None
        assert row.group_id is not None
        items.append(
            WaitingItem(
                conversation_id=row.id,
                rank_at=row.rank_at,
                joined_at=row.joined_at,
                priority=seconds_of(row.head_start),
                explanation=explanation(row),
                reason=row.handoff_reason or row.reason or "asked",
                level=row.level,
                topic=row.topic or (row.signals or {}).get("topic") or "",
                customer=cards.get(row.customer_id) or CustomerCard(id=row.customer_id),
                group_id=row.group_id,
                last_text=row.last_text,
                clocks=list((clocks or {}).get(row.id, ())),
            )
        )
    return items


def explanation(row: Conversation) -> list[HeadStart]:
    """Why a conversation stands where it stands."""
    return [
        HeadStart(reason=part["reason"], seconds=part["seconds"], label=part["label"], label_en=part.get("label_en"))
        for part in row.head_start
    ]

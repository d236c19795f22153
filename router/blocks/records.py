"""Blocks as plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

BlockState = Literal["proposed", "approved", "refused", "lifted"]
Decision = Literal["approve", "refuse", "lift"]


@dataclass(frozen=True)
class Block:
    """One block of a customer; an approved one is in force until ``ends_at`` and then ends by itself."""

    id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    reason: str = field(repr=False)
    hours: int
    state: BlockState
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    ends_at: datetime | None

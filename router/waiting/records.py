"""Groups, and whether humans are there: frozen records of the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from asyncpg import Record

from router.agents.records import portrait_url
from router.payloads.log import AgentRef
from router.waiting.hours import Calendar
from router.waiting.matching import Free, SkillGroup

Assignment = Literal["auto", "offer", "pick"]


@dataclass(frozen=True, slots=True)
class Group:
    """A skill group; how it gets its conversations is settled here (the row's own mode, else the configured one).

    ``hours`` is its own weekly table; None: the desk's. Who waits longer than ``overflow_after_seconds`` goes on to
    ``overflow_to``; None: to nobody.
    """

    id: UUID
    name: str
    assignment: Assignment
    hours: Mapping[str, Any] | None
    skills: SkillGroup
    overflow_to: UUID | None = None
    overflow_after_seconds: int | None = None

    @classmethod
    def from_row(cls, row: Record, default: Assignment) -> Group:
        skills = SkillGroup(
            row["id"],
            row["name"],
            row["is_default"],
            topics=frozenset(row["topics"]),
            languages=frozenset(row["languages"]),
            products=frozenset(row["products"]),
            sites=frozenset(row["sites"]),
        )
        return cls(
            row["id"],
            row["name"],
            row["assignment"] or default,
            row["hours"],
            skills,
            row["overflow_to"],
            row["overflow_after_seconds"],
        )


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a human of a group can be had now, and when otherwise; ``calendar`` is the group's."""

    group: Group
    within_hours: bool
    agents_online: int
    opens_at: datetime | None
    calendar: Calendar

    @property
    def after_hours(self) -> bool:
        """Outside the hours with nobody there; an agent who works late is a human all the same."""
        return not self.within_hours and self.agents_online == 0


@dataclass(frozen=True, slots=True)
class AvailableAgent:
    """An agent who can take one more conversation now, with the name that customers read."""

    ref: AgentRef
    group_ids: frozenset[UUID]
    load: int
    capacity: int
    last_assigned_at: datetime | None

    @classmethod
    def from_row(cls, row: Record) -> AvailableAgent:
        ref = AgentRef(
            id=row["id"],
            name=row["public_name"],
            staff_number=row["staff_number"],
            picture=portrait_url(row["portrait"]),
        )
        return cls(ref, frozenset(row["group_ids"]), row["load"], row["capacity"], row["last_assigned_at"])

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity

    def free_for(self, group_id: UUID) -> Free:
        """As the matching of one group's line sees them."""
        return Free(self.ref.id, self.load, self.capacity, self.last_assigned_at, is_member=group_id in self.group_ids)

    def with_one_more(self, now: datetime) -> AvailableAgent:
        """After one more conversation."""
        return replace(self, load=self.load + 1, last_assigned_at=now)

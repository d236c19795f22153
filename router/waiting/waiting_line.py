"""The waiting line: who is in it, in which order, what place and wait a customer is told; hands nobody out itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.calendar.calendars import Calendars
from router.conversations.records import Conversation
from router.errors import Unavailable
from router.waiting.head_start import HeadStarts, rank
from router.waiting.matching import Asked, group_for
from router.waiting.order import FIRST
from router.waiting.records import Assignment, Availability, Group

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The groups, and what is known of a customer: ``tiers`` as signed and as the CRM says, the product."""

    groups: Mapping[UUID, Group]
    tiers: tuple[str | None, ...] = ()
    product: str | None = None

    def group_for(self, asked: Asked | str | None = None) -> Group:
        """The group that takes what is asked, see `matching.group_for`; a text is a chosen topic. `Unavailable` before
        any group exists.
        """
        wanted = asked if isinstance(asked, Asked) else Asked(chosen_topic=asked)
        wanted = replace(wanted, product=wanted.product or self.product)
        chosen = group_for(wanted, [group.skills for group in self.groups.values()])
        if chosen is None:
            raise Unavailable("no group takes conversations yet")
        return self.groups[chosen.group.id]


class WaitingLine:
    """Reads the line and computes places in it; changes go through the journal with the columns made here."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        calendars: Calendars,
        head_starts: HeadStarts,
        *,
        assignment: Assignment,
        sign_of_life_seconds: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._calendars = calendars
        self._head_starts = head_starts
        self._assignment: Assignment = assignment
        self._sign_of_life_seconds = sign_of_life_seconds
        self._sql = load_queries(Path(__file__))

    @property
    def head_starts(self) -> HeadStarts:
        return self._head_starts

    async def outlook(self, customer_id: UUID | None = None) -> Outlook:
        """All groups, and what decides between them for a customer."""
        rows = await self._database.fetch(self._sql["outlook"], customer_id)
        groups = {row["id"]: Group.from_row(row, self._assignment) for row in rows}
        if not rows:
            return Outlook(groups)
        first = rows[0]
        return Outlook(groups, (first["signed_tier"], first["company_tier"]), first["product"])

    async def group_for(self, asked: Asked | str | None = None, customer_id: UUID | None = None) -> Group:
        """See `Outlook.group_for`."""
        return (await self.outlook(customer_id)).group_for(asked)

    async def group(self, group_id: UUID) -> Group | None:
        row = await self._database.fetchrow(self._sql["group_by_id"], group_id)
        return Group.from_row(row, self._assignment) if row else None

    async def availability(self, group: Group, tier: str | None = None) -> Availability:
        """Whether customers of a tier can have a human of the group; somebody on call for them opens the desk."""
        now = self._clock.now()
        online = await self._database.fetchval(self._sql["agents_online"], group.id, self.alive_since())
        self._calendars.know(group.id, group.name, group.hours)
        calendar = self._calendars.of(group.id, tier, now)
        return Availability(group, calendar.is_open(now), online, calendar.opens_at(now), calendar)

    def covering(self, group: Group, groups: Mapping[UUID, Group]) -> Group:
        """The group that stands in for this one while it rests at lunch, else the group itself."""
        self._calendars.know(group.id, group.name, group.hours)
        cover = self._calendars.cover(group.id, self._clock.now())
        return groups.get(cover, group) if cover is not None else group

    async def there(self, group_id: UUID) -> list[UUID]:
        """The members of a group who are online and take conversations, full or not."""
        rows = await self._database.fetch(self._sql["agents_there"], group_id, self.alive_since())
        return [row["id"] for row in rows]

    def alive_since(self) -> datetime:
        """An agent whose last sign of life is older than this is not there."""
        return self._clock.now() - timedelta(seconds=self._sign_of_life_seconds)

    def join(
        self,
        conversation: Conversation,
        *,
        tier: str,
        urgency: str = "normal",
        emotion: str = "neutral",
        first: bool = False,
    ) -> dict[str, Any]:
        """The columns of a place in the line. ``first`` puts it at the head; an earlier `joined_at` is kept."""
        joined_at = conversation.joined_at or self._clock.now()
        head_start = self._head_starts.explain(tier=tier, urgency=urgency, emotion=emotion)
        return {
            "joined_at": joined_at,
            "head_start": head_start,
            "rank_at": FIRST if first else rank(joined_at, head_start),
        }

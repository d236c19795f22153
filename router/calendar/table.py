"""Which hours hold for whom, worked out of settings, calendar and groups; pure, and fast when asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from router.calendar.document import Document, OwnHours
from router.waiting.hours import Calendar, Spans, parse_spans, parse_weekly


@dataclass(frozen=True, slots=True)
class GroupHours:
    """A group by its name, with the weekly table that was set with the group itself, if any."""

    id: UUID
    name: str
    hours: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class HoursTable:
    """``base`` are the hours of config.yaml; the document goes over them.

    For a customer: on-call tiers first, then the tier's hours, then those set with the group, then the document's for
    the group, then the desk's with its lunch.
    """

    base: Calendar
    document: Document = Document()  # noqa: RUF009  frozen
    groups: Mapping[UUID, GroupHours] = field(default_factory=dict)
    _known: dict[tuple[UUID | None, str | None], Calendar] = field(default_factory=dict, repr=False)

    def desk(self) -> Calendar:
        """When anybody at all is there: open at lunch where somebody covers it."""
        return self._at(None, None)

    def of(self, group_id: UUID | None, tier: str | None = None, at: datetime | None = None) -> Calendar:
        """The hours of a group for customers of a tier; ``at`` decides who is on call, None: nobody."""
        if at is not None and self.on_call(tier, at) and self.document.on_call and self.document.on_call.open:
            return self._around_the_clock
        return self._at(group_id, tier if tier in self.document.tiers else None)

    def cover(self, group_id: UUID, at: datetime) -> UUID | None:
        """The group that stands in for this one at lunch, while that one rests and the other does not."""
        lunch = self.document.lunch
        if lunch is None or not lunch.groups or not self._rests(group_id):
            return None
        resting = self.of(group_id)
        if resting.is_open(at) or not self._desk_with(()).is_open(at):
            return None
        by_name = {group.name: group.id for group in self.groups.values()}
        covering = (by_name.get(name) for name in lunch.groups)
        return next((found for found in covering if found is not None and self.of(found).is_open(at)), None)

    def on_call(self, tier: str | None, at: datetime) -> tuple[str, ...]:
        """Account names on call for a tier at a moment, those of the rota first; empty: nobody."""
        plan = self.document.on_call
        if plan is None or tier not in plan.tiers:
            return ()
        today = at.astimezone(self.zone).date()
        begun = [first for first in plan.weeks if first <= today]
        rota = plan.weeks[max(begun)] if begun else ()
        return tuple(dict.fromkeys((*rota, *plan.accounts)))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.document.timezone) if self.document.timezone else self.base.zone

    def holiday_names(self) -> dict[date, str]:
        """What days are called: holidays and days that are worked or have hours of their own."""
        named = {day: holiday.name for holiday in self.document.holidays for day in holiday.days()}
        return named | {workday.day: workday.name for workday in self.document.workdays}

    def unknown_groups(self) -> tuple[str, ...]:
        """Groups that the calendar names and that do not exist."""
        names = {group.name for group in self.groups.values()}
        named = (*self.document.groups, *(self.document.lunch.groups if self.document.lunch else ()))
        return tuple(dict.fromkeys(name for name in named if name not in names))

    def _at(self, group_id: UUID | None, tier: str | None) -> Calendar:
        key = (group_id, tier)
        if key not in self._known:
            self._known[key] = self._made(group_id, tier)
        return self._known[key]

    def _made(self, group_id: UUID | None, tier: str | None) -> Calendar:
        if tier is not None:
            return self._own(self.document.tiers[tier])
        group = self.groups.get(group_id) if group_id is not None else None
        if group is not None and group.hours is not None:
            return replace(self._desk_with(()), weekly=parse_weekly(group.hours), always_open=False)
        if group is not None and group.name in self.document.groups:
            return self._own(self.document.groups[group.name])
        lunch = self.document.lunch
        if lunch is None or (group is not None and group.name in lunch.groups) or (group is None and lunch.groups):
            return self._desk_with(())
        return self._desk_with(parse_spans(lunch.hours))

    def _rests(self, group_id: UUID) -> bool:
        group, lunch = self.groups.get(group_id), self.document.lunch
        if group is None or lunch is None or group.name in lunch.groups:
            return False
        return group.hours is None and group.name not in self.document.groups

    def _own(self, own: OwnHours) -> Calendar:
        weekly = {str(day): spans for day, spans in own.weekly.items()}
        desk = self._desk_with(())
        return replace(desk, weekly=parse_weekly(weekly), on_holidays=own.on_holidays, always_open=False)

    def _desk_with(self, rests: Spans) -> Calendar:
        document, base = self.document, self.base
        weekly = base.weekly
        if document.weekly is not None:
            weekly = parse_weekly({str(day): spans for day, spans in document.weekly.items()})
        workdays = {workday.day for workday in document.workdays if workday.hours is None}
        return replace(
            base,
            zone=self.zone,
            weekly=weekly,
            holidays=base.holidays | {day for holiday in document.holidays for day in holiday.days()},
            workdays=base.workdays | workdays,
            days={day.day: parse_spans(day.hours) for day in document.workdays if day.hours is not None},
            rests=rests,
        )

    @property
    def _around_the_clock(self) -> Calendar:
        return replace(self._desk_with(()), always_open=True)

"""The times at which customers may be called back, pure: whole slots inside the business hours, none too soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from router.waiting.hours import Calendar

#: So far ahead days with hours are looked for.
_HORIZON_DAYS = 21
#: Nobody is called at night, whatever the hours of the desk are.
_FIRST, _LAST = time(8), time(21)


@dataclass(frozen=True, slots=True)
class Slot:
    """A span in which somebody calls; aware times in UTC, ``ends_at`` is exclusive."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SlotRules:
    """How times are offered; minutes are whole ones, ``per_slot`` is for each group."""

    minutes: int = 30
    per_slot: int = 3
    days: int = 3
    lead_minutes: int = 30


def slots(calendar: Calendar, now: datetime, rules: SlotRules) -> list[Slot]:
    """Every slot that begins after the lead time on the first days that still have one, in order."""
    soonest = now + timedelta(minutes=rules.lead_minutes)
    today = now.astimezone(calendar.zone).date()
    found: list[Slot] = []
    days = 0
    for ahead in range(_HORIZON_DAYS):
        of_day = [slot for slot in _of_day(calendar, today + timedelta(days=ahead), rules) if slot.starts_at >= soonest]
        found += of_day
        days += bool(of_day)
        if days == rules.days:
            break
    return found


def _of_day(calendar: Calendar, day: date, rules: SlotRules) -> Iterator[Slot]:
    """Whole slots on the day's own grid, so that 9:10–18:00 gives 9:30, 10:00, …"""
    length = timedelta(minutes=rules.minutes)
    for opening, closing in ((_FIRST, _LAST),) if calendar.always_open else calendar.spans_on(day):
        midnight = datetime.combine(day, time.min)
        first = max(opening, _FIRST)
        last = midnight + timedelta(days=1) if closing == time.max else datetime.combine(day, closing)
        start = midnight - (midnight - datetime.combine(day, first)) // length * length
        while start + length <= min(last, datetime.combine(day, _LAST)):
            starts_at = start.replace(tzinfo=calendar.zone).astimezone(UTC)
            yield Slot(starts_at, starts_at + length)
            start += length


def free(offered: Iterable[Slot], booked: Mapping[datetime, int], rules: SlotRules) -> list[Slot]:
    """Those that still have room; ``booked``: how many calls begin at a time already."""
    return [slot for slot in offered if booked.get(slot.starts_at, 0) < rules.per_slot]


def slot_at(offered: Iterable[Slot], at: datetime) -> Slot | None:
    """The offered slot that begins at this moment."""
    return next((slot for slot in offered if slot.starts_at == at), None)

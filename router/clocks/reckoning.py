"""What a clock says at a moment: how much open time it has used, when it is due, what has become due; pure.

A row holds facts (it ran from here, paused there), so that a look may come late, twice, or after a restart, and finds
the same. Only the open time of its calendar counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from router.clocks.records import ClockRow
from router.clocks.settings import ClockSettings, Escalation
from router.waiting.hours import Calendar


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock that runs is due, and when it warns; None: nothing opens any more."""

    due_at: datetime | None
    warn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A clock after a look, and what became due with it; each is found once, since the row remembers."""

    row: ClockRow
    warned: bool = False
    breached: bool = False
    rules: tuple[Escalation, ...] = ()


def deadline(
    calendar: Calendar, start: datetime, target_seconds: float, spent_seconds: float, share: float
) -> Deadline:
    """Of a clock that runs from ``start`` on and has used ``spent_seconds`` of its target before."""
    due_at = calendar.after(start, timedelta(seconds=max(0.0, target_seconds - spent_seconds)))
    warn_at = calendar.after(start, timedelta(seconds=max(0.0, target_seconds * share - spent_seconds)))
    return Deadline(due_at, warn_at)


def look(row: ClockRow, calendar: Calendar, revision: int, now: datetime, settings: ClockSettings) -> Looked:
    """Folds what has passed and finds what is due now."""
    row = _folded(replace(row, calendar=revision), calendar)
    if not row.is_open:
        late = row.breached_at is None and row.spent_seconds > row.target_seconds
        return Looked(replace(row, next_at=None, breached_at=row.due_at or now if late else row.breached_at))
    if not row.runs:
        return Looked(replace(row, due_at=None, warn_at=None, next_at=None))
    if row.breached_at is None:
        due = deadline(calendar, row.stints[-1], row.target_seconds, row.spent_seconds, settings.warn_at_share)
        row = replace(row, due_at=due.due_at, warn_at=due.warn_at)
    elif row.due_at is None:  # it paused while late
        row = replace(row, due_at=row.breached_at, warn_at=row.breached_at)
    if row.due_at is None or row.warn_at is None:
        return Looked(replace(row, next_at=None))
    if now < row.due_at:
        warned = now >= row.warn_at and row.warned_at is None
        row = replace(row, warned_at=now if warned else row.warned_at)
        return Looked(replace(row, next_at=row.due_at if row.warned_at else row.warn_at), warned=warned)
    breached = row.breached_at is None
    row = replace(row, breached_at=now if breached else row.breached_at)
    return _escalated(row, calendar, now, settings, breached=breached)


def _escalated(row: ClockRow, calendar: Calendar, now: datetime, settings: ClockSettings, *, breached: bool) -> Looked:
    due: list[Escalation] = []
    next_at: datetime | None = None
    for rule in settings.escalation:
        if rule.name in row.escalations or not fits(rule, row):
            continue
        assert row.due_at is not None
        at = calendar.after(row.due_at, timedelta(minutes=rule.after_minutes))
        if at is not None and at <= now:
            due.append(rule)
        elif at is not None and (next_at is None or at < next_at):
            next_at = at
    done = (*row.escalations, *(rule.name for rule in due))
    return Looked(replace(row, escalations=done, next_at=next_at), breached=breached, rules=tuple(due))


def fits(rule: Escalation, row: ClockRow) -> bool:
    return (
        (not rule.clocks or row.kind in rule.clocks)
        and (not rule.levels or row.subject.level in rule.levels)
        and (not rule.tiers or row.subject.tier in rule.tiers)
    )


def _folded(row: ClockRow, calendar: Calendar) -> ClockRow:
    """The stints that are over become spent seconds; what runs stays as the one moment since when it does."""
    spent, stints = row.spent_seconds, row.stints
    while len(stints) >= 2:
        spent += calendar.between(stints[0], stints[1]).total_seconds()
        stints = stints[2:]
    return replace(row, spent_seconds=spent, stints=stints)

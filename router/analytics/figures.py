"""Which numbers there are, and how each is made of what was counted; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from router.analytics.records import Figure, Slice, Slices, Target, Unit, Value

#: A row of the statement, which answers in JSON.
Row = Mapping[str, Any]

#: The mean of fewer ratings than this says nothing about a colleague.
CSAT_LEAST = 5
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many count as ``segment``."""

    name: str
    segment: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``of`` count as ``segment``, too."""

    name: str
    segment: str
    of: str


COUNTS = (Count("conversations", "all"),)
SHARES = (
    Share("bot_resolved", "bot_resolved", "bot_decided"),
    Share("bot_in_time", "bot_in_time", "bot_decided"),
    Share("handed_off", "handed_off", "all"),
    Share("replied_in_target", "replied_in_target", "replied"),
    Share("fcr", "fcr", "fcr_known"),
    Share("csat_answered", "csat", "csat_asked"),
    Share("csat_good", "csat_good", "csat"),
    Share("promises_kept", "promises.kept", "promises.due"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found in one period: counts by segment, and its times."""

    counts: Mapping[str, int]
    times: Mapping[str, Any]

    def of(self, segment: str) -> int:
        return self.counts.get(segment, 0)


def figures(now: Counted, before: Counted, waiting: int) -> list[Figure]:
    """Every figure of the dashboard by its name, with the period before beside it."""
    found = [
        Figure(name=each.name, unit="count", list=each.segment, now=_count(now, each), before=_count(before, each))
        for each in COUNTS
    ]
    found.append(
        Figure(
            name="waiting", unit="count", list="waiting", now=Value(value=waiting, counted=waiting, of=waiting),
            before=Value(value=None, counted=0, of=0, why="none"),
        )
    )  # fmt: skip
    found += [
        Figure(
            name=each.name, unit="share", list=each.segment, of_list=each.of,
            now=_share(now, each), before=_share(before, each),
        )
        for each in SHARES
    ]  # fmt: skip
    for name, column, place, segment in _TIMES:
        found.append(
            _figure(name, "seconds", segment, _of_segment(segment),
                    _time(now, column, place, segment), _time(before, column, place, segment))
        )  # fmt: skip
    found.append(_figure("csat", "score", "csat", "csat_asked", _csat(now), _csat(before)))
    found.append(_figure("nps", "points", "nps", None, _nps(now), _nps(before)))
    return found


_TIMES = (
    ("first_reply_median", "reply", 0, "replied"),
    ("first_reply_p90", "reply", 1, "replied"),
    ("first_reply_mean", "reply_mean", None, "replied"),
    ("resolution_median", "resolution", 0, "settled"),
    ("resolution_p90", "resolution", 1, "settled"),
    ("resolution_mean", "resolution_mean", None, "settled"),
)


def _of_segment(segment: str) -> str:
    return "handed_off" if segment == "replied" else "taken"


def _figure(name: str, unit: Unit, segment: str, of: str | None, now: Value, before: Value) -> Figure:
    return Figure(name=name, unit=unit, list=segment, of_list=of, now=now, before=before)


def _count(found: Counted, each: Count) -> Value:
    counted = found.of(each.segment)
    return Value(value=counted, counted=counted, of=counted)


def _share(found: Counted, each: Share) -> Value:
    counted, of = found.of(each.segment), found.of(each.of)
    if of == 0:
        pending = each.of in ("bot_decided", "fcr_known") and found.of("all") > 0
        return Value(value=None, counted=0, of=0, why="not_yet" if pending else "none")
    return Value(value=counted / of, counted=counted, of=of)


def _time(found: Counted, column: str, place: int | None, segment: str) -> Value:
    counted, of = found.of(segment), found.of(_of_segment(segment))
    stored = found.times[column]
    value = stored if stored is None or place is None else stored[place]
    return Value(value=value, counted=counted, of=of, why=None if value is not None else "none")


def _csat(found: Counted) -> Value:
    mean = found.times["csat"]
    value = None if mean is None else float(mean)
    return Value(value=value, counted=found.of("csat"), of=found.of("csat_asked"), why=None if value else "none")


def _nps(found: Counted) -> Value:
    answers = found.of("nps")
    if answers == 0:
        return Value(value=None, counted=0, of=0, why="none")
    value = 100 * (found.of("nps.promoters") - found.of("nps.detractors")) / answers
    return Value(value=value, counted=answers, of=answers)


#: Hand-offs whose reason is none of these are called ``other``.
REASONS = ("asked", "low_confidence", "repeated_miss", "emotion", "urgent", "rule", "other")


def reasons(now: Counted, before: Counted) -> Slices:
    """Why conversations were handed off; those that never happened are left out."""
    found = []
    for name in REASONS:
        segment = f"handed_off.{name}"
        if now.of(segment) or before.of(segment):
            found.append(Slice(name=name, label=name, counted=now.of(segment), before=before.of(segment), list=segment))
    found.sort(key=lambda one: -one.counted)
    return Slices(items=found, of=now.of("handed_off"), left_out=0)


def slices(rows: Sequence[Row], before: Mapping[str, int], segment: str) -> Slices:
    """The largest of what was counted by name; all of it has the list ``segment``, narrowed to the name."""
    found = [
        Slice(
            name=row["name"],
            label=row.get("label") or row["name"],
            counted=row["counted"],
            before=before.get(row["name"], 0),
            list=segment,
        )
        for row in rows[:_SHOWN]
    ]
    return Slices(items=found, of=sum(row["counted"] for row in rows), left_out=max(0, len(rows) - _SHOWN))


def target(row: Row) -> Target:
    """One line of the promised times."""
    return Target(
        level=row["level"], kind=row["kind"], kept=row["kept"], due=row["due"], running=row["running"],
        target_seconds=row["target_seconds"], median_seconds=row["median_seconds"],
    )  # fmt: skip

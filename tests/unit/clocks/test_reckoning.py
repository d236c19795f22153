"""What a clock says: it counts open time only, finds each thing once, and does not care how late it is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from router.clocks.reckoning import Looked, look
from router.clocks.records import ClockRow, Subject
from router.clocks.settings import ClockSettings, Escalation
from router.waiting.hours import Calendar

_DAYS = ("mon", "tue", "wed", "thu", "fri")
_CALENDAR = Calendar.of("Asia/Shanghai", {day: ["09:00-12:00", "13:30-18:00"] for day in _DAYS})
_START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, ten o'clock
_RULES = ClockSettings(
    escalation=(
        Escalation(name="now", raise_rank_seconds=1),
        Escalation(name="later", after_minutes=30, tell=("supervisors",)),
        Escalation(name="others", levels=("L3",), tell=("supervisors",)),
    )
)


def _clock(started_at: datetime = _START, target_minutes: float = 60) -> ClockRow:
    return ClockRow(
        id=1, subject=Subject("conversation", UUID(int=1)), kind="first_reply", calendar=1, started_at=started_at,
        stints=(started_at,), spent_seconds=0.0, target_seconds=60 * target_minutes, due_at=None, warn_at=None,
        next_at=None, paused_at=None, met_at=None, ended_at=None, warned_at=None, breached_at=None, escalations=(),
    )  # fmt: skip


def _look(row: ClockRow, minutes: float) -> Looked:
    return look(row, _CALENDAR, 1, _START + timedelta(minutes=minutes), _RULES)


def test_it_warns_then_breaks_then_escalates_each_once() -> None:
    row = _clock()
    found = []
    for minutes in range(0, 240, 4):
        seen = _look(row, minutes)
        found += [(minutes, "warned")] * seen.warned + [(minutes, "breached")] * seen.breached
        found += [(minutes, rule.name) for rule in seen.rules]
        row = seen.row
    # 48 of 60 minutes; an hour; half an hour of open time after 11:00 is still before lunch
    assert found == [(48, "warned"), (60, "breached"), (60, "now"), (92, "later")]
    assert row.next_at is None


def test_who_looks_only_after_a_night_finds_the_breach_and_no_warning() -> None:
    seen = _look(_clock(), 24 * 60)
    assert (seen.warned, seen.breached, [rule.name for rule in seen.rules]) == (False, True, ["now", "later"])
    assert seen.row.due_at == _START + timedelta(hours=1)


def test_while_it_pauses_nothing_is_due_and_afterwards_it_has_what_was_left() -> None:
    at = [_START + timedelta(minutes=minutes) for minutes in (0, 20, 300)]
    paused = replace(_clock(), stints=(at[0], at[1]), paused_at=at[1])
    seen = _look(paused, 200)
    assert (seen.row.due_at, seen.row.next_at, seen.row.spent_seconds, seen.warned) == (None, None, 1200, False)
    resumed = _look(replace(seen.row, stints=(at[2],), paused_at=None), 300).row
    assert resumed.due_at == at[2] + timedelta(minutes=40)


def test_what_was_met_in_time_or_late_says_what_it_took() -> None:
    in_time = replace(_clock(), stints=(_START, _START + timedelta(minutes=59)), met_at=_START + timedelta(minutes=59))
    late = replace(_clock(), stints=(_START, _START + timedelta(minutes=61)), met_at=_START + timedelta(minutes=61))
    assert (_look(in_time, 70).row.spent_seconds, _look(in_time, 70).row.breached_at) == (59 * 60, None)
    assert _look(late, 70).row.breached_at is not None
    assert not _look(late, 70).breached  # nobody is told of what is done already


def test_a_clock_from_the_evening_is_due_in_the_morning() -> None:
    seen = _look(_clock(_START + timedelta(hours=9), 30), 9 * 60)
    assert seen.row.due_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


_minutes = st.integers(0, 7 * 24 * 60)


@settings(max_examples=200)
@given(st.lists(_minutes, max_size=12, unique=True), st.lists(_minutes, max_size=12), st.integers(1, 2000))
def test_it_does_not_matter_when_or_how_often_it_is_looked_at(pauses: list[int], looks: list[int], target: int) -> None:
    """It runs, pauses and runs again at these moments; whoever looks in between, the end finds the same."""
    end = 8 * 24 * 60
    toggles = [0, *sorted(minute for minute in pauses if minute > 0)]
    row = replace(_clock(_START, target), stints=())
    for minute, is_toggle in sorted([(minute, True) for minute in toggles] + [(minute, False) for minute in looks]):
        at = _START + timedelta(minutes=minute)
        if is_toggle:
            stints = (*row.stints, at)
            row = replace(row, stints=stints, paused_at=at if len(stints) % 2 == 0 else None)
        elif row.stints or row.paused_at:
            row = look(row, _CALENDAR, 1, at, _RULES).row
    at = _START + timedelta(minutes=end)
    stints = (*row.stints, at) if len(row.stints) % 2 else row.stints
    row = look(replace(row, stints=stints, ended_at=at), _CALENDAR, 1, at, _RULES).row

    moments = [_START + timedelta(minutes=minute) for minute in (*toggles, end)]
    runs = zip(moments[::2], moments[1::2], strict=False)
    spent = sum(_CALENDAR.between(start, stop).total_seconds() for start, stop in runs)
    assert abs(row.spent_seconds - spent) < 1e-6
    if spent != 60 * target:  # on the very second it depends on whether somebody looked
        assert (row.breached_at is not None) is (spent > 60 * target)

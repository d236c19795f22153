"""Business time against a model that counts minutes: open time between two moments, the moment after so much."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from router.waiting.hours import Calendar, Spans

_START = datetime(2026, 9, 20, tzinfo=UTC)  # a fortnight with a make-up Sunday, a festival and a national holiday
_DAYS = 14
_MINUTE = timedelta(minutes=1)


def _clock_time(minutes: int) -> time:
    return time.max if minutes == 24 * 60 else time(minutes // 60, minutes % 60)


@st.composite
def _spans(draw: st.DrawFn, most: int = 3) -> Spans:
    """Spans on whole minutes, in order; they may touch or overlap, as people write them."""
    pairs = draw(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 600)), max_size=most))
    return tuple(sorted((_clock_time(start), _clock_time(min(start + length, 1440))) for start, length in pairs))


_days = st.dates(date(2026, 9, 19), date(2026, 10, 5))


@st.composite
def calendars(draw: st.DrawFn, zones: st.SearchStrategy[str] = st.just("Asia/Shanghai")) -> Calendar:  # noqa: B008
    return Calendar(
        ZoneInfo(draw(zones)),
        weekly=draw(st.dictionaries(st.integers(0, 6), _spans(), min_size=1)),
        holidays=draw(st.frozensets(_days, max_size=8)),
        workdays=draw(st.frozensets(_days, max_size=3)),
        days=draw(st.dictionaries(_days, _spans(), max_size=2)),
        rests=draw(_spans(most=1)),
        on_holidays=draw(st.booleans()),
    )


moments = st.integers(0, _DAYS * 1440 * 60).map(lambda seconds: _START + timedelta(seconds=seconds))


def _open_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Counted one by one, from the table of each day."""
    count, at = 0, start
    while at < end:
        local = at.astimezone(calendar.zone)
        if any(opening <= local.time() < closing for opening, closing in calendar.spans_on(local.date())):
            count += 1
        at += _MINUTE
    return count


@settings(max_examples=60)
@given(calendars(), st.integers(0, 3 * 1440), st.integers(0, 3 * 1440))
def test_open_time_between_two_moments_is_what_counting_minutes_gives(
    calendar: Calendar, offset: int, length: int
) -> None:
    start = _START + offset * _MINUTE
    end = start + length * _MINUTE
    assert calendar.between(start, end) == _open_minutes(calendar, start, end) * _MINUTE
    assert calendar.is_open(start) is (_open_minutes(calendar, start, start + _MINUTE) == 1)


@settings(max_examples=200)
@given(calendars(), moments, st.integers(1, 200_000))
def test_after_so_much_open_time_just_that_much_has_passed(calendar: Calendar, at: datetime, seconds: int) -> None:
    working = timedelta(seconds=seconds)
    reached = calendar.after(at, working)
    if reached is None:
        assert calendar.between(at, at + timedelta(days=365)) < working
        return
    assert calendar.between(at, reached) == working
    just_before = reached - timedelta(microseconds=1)
    assert calendar.between(at, just_before) < working  # the first such moment
    assert calendar.is_open(just_before)


@settings(max_examples=200)
@given(calendars(), moments, moments, moments)
def test_open_time_adds_up(calendar: Calendar, first: datetime, second: datetime, third: datetime) -> None:
    first, second, third = sorted((first, second, third))
    assert calendar.between(first, second) + calendar.between(second, third) == calendar.between(first, third)
    assert calendar.between(third, first) == timedelta()


@settings(max_examples=200)
@given(calendars(), moments, st.integers(1, 100_000))
def test_a_clock_that_starts_outside_the_hours_starts_at_opening(
    calendar: Calendar, at: datetime, seconds: int
) -> None:
    starts = calendar.open_from(at)
    if starts is None:
        assert calendar.after(at, timedelta(seconds=seconds)) is None
        return
    assert calendar.is_open(starts)
    assert calendar.between(at, starts) == timedelta()
    assert calendar.after(at, timedelta(seconds=seconds)) == calendar.after(starts, timedelta(seconds=seconds))


@settings(max_examples=100)
@given(
    calendars(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])),
    st.integers(0, 60 * 86_400),
    st.integers(1, 400_000),
)
def test_nothing_is_lost_or_found_when_the_clocks_change(calendar: Calendar, offset: int, seconds: int) -> None:
    at = _START + timedelta(seconds=offset)
    reached = calendar.after(at, timedelta(seconds=seconds))
    if reached is not None:
        assert calendar.between(at, reached) == timedelta(seconds=seconds)
        assert calendar.between(at, reached + timedelta(days=30)) >= timedelta(seconds=seconds)


def test_new_years_eve_goes_on_into_the_new_year() -> None:
    every_day: Spans = ((time(0), time.max),)
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(7), every_day))
    eve = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    assert calendar.after(eve, timedelta(hours=1)) == datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert calendar.between(eve, eve + timedelta(days=400)) == timedelta(days=400)


def test_lunch_is_no_open_time_for_those_who_do_not_cover_it() -> None:
    noon: Spans = ((time(12), time(13, 30)),)
    calendar = Calendar(ZoneInfo("Asia/Shanghai"), {0: ((time(9), time(18)),)}, rests=noon)
    monday = datetime(2026, 11, 23, 3, 50, tzinfo=UTC)  # 11:50 in Shanghai
    assert calendar.after(monday, timedelta(minutes=30)) == datetime(2026, 11, 23, 5, 50, tzinfo=UTC)
    assert calendar.opens_at(datetime(2026, 11, 23, 4, 0, tzinfo=UTC)) == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert calendar.text() == "周一 9:00–12:00、13:30–18:00"

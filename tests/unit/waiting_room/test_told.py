"""What a waiting customer is told: a range that never grows, one word when it takes longer, and no litany of sorry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from router.waiting_room.told import Range, Told, afresh, as_stored, hold, is_late, may_say_added, say_late, told_of

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

_ranges = st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(st.tuples(st.one_of(st.none(), _ranges), st.integers(0, 600), st.booleans()), max_size=30))
def test_whatever_is_measured_the_range_shown_never_grows_and_late_is_said_once(
    steps: list[tuple[Range | None, int, bool]],
) -> None:
    told, now = Told(since=_NOW), _NOW
    shown: list[Range] = []
    said = 0
    for eta, seconds, look in steps:
        now += timedelta(seconds=seconds)
        if look and is_late(told, now):
            assert all(now > each for each in (told.until,) if each)
            told, _ = say_late(told, eta, now)
            said, shown = said + 1, []
        told = hold(told, eta, now)
        if told.range is not None:
            shown.append(told.range)
        assert all(later[1] <= earlier[1] and later[0] <= earlier[0] for earlier, later in pairwise(shown))
    assert said <= 1


def test_a_wait_is_late_only_after_the_last_moment_that_was_named() -> None:
    told = hold(Told(), (180, 300), _NOW)

    assert not is_late(told, _NOW + 5 * _MINUTE)
    assert is_late(told, _NOW + 5 * _MINUTE + timedelta(seconds=1))


def test_a_shorter_range_brings_the_named_moment_nearer_and_a_longer_one_never_puts_it_off() -> None:
    told = hold(hold(Told(), (180, 300), _NOW), (60, 120), _NOW + _MINUTE)
    assert told.until == _NOW + 3 * _MINUTE

    told = hold(told, (60, 119), _NOW + 2 * _MINUTE)
    assert told.until == _NOW + 3 * _MINUTE


def test_nobody_is_late_who_was_promised_nothing() -> None:
    told = hold(Told(since=_NOW), None, _NOW)

    assert told.range is None
    assert not is_late(told, _NOW + 600 * _MINUTE)


def test_late_without_anybody_there_shows_no_range_any_more() -> None:
    told, sorry = say_late(hold(Told(), (180, 300), _NOW), None, _NOW + 6 * _MINUTE)

    assert sorry
    assert told.range is None
    assert not is_late(told, _NOW + 60 * _MINUTE)


def test_there_are_no_three_apologies_in_a_conversation() -> None:
    stored, sorry = None, []
    for _ in range(4):
        told = hold(told_of(afresh(stored, _NOW)), (0, 60), _NOW)
        told, said = say_late(told, (60, 120), _NOW + 2 * _MINUTE)
        sorry.append(said)
        stored = as_stored(told)

    assert sorry == [True, True, False, False]


def test_a_new_wait_begins_with_nothing_told() -> None:
    told, _ = say_late(hold(Told(), (0, 60), _NOW), (60, 120), _NOW + 2 * _MINUTE)

    again = told_of(afresh(as_stored(told), _NOW + 9 * _MINUTE))

    assert again == Told(since=_NOW + 9 * _MINUTE, apologies=1)


def test_it_is_stored_and_read_back_as_it_was() -> None:
    told, _ = say_late(hold(Told(since=_NOW, asks_topic=True), (0, 60), _NOW), (60, 120), _NOW + 2 * _MINUTE)

    assert told_of(as_stored(told)) == told
    assert told_of({"eta": "soon"}) == Told()


def test_that_it_goes_along_is_not_said_under_every_message() -> None:
    assert may_say_added(Told(), _NOW)
    assert not may_say_added(Told(added_at=_NOW), _NOW + 4 * _MINUTE)
    assert may_say_added(Told(added_at=_NOW), _NOW + 5 * _MINUTE)

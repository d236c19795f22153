"""Who is next: rank, the longest waiter's turn, the head of the line; important ones starve nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from router.waiting.order import FIRST, Waiter, in_turn, is_longest_waiters_turn, next_in_line

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _waiter(number: int, *, waited: int, head_start: int = 0, first: bool = False) -> Waiter:
    joined_at = _NOW - timedelta(seconds=waited)
    return Waiter(UUID(int=number), joined_at, FIRST if first else joined_at - timedelta(seconds=head_start))


def test_the_smallest_rank_is_next() -> None:
    patient, important = _waiter(1, waited=300), _waiter(2, waited=10, head_start=600)
    assert next_in_line([patient, important], dispatches=0, every=3) == important


def test_every_third_dispatch_is_the_longest_waiters() -> None:
    patient, important = _waiter(1, waited=300), _waiter(2, waited=10, head_start=600)
    assert next_in_line([patient, important], dispatches=2, every=3) == patient
    assert [is_longest_waiters_turn(n, 3) for n in range(6)] == [False, False, True, False, False, True]


def test_whoever_was_put_at_the_head_goes_first_in_either_turn() -> None:
    patient, lost = _waiter(1, waited=300), _waiter(2, waited=5, first=True)
    assert [next_in_line([patient, lost], dispatches=n, every=3) for n in range(3)] == [lost, lost, lost]


def test_without_the_longest_waiters_turn_rank_alone_decides() -> None:
    patient, important = _waiter(1, waited=300), _waiter(2, waited=10, head_start=600)
    assert {next_in_line([patient, important], dispatches=n, every=0) for n in range(9)} == {important}


def test_nobody_waits_nobody_is_next() -> None:
    assert next_in_line([], dispatches=0, every=3) is None


@given(
    st.lists(st.tuples(st.integers(0, 3600), st.sampled_from([0, 60, 600, 1800])), min_size=2, max_size=40),
    st.integers(0, 10),
)
def test_by_rank_nobody_is_overtaken_by_who_joined_later_than_the_difference_of_head_starts(
    people: list[tuple[int, int]], dispatches: int
) -> None:
    line = [_waiter(n, waited=waited, head_start=start) for n, (waited, start) in enumerate(people)]
    starts = {waiter.id: people[n][1] for n, waiter in enumerate(line)}
    order = in_turn(line, dispatches=dispatches, every=0)
    for place, later in enumerate(order):
        for overtaken in order[place + 1 :]:
            ahead = (later.joined_at - overtaken.joined_at).total_seconds()
            assert ahead <= starts[later.id] - starts[overtaken.id]


@given(st.integers(0, 30), st.integers(2, 5), st.integers(0, 10))
def test_however_many_important_ones_come_the_longest_waiter_is_served_within_n_dispatches_each(
    ahead: int, every: int, dispatches: int
) -> None:
    """With one important newcomer for every dispatch, place k by arrival is served after ``every · k`` of them."""
    line = [_waiter(n, waited=4000 - n) for n in range(ahead + 1)]
    last = line[-1]
    served = 0
    while last in line:
        line.append(_waiter(1000 + served, waited=0, head_start=100_000))
        found = next_in_line(line, dispatches=dispatches + served, every=every)
        assert found is not None
        line.remove(found)
        served += 1
    assert served <= every * (ahead + 1)

"""The verdict of a soak run can fail: memory, descriptors, tasks, tables and turns each, and only what grew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.soak.picture import picture
from tests.soak.samples import Minute, Sample, judge


def _minute(number: int, **changes: float) -> Minute:
    figures = {"resident_bytes": 400e6, "descriptors": 1_030.0, "sockets": 1_000.0, "tasks": 3_000.0, "threads": 12.0}
    sample = Sample(at_seconds=60.0 * number, **{**figures, **changes})
    rows = {"events": 1_000 * number, "leases": 1}
    return Minute(number, (sample,) * 6, (0.01,) * 3_000, (), 0.3, 50_000_000, rows)


def _hour(at: Callable[[Minute], Minute] = lambda minute: minute) -> list[Minute]:
    return [at(_minute(number)) for number in range(1, 61)]


def _sampled(change: Callable[[Sample, int], Sample]) -> list[Minute]:
    return _hour(lambda m: replace(m, samples=tuple(change(sample, m.number) for sample in m.samples)))


_BROKEN = {
    "memory, MB": _sampled(lambda s, n: replace(s, resident_bytes=400e6 * (1 + 0.0015 * n))),
    "descriptors beyond the sockets": _sampled(lambda s, n: replace(s, descriptors=s.descriptors + n)),
    "tasks": _sampled(lambda s, n: replace(s, tasks=s.tasks + n)),
    "threads": _sampled(lambda s, n: replace(s, threads=s.threads + n / 10)),
    "turns a second": _hour(lambda m: replace(m, latencies=m.latencies[:2_800])),
    "turns that failed": _hour(lambda m: replace(m, failures=("closed",) if m.number == 30 else ())),
    "rows of leases": _hour(lambda m: replace(m, rows={**m.rows, "leases": 20 * m.number})),
}


def test_an_hour_in_which_nothing_piles_up_is_good() -> None:
    verdict = judge(_hour(), 15, 50.0)

    assert all(each.holds for each in verdict)
    assert {each.what for each in verdict} == set(_BROKEN) - {"rows of leases"}


@pytest.mark.parametrize("what", _BROKEN)
def test_what_piles_up_is_named(what: str) -> None:
    assert [each.what for each in judge(_BROKEN[what], 15, 50.0) if not each.holds] == [what]


def test_what_grows_while_it_warms_up_is_forgiven() -> None:
    warming = _sampled(lambda s, n: replace(s, resident_bytes=400e6 * (1 + 0.02 * min(n, 15))))

    assert all(each.holds for each in judge(warming, 15, 50.0))


def test_more_sockets_may_have_more_descriptors() -> None:
    fuller = _sampled(lambda s, n: replace(s, sockets=s.sockets + 5 * n, descriptors=s.descriptors + 5 * n))

    assert all(each.holds for each in judge(fuller, 15, 50.0))


def test_a_few_minutes_are_no_soak_run() -> None:
    with pytest.raises(ValueError, match="at least four"):
        judge(_hour()[:5], 3, 50.0)


def test_the_picture_shows_every_minute() -> None:
    drawn = picture(_hour(), 15)

    assert drawn.startswith("<svg")
    assert drawn.count(" 59 min") == 0
    assert drawn.count("60 min") == 6

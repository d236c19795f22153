"""A whole day under a virtual clock: the promises of the line's order, and that nobody is left over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.day.crowd import OPENING, make_day
from bench.day.figures import Figures, figures
from bench.day.orders import first_come_first_served, ours, strict_priority
from bench.day.records import Day, Fate, Order
from bench.day.run import play
from router.settings import RoutingSettings

pytestmark = pytest.mark.slow

ROUTING = RoutingSettings()
TIERS = tuple(ROUTING.head_start.tiers)


@pytest.fixture(scope="module")
def day() -> Day:
    return make_day()


def _told(day: Day, order: Order) -> Figures:
    return figures(order, play(day, order), play(day, first_come_first_served()), TIERS)


def test_the_day_is_the_one_that_was_asked_for(day: Day) -> None:
    groups = {worker.group for worker in day.workers}

    assert (len(day.callers), len(day.workers), len(groups)) == (5_000, 40, 4)
    assert {caller.group for caller in day.callers} == groups
    assert {caller.tier for caller in day.callers} == set(TIERS)
    assert any(absence.vanishes for worker in day.workers for absence in worker.absences)


@pytest.mark.parametrize(
    "order", [ours(ROUTING), first_come_first_served(), strict_priority(ROUTING)], ids=lambda o: o.name
)
def test_nobody_is_left_over_under_any_order(day: Day, order: Order) -> None:
    assert _told(day, order).not_served == 0


@pytest.mark.parametrize("seed", [20_261_123, 1, 2])
def test_both_promises_of_the_order_hold_over_a_whole_day(seed: int) -> None:
    told = _told(make_day(seed=seed), ours(ROUTING))

    assert told.overtaken_too_late == 0
    assert told.waited_too_long == 0


def test_the_target_of_the_level_is_met_where_strict_priority_leaves_people_waiting(day: Day) -> None:
    assert _told(day, ours(ROUTING)).all.within_level == 1
    assert _told(day, strict_priority(ROUTING)).all.within_level < 1


def test_important_customers_wait_less_than_if_all_were_alike(day: Day) -> None:
    mixed, alike = _told(day, ours(ROUTING)), _told(day, first_come_first_served())

    assert mixed.by_tier["strategic"].mean < alike.by_tier["strategic"].mean / 2
    assert mixed.all.mean < alike.all.mean * 1.15  # the others pay little for it


def test_a_broken_promise_would_be_seen(day: Day) -> None:
    fates = play(day, ours(ROUTING))
    stricter = replace(ours(ROUTING), longest_every=2)  # than what was played

    assert _told(day, replace(ours(ROUTING), largest=30.0)).overtaken_too_late > 0
    assert figures(stricter, fates, fates, TIERS).waited_too_long > 0


def test_whoever_loses_their_agent_goes_to_the_head_and_keeps_the_time_of_joining() -> None:
    day = make_day(callers=1_000, workers=8, seed=5)
    fates = [fate for fate in play(day, ours(ROUTING)) if fate.waits_after_loss]

    assert fates
    assert all(fate.taken_at is not None and fate.taken_at >= fate.caller.at for fate in fates)
    assert all(fate.ended_at is not None for fate in fates)


def test_the_same_seed_makes_the_same_day() -> None:
    def ends(fates: list[Fate]) -> list[timedelta | None]:
        return [None if fate.ended_at is None else fate.ended_at - OPENING for fate in fates]

    first, again = (play(make_day(callers=500, workers=8), ours(ROUTING)) for _ in range(2))
    other = play(make_day(callers=500, workers=8, seed=7), ours(ROUTING))

    assert ends(first) == ends(again) != ends(other)

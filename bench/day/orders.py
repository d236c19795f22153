"""The orders that are compared: ours with the desk's settings, first come first served, strict priority."""

from __future__ import annotations

from bench.day.records import Caller, Order
from router.settings import RoutingSettings
from router.waiting.head_start import HeadStarts, seconds_of

#: Longer than any day: whoever is a class above goes first, whenever they came.
_CLASS_SECONDS = 1_000_000.0


def ours(routing: RoutingSettings) -> Order:
    """Head starts and the longest waiter's turn, by the code and the settings of the desk."""
    starts = HeadStarts(**dict(routing.head_start))

    def head_start(caller: Caller, urgent: bool) -> float:
        given = starts.explain(tier=caller.tier, urgency=caller.urgency, emotion=caller.emotion)
        return seconds_of(starts.felt(given, urgency="high") if urgent else given)

    return Order("Yingda", head_start, routing.longest_waiter_every, largest=routing.head_start.cap_seconds)


def first_come_first_served() -> Order:
    return Order("first come, first served", lambda caller, urgent: 0.0, 1, largest=0.0)


def strict_priority(routing: RoutingSettings) -> Order:
    """By tier, then urgency, then arrival: what a desk with fixed priorities does."""
    tiers = sorted(routing.head_start.tiers, key=lambda tier: routing.head_start.tiers[tier])

    def head_start(caller: Caller, urgent: bool) -> float:
        important = urgent or caller.urgency == "high"
        return (2 * tiers.index(caller.tier) + important) * _CLASS_SECONDS

    return Order("strict priority", head_start, 0)

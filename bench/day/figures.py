"""What a simulated day comes to: first replies, waits and the two promises of the order, by tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles

from bench.day.records import Fate, Order

#: A first reply in the live chat, in seconds: the aim, what it shall be on average, and the target of level L2.
AIM_SECONDS = 60.0
LIVE_SECONDS = 120.0
LEVEL_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Replies:
    """Seconds until a human's first word, of some callers."""

    callers: int
    mean: float
    median: float
    ninth: float  # nine of ten hear from a human by then
    longest: float
    within_aim: float  # shares, 0 to 1
    within_live: float
    within_level: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One day under one order. ``by_tier`` has an entry for every tier that called, in the order given."""

    order: str
    all: Replies
    by_tier: dict[str, Replies]
    not_served: int
    longest_wait_after_loss: float
    #: Whether the order promises anything; then how many were overtaken by somebody who came later than promised, and
    #: for how many the group took more from its line meanwhile than the longest waiter's turn allows.
    promises: bool
    overtaken_too_late: int
    waited_too_long: int
    #: How many waited more than three times, and a minute, what first come, first served would have given them.
    unfair: int


def figures(order: Order, fates: Sequence[Fate], fair: Sequence[Fate], tiers: Sequence[str]) -> Figures:
    """``fair`` is the same day under first come, first served."""
    served = [fate for fate in fates if fate.replied_at is not None and fate.ended_at is not None]
    fair_wait = {fate.caller.id: fate.waited for fate in fair}
    every = order.longest_every
    return Figures(
        order=order.name,
        all=_replies(served),
        by_tier={
            tier: _replies(found) for tier in tiers if (found := [fate for fate in served if fate.caller.tier == tier])
        },
        not_served=len(fates) - len(served),
        longest_wait_after_loss=max(
            (wait.total_seconds() for fate in fates for wait in fate.waits_after_loss), default=0.0
        ),
        promises=order.largest is not None,
        overtaken_too_late=sum(bool(fate.overtaken_too_late) for fate in fates),
        waited_too_long=sum(_too_long(fate, every) for fate in served) if every else 0,
        unfair=sum(fate.waited > 3 * fair_wait[fate.caller.id] + 60 for fate in served),
    )


def _too_long(fate: Fate, every: int) -> bool:
    """More turns than `every` for each of those ahead and oneself; a turn at the head of the line may use one up."""
    return fate.taken_meanwhile > every * (fate.ahead + 1 + fate.from_head_meanwhile)


def _replies(fates: Sequence[Fate]) -> Replies:
    seconds = [fate.first_reply for fate in fates]
    return Replies(
        callers=len(fates),
        mean=fmean(seconds),
        median=median(seconds),
        ninth=quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0],
        longest=max(seconds),
        within_aim=_share(seconds, AIM_SECONDS),
        within_live=_share(seconds, LIVE_SECONDS),
        within_level=_share(seconds, LEVEL_SECONDS),
    )


def _share(seconds: Sequence[float], limit: float) -> float:
    return fmean(second <= limit for second in seconds)

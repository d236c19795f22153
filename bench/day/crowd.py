"""Makes a day by chance from a seed: when customers come, how they are, who works and who vanishes.

Everybody here wants a human in the live chat: what the bot has solved, and what belongs to a named manager (L3), never
stands in this line.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

from bench.day.records import Absence, Caller, Day, Worker

#: Opening, nine hours before closing.
OPENING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOURS = 9.0
GROUPS = {"使用支持": 0.45, "故障处理": 0.30, "账单与售前": 0.15, "English": 0.10}
TIERS = {"free": 0.50, "standard": 0.30, "enterprise": 0.15, "strategic": 0.05}
#: (from hour, to hour, how much busier than on average).
_PEAKS = ((1.0, 2.5, 1.5), (5.0, 6.5, 1.45), (3.0, 4.0, 0.75), (8.0, 9.0, 0.7))
#: The flood: within this hour so many of all callers are important ones who come on top.
_FLOOD = (2.6, 3.3, 0.06)
_BUSY_MINUTES = 10.0
_LUNCH = (3.0, 0.75)  # hours after opening, and how long


def make_day(*, callers: int = 5_000, workers: int = 40, seed: int = 20_261_123) -> Day:
    """The same seed makes the same day."""
    chance = random.Random(seed)
    flood = int(callers * _FLOOD[2])
    made = [_caller(chance, _busy_hour(chance)) for _ in range(callers - flood)]
    made += [_caller(chance, chance.uniform(*_FLOOD[:2]), important=True) for _ in range(flood)]
    return Day(tuple(sorted(made, key=lambda caller: (caller.at, caller.id))), tuple(_workers(chance, workers)))


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128))


def _busy_hour(chance: random.Random) -> float:
    """When somebody comes, in hours after opening: by rejection below the day's curve."""
    highest = max(factor for *_, factor in _PEAKS)
    while True:
        hour = chance.uniform(0, HOURS)
        factor = next((factor for start, end, factor in _PEAKS if start <= hour < end), 1.0)
        if chance.uniform(0, highest) < factor:
            return hour


def _caller(chance: random.Random, hour: float, *, important: bool = False) -> Caller:
    tiers = {"enterprise": 0.6, "strategic": 0.4} if important else TIERS
    tier = chance.choices(list(tiers), list(tiers.values()))[0]
    urgency = chance.choices(("normal", "high", "low"), (0.82, 0.12, 0.06))[0]
    return Caller(
        id=_id(chance),
        group=chance.choices(list(GROUPS), list(GROUPS.values()))[0],
        at=OPENING + timedelta(hours=hour),
        tier=tier,
        urgency=urgency,
        emotion=chance.choices(("neutral", "anxious", "angry", "happy"), (0.75, 0.13, 0.07, 0.05))[0],
        busy_for=chance.lognormvariate(-0.18, 0.6) * _BUSY_MINUTES * 60,  # a mean of one
        reply_after=chance.lognormvariate(0, 0.5) * 20,
        becomes_urgent_after=chance.uniform(60, 900) if chance.random() < 0.03 else None,
    )


def _workers(chance: random.Random, count: int) -> Iterator[Worker]:
    """Agents by the groups' shares, at least one each; half of each group has lunch at a time."""
    bounds = list(zip(accumulate(GROUPS.values()), GROUPS, strict=True))
    for number in range(count):
        group = next(name for bound, name in bounds if (number + 0.5) / count <= bound + 1e-9)
        start, length = _LUNCH
        lunch_at = OPENING + timedelta(hours=start + (number % 2) * length)
        absences = [Absence(lunch_at, lunch_at + timedelta(hours=length))]
        if chance.random() < 0.5:
            gone_at = OPENING + timedelta(hours=chance.uniform(0.5, HOURS - 1))
            absences.append(Absence(gone_at, gone_at + timedelta(minutes=chance.uniform(8, 35)), vanishes=True))
        yield Worker(_id(chance), group, chance.choice((3, 4, 4, 5)), tuple(absences))

"""What a customer has been told in this wait, pure: a range of minutes never grows, late is said once, the rest once.

Kept in `conversations.told` and made anew with every wait; only the count of apologies lives on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

#: Seconds, low and high.
Range = tuple[int, int]

#: So many apologies of ours in one conversation; a third one would only be noise.
MOST_APOLOGIES = 2
#: A customer who goes on writing is told again after this time that it goes along.
_ADDED_AGAIN_AFTER = timedelta(minutes=5)


class Told(Struct, frozen=True, omit_defaults=True):
    """Times are aware; ranges are seconds."""

    #: When this wait began.
    since: datetime | None = None
    #: The range shown, and the latest moment that it, or one before it, named.
    eta: Range | None = None
    until: datetime | None = None
    #: It took longer than `until`: since then this range is shown instead. None where nobody could say.
    slower: Range | None = None
    slower_at: datetime | None = None
    #: How often we have said sorry in this conversation.
    apologies: int = 0
    #: The one answer of the bot in this wait was given.
    answered: bool = False
    #: When the customer was told last that what they add goes along.
    added_at: datetime | None = None
    #: Somebody whose question seems solved was asked whether to leave the line.
    offered_leaving: bool = False
    #: The topic was asked for; a choice is awaited until it is made or skipped.
    asks_topic: bool = False
    #: The desk has closed meanwhile, and they were told when somebody will be there.
    closed: bool = False

    @property
    def range(self) -> Range | None:
        """The range that holds now."""
        return self.slower if self.slower_at is not None else self.eta


def told_of(stored: Mapping[str, Any] | None) -> Told:
    """What is stored; what an older program wrote and this one cannot read counts as nothing told."""
    try:
        return msgspec.convert(stored or {}, Told)
    except msgspec.ValidationError:
        return Told()


def as_stored(told: Told) -> dict[str, Any]:
    stored: dict[str, Any] = msgspec.to_builtins(told)
    return stored


def afresh(stored: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """At the beginning of a wait: nothing told yet; apologies of an earlier wait are still remembered."""
    return as_stored(Told(since=now, apologies=told_of(stored).apologies))


def hold(told: Told, eta: Range | None, now: datetime) -> Told:
    """With a newly measured range: shown where its end comes sooner than the one shown, else the shown one stands."""
    if eta is None:
        return told
    shown = told.range
    if shown is None and told.slower_at is None:
        return structs.replace(told, eta=eta, until=now + timedelta(seconds=eta[1]))
    if shown is not None and eta[1] >= shown[1]:
        return told
    smaller = eta if shown is None else (min(eta[0], shown[0]), eta[1])
    if told.slower_at is not None:
        return structs.replace(told, slower=smaller)
    until = now + timedelta(seconds=eta[1])
    return structs.replace(told, eta=smaller, until=until if told.until is None else min(until, told.until))


def is_late(told: Told, now: datetime) -> bool:
    """Whether the wait has taken longer than what was told, and nobody has said so yet."""
    return told.until is not None and told.slower_at is None and now > told.until


def say_late(told: Told, eta: Range | None, now: datetime) -> tuple[Told, bool]:
    """After the news that it takes longer, with the range that holds from now on; and whether to say sorry with it."""
    sorry = told.apologies < MOST_APOLOGIES
    after = structs.replace(told, slower=eta, slower_at=now, apologies=told.apologies + sorry)
    return after, sorry


def may_say_added(told: Told, now: datetime) -> bool:
    """Whether it is time again for the line that what they add is seen first."""
    return told.added_at is None or now - told.added_at >= _ADDED_AGAIN_AFTER

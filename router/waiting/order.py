"""Who is next in a group's line, pure: by rank, every n-th time the longest waiter, the head always first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

#: The rank of the head of the line: before everybody who has a rank of their own.
FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiter:
    """One who waits. ``rank_at`` is `joined_at` minus the head start, or `FIRST`."""

    id: UUID
    joined_at: datetime
    rank_at: datetime


def by_rank(waiter: Waiter) -> tuple[datetime, UUID]:
    """The order of the line, and of the places that customers are told."""
    return waiter.rank_at, waiter.id


def by_wait(waiter: Waiter) -> tuple[bool, datetime, UUID]:
    """The order of the longest waiter's turn: whoever stands at the head goes first all the same."""
    return waiter.rank_at != FIRST, waiter.joined_at, waiter.id


def is_longest_waiters_turn(dispatches: int, every: int) -> bool:
    """Whether the next of a group that has dispatched ``dispatches`` times is its longest waiter; 0: never."""
    return every > 0 and (dispatches + 1) % every == 0


def in_turn(waiters: Iterable[Waiter], *, dispatches: int, every: int) -> list[Waiter]:
    """Those who wait, the one to be served next first."""
    return sorted(waiters, key=by_wait if is_longest_waiters_turn(dispatches, every) else by_rank)


def next_in_line(waiters: Iterable[Waiter], *, dispatches: int, every: int) -> Waiter | None:
    """The first of `in_turn`; None where nobody waits."""
    return min(waiters, key=by_wait if is_longest_waiters_turn(dispatches, every) else by_rank, default=None)

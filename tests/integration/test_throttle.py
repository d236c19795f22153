"""Guessing passwords is slowed down, whichever process it goes to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from database.clock import ManualClock
from database.pool import Database
from router.errors import RateLimited
from router.security.sealing import Sealer
from router.security.throttle import SignInThrottle


def throttle_of(database: Database, clock: ManualClock, **more: Any) -> SignInThrottle:
    """Each is as one process."""
    return SignInThrottle(database, clock, Sealer([b"a" * 32], b"l" * 32).lookup_hash, **more)


async def attempts(throttle: SignInThrottle, username: str, address: str, upto: int = 50) -> int:
    """How many attempts pass before one is refused."""
    for number in range(upto):
        try:
            await throttle.count(username, address)
        except RateLimited:
            return number
    return upto


async def test_guessing_is_refused_for_a_while_and_for_the_guesser_only(database: Database, clock: ManualClock) -> None:
    throttle = throttle_of(database, clock, attempts=5, window_seconds=60)
    assert await attempts(throttle, "admin", "10.0.0.1") == 5
    assert await attempts(throttle, "admin", "10.0.0.2", upto=1) == 1
    assert await attempts(throttle, "xiaolin", "10.0.0.1", upto=1) == 1
    with pytest.raises(RateLimited) as refused:
        await throttle.count("admin", "10.0.0.1")
    assert refused.value.details == {"retry_after": 60}
    clock.advance(61)
    assert await attempts(throttle, "admin", "10.0.0.1") == 5


async def test_two_processes_count_together(database: Database, clock: ManualClock) -> None:
    one, other = (throttle_of(database, clock, attempts=5) for _ in range(2))

    tried = await asyncio.gather(*(attempts(each, "admin", "10.0.0.1", upto=5) for each in (one, other)))

    assert sum(tried) == 5


async def test_one_address_cannot_try_all_names(database: Database, clock: ManualClock) -> None:
    throttle = throttle_of(database, clock, attempts=5, attempts_per_address=20)
    passed = sum([await attempts(throttle, f"user{number}", "10.0.0.1", upto=1) for number in range(40)])
    assert passed == 20


async def test_the_right_password_forgives_what_went_before(database: Database, clock: ManualClock) -> None:
    throttle = throttle_of(database, clock, attempts=5, attempts_per_address=10)
    assert await attempts(throttle, "xiaolin", "10.0.0.1", upto=4) == 4
    for _ in range(5):
        assert await attempts(throttle, "admin", "10.0.0.1", upto=3) == 3
        await throttle.forgive("admin", "10.0.0.1")
    assert await attempts(throttle, "admin", "10.0.0.1") == 5
    assert await attempts(throttle, "somebody", "10.0.0.1") == 1, "the others' attempts still count"


async def test_what_no_window_holds_is_taken_away_and_no_name_is_kept(database: Database, clock: ManualClock) -> None:
    throttle = throttle_of(database, clock, window_seconds=60)
    await throttle.count("admin", "10.0.0.1")
    assert await database.fetchval("select count(*) from sign_in_tries where encode(key, 'escape') like '%admin%'") == 0
    assert await database.fetchval("select count(*) from sign_in_tries") == 2

    clock.advance(61)
    await throttle.clean()

    assert await database.fetchval("select count(*) from sign_in_tries") == 0

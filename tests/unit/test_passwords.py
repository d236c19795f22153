"""Passwords are kept as argon2id, compared in equal time, a few at once, and guessing is slowed down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from router.errors import Invalid, RateLimited
from router.security.passwords import Passwords, check_password


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(time_cost=1, memory_kib=1024, parallelism=1, max_waiting=4)
    yield made
    made.close()


async def test_the_right_password_fits_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash("正确的密码 123")
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(stored, "正确的密码 123")
    for wrong in ("", "正确的密码 124", "正确的密码 123 ", "x" * 10_000, "\ud800", "a\0b"):
        assert not await passwords.verify(stored, wrong)


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("same password") != await passwords.hash("same password")


async def test_a_keyboard_that_composes_otherwise_still_signs_in(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("caf\u00e9 olé"), "cafe\u0301 olé")


async def test_an_account_without_a_hash_never_opens(passwords: Passwords) -> None:
    assert not await passwords.verify(None, "the password of nobody")
    assert not await passwords.verify("not a hash", "x")


async def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    slow = Passwords(time_cost=2, memory_kib=16 * 1024, parallelism=1)
    try:
        stored = await slow.hash("password one")
        known = await _fastest(slow, stored)
        unknown = await _fastest(slow, None)
    finally:
        slow.close()
    assert 0.2 < unknown / known < 5  # left out, the comparison would take a thousandth


async def _fastest(passwords: Passwords, stored: str | None) -> float:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        await passwords.verify(stored, "a wrong password")
        took.append(time.perf_counter() - began)
    return min(took)


async def test_old_parameters_are_noticed(passwords: Passwords) -> None:
    stored = await passwords.hash("password one")
    assert not passwords.is_outdated(stored)
    newer = Passwords(time_cost=2, memory_kib=1024, parallelism=1)
    assert newer.is_outdated(stored)
    newer.close()


async def test_too_many_at_once_are_sent_away(passwords: Passwords) -> None:
    outcomes = await asyncio.gather(*(passwords.hash("password one") for _ in range(20)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, RateLimited)]
    assert len(refused) == 16
    assert await passwords.hash("password one")


@pytest.mark.parametrize("weak", ["", "1234567", "x" * 257, "password\0", "password\ud800"])
def test_weak_and_absurd_passwords_are_refused(weak: str) -> None:
    with pytest.raises(Invalid):
        check_password(weak)

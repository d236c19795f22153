"""A sealed field opens in its own place and nowhere else, under every key still configured, and never changed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.customers.contact import normal_email, normal_phone
from router.security.sealing import SealBroken, Sealer, place

ROW = UUID(int=1)
HERE = place("customers", "email", ROW)
SEALER = Sealer([b"a" * 32], b"l" * 32)


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, HERE), HERE) == text


def test_the_same_text_never_looks_the_same_and_shows_nothing() -> None:
    first, second = SEALER.seal("li@example.cn", HERE), SEALER.seal("li@example.cn", HERE)
    assert first != second
    assert b"example" not in first


@pytest.mark.parametrize(
    "elsewhere",
    [place("customers", "phone", ROW), place("customers", "email", UUID(int=2)), place("tickets", "email", ROW), b""],
)
def test_a_field_moved_elsewhere_does_not_open(elsewhere: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal("x", HERE), elsewhere)


def test_every_changed_byte_breaks_the_seal() -> None:
    sealed = SEALER.seal("李雷", HERE)
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(SealBroken):
            SEALER.open(bytes(changed), HERE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            SEALER.open(sealed[:length], HERE)


def test_keys_rotate_a_new_one_in_front_the_old_one_still_opens() -> None:
    old = SEALER.seal("李雷", HERE)
    rotated = Sealer([b"b" * 32, b"a" * 32], b"l" * 32)
    assert rotated.open(old, HERE) == "李雷"
    new = rotated.seal("李雷", HERE)
    assert new[1:5] != old[1:5]
    with pytest.raises(SealBroken):
        SEALER.open(new, HERE)


def test_a_key_of_the_wrong_size_is_refused() -> None:
    for keys in ([], [b"short"], [b"a" * 16]):
        with pytest.raises(ValueError, match="32"):
            Sealer(keys, b"l" * 32)


def test_the_lookup_hash_is_keyed_and_differs_by_purpose() -> None:
    assert SEALER.lookup_hash("1", "email") == SEALER.lookup_hash("1", "email")
    assert SEALER.lookup_hash("1", "email") != SEALER.lookup_hash("1", "phone")
    assert SEALER.lookup_hash("1", "email") != Sealer([b"a" * 32], b"m" * 32).lookup_hash("1", "email")


@pytest.mark.parametrize(
    "written", ["13800001234", "+86 138 0000 1234", "0086-138-0000-1234", "138-0000-1234", "１３８００００１２３４"]
)
def test_one_telephone_number_has_one_spelling(written: str) -> None:
    assert normal_phone(written) == "13800001234"


def test_one_address_has_one_spelling() -> None:
    assert normal_email(" Li@Example.CN ") == normal_email("li@example.cn")

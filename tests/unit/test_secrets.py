"""Keys come from the operator or are made once, readable by their owner only; a bad one stops with one clear line."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from router.security.secrets import SecretUnusable, load_secrets, write_once

GIVEN = base64.b64encode(b"g" * 32).decode()


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "secrets")
    assert load_secrets(tmp_path / "secrets") == first
    assert len({first.token_key, first.lookup_key, *first.sealing_keys}) == 3


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    load_secrets(tmp_path / "secrets")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    files = list((tmp_path / "secrets").iterdir())
    assert sorted(file.name for file in files) == ["lookup", "sealing", "tokens"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_servers_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_secrets(tmp_path / "secrets"), range(16)))
    assert len(set(found)) == 1


def test_given_keys_are_used_and_nothing_is_written(tmp_path: Path) -> None:
    given = load_secrets(tmp_path / "secrets", token_key=GIVEN, sealing_keys=[GIVEN, GIVEN], lookup_key=GIVEN)
    assert given.token_key == b"g" * 32
    assert len(given.sealing_keys) == 2
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize("bad", ["", "short", "AAAA", "not base64 at all!", base64.b64encode(b"x" * 31).decode()])
def test_a_bad_key_is_named_and_not_shown(tmp_path: Path, bad: str) -> None:
    with pytest.raises(SecretUnusable) as refused:
        load_secrets(tmp_path, token_key=bad)
    assert "tokens" in str(refused.value)
    if bad:
        assert bad not in str(refused.value)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    (tmp_path / "sealing").write_text("")
    with pytest.raises(SecretUnusable):
        load_secrets(tmp_path)
    (tmp_path / "sealing").write_bytes(b"\xff\xfe")
    with pytest.raises(SecretUnusable, match="sealing"):
        load_secrets(tmp_path)


def test_a_file_is_written_once_and_completely(tmp_path: Path) -> None:
    assert write_once(tmp_path / "one", "first")
    assert not write_once(tmp_path / "one", "second")
    assert (tmp_path / "one").read_text() == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["one"]


def test_keys_do_not_show(tmp_path: Path) -> None:
    assert "b'" not in repr(load_secrets(tmp_path))

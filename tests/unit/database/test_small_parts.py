"""Ids, clock and the loader of named SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from database.clock import ManualClock, SystemClock
from database.errors import MissingQuery
from database.ids import uuid7
from database.queries import load_queries


def test_ids_are_version_7_unique_and_sort_by_time() -> None:
    made = [uuid7(milliseconds) for milliseconds in range(1_795_000_000_000, 1_795_000_000_200)]
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len({uuid7(1) for _ in range(10_000)}) == 10_000
    assert abs((uuid7().int >> 80) / 1000 - datetime.now(UTC).timestamp()) < 5


def test_a_manual_clock_moves_only_by_hand_and_forward() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    assert (clock.advance(90) - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() == 90
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001
    assert SystemClock().now().utcoffset() is not None


def test_statements_are_found_by_name_beside_the_module(tmp_path: Path) -> None:
    (tmp_path / "queries.sql").write_text(
        "-- About the file.\n\n-- name: first\n-- What it does.\nselect $1; \n\n-- name: second\n-- Other.\n"
        "select 'a'  -- inside\n  from b;\n"
    )
    queries = load_queries(tmp_path / "store.py")
    assert dict(queries) == {"first": "select $1", "second": "select 'a'  -- inside\n  from b"}
    assert load_queries(tmp_path) == queries
    with pytest.raises(MissingQuery, match="no statement named third"):
        queries["third"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-- name: a\nselect 1\n-- name: a\nselect 2", ":3: a stands here twice"),
        ("-- name: a\n-- only words\n", "a has no statement"),
        ("select 1", ":1: a statement without a name"),
        ("-- name: Drop It\nselect 1", ":1: a statement without a name|is not a name"),
        ("-- name: a-b\nselect 1", ":1: 'a-b' is not a name"),
    ],
)
def test_a_malformed_file_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "queries.sql").write_text(text)
    with pytest.raises(MissingQuery, match=fault):
        load_queries(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingQuery, match="no such file"):
        load_queries(tmp_path / "store.py")

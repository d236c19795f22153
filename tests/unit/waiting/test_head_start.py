"""A head start is capped, explained in words, and makes waits grow alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from router.waiting.head_start import HeadStarts, rank, seconds_of

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_HEAD_STARTS = HeadStarts(
    tiers={"free": 0, "enterprise": 600, "strategic": 1200},
    urgency={"high": 300},
    emotion={"angry": 60},
    push_seconds=900,
    cap_seconds=1800,
)


def test_each_reason_is_explained_with_its_seconds() -> None:
    explained = _HEAD_STARTS.explain(tier="enterprise", emotion="angry")
    assert [part["label"] for part in explained] == ["企业版客户 +600 秒", "情绪激动 +60 秒"]
    assert seconds_of(explained) == 660


def test_all_reasons_together_stay_below_the_cap() -> None:
    explained = _HEAD_STARTS.explain(tier="strategic", urgency="high", emotion="angry", pushed=True)
    assert seconds_of(explained) == 1800


def test_nobody_gets_anything_for_nothing() -> None:
    assert _HEAD_STARTS.explain(tier="free") == []
    assert _HEAD_STARTS.explain(tier="made up by a client") == []


def test_nobody_is_overtaken_by_who_joined_later_than_the_difference_of_head_starts() -> None:
    early = rank(_NOW, _HEAD_STARTS.explain(tier="free"))
    late = rank(_NOW + timedelta(seconds=601), _HEAD_STARTS.explain(tier="enterprise"))
    just_before = rank(_NOW + timedelta(seconds=599), _HEAD_STARTS.explain(tier="enterprise"))
    assert just_before < early < late

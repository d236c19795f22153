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
    escalation_seconds=400,
)


def test_each_reason_is_explained_with_its_seconds() -> None:
    explained = _HEAD_STARTS.explain(tier="enterprise", emotion="angry")
    assert [part["label"] for part in explained] == ["企业版客户 +600 秒", "情绪激动 +60 秒"]
    assert [part["label_en"] for part in explained] == ["Enterprise customer +600 s", "Upset +60 s"]
    assert seconds_of(explained) == 660


def test_all_reasons_together_stay_below_the_cap() -> None:
    explained = _HEAD_STARTS.explain(tier="strategic", urgency="high", emotion="angry", pushed=True)
    assert seconds_of(explained) == 1800


def test_a_push_counts_once_and_takes_what_the_cap_has_left() -> None:
    given = _HEAD_STARTS.explain(tier="strategic")
    pushed = _HEAD_STARTS.pushed(given)
    assert [(part["reason"], part["seconds"]) for part in pushed] == [("tier", 1200), ("push", 600)]
    assert _HEAD_STARTS.pushed(pushed) == pushed


def test_an_escalation_is_capped_by_a_figure_of_its_own_and_the_largest_one_counts() -> None:
    raised = _HEAD_STARTS.escalated([], 300)
    assert seconds_of(raised) == 300
    assert seconds_of(_HEAD_STARTS.escalated(raised, 9999)) == 400
    assert seconds_of(_HEAD_STARTS.escalated(_HEAD_STARTS.escalated(raised, 9999), 100)) == 400


def test_what_was_given_is_never_taken_back() -> None:
    urgent = _HEAD_STARTS.felt(_HEAD_STARTS.explain(tier="enterprise"), urgency="high")
    assert seconds_of(urgent) == 900
    assert _HEAD_STARTS.felt(urgent, urgency="normal", emotion="neutral") == urgent


def test_nobody_gets_anything_for_nothing() -> None:
    assert _HEAD_STARTS.explain(tier="free") == []
    assert _HEAD_STARTS.explain(tier="made up by a client") == []


def test_nobody_is_overtaken_by_who_joined_later_than_the_difference_of_head_starts() -> None:
    early = rank(_NOW, _HEAD_STARTS.explain(tier="free"))
    late = rank(_NOW + timedelta(seconds=601), _HEAD_STARTS.explain(tier="enterprise"))
    just_before = rank(_NOW + timedelta(seconds=599), _HEAD_STARTS.explain(tier="enterprise"))
    assert just_before < early < late

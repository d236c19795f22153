"""When a conversation with a human sours, and what it keeps of its topic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot import abuse
from router.conversations.moods import Heard, after, while_human

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _heard(seq: int, anger: float, emotion: str = "neutral", topic: str | None = None, chance: float = 0.0) -> Heard:
    return Heard(seq, emotion, anger, "normal", topic, chance, abusive=False)


def _soured(*angers: float, emotions: dict[int, str] | None = None) -> list[int]:
    """The places of the messages with which the conversation soured."""
    kept: dict[str, Any] | None = None
    found = []
    for seq, anger in enumerate(angers, start=1):
        kept, soured = while_human(kept, _heard(seq, anger, (emotions or {}).get(seq, "neutral")), 0.8, _NOW)
        if soured:
            found.append(seq)
    return found


def test_open_anger_sours_once() -> None:
    assert _soured(0.1, 0.9, 0.95, 0.9) == [2]


def test_anger_that_rises_twice_running_sours_before_it_is_open() -> None:
    assert _soured(0.1, 0.3, 0.5) == [3]
    assert _soured(0.01, 0.1, 0.2) == []  # no anger to speak of
    assert _soured(0.5, 0.3, 0.5) == []


def test_it_can_sour_again_once_the_customer_has_calmed_down() -> None:
    assert _soured(0.9, 0.1, 0.9) == [1]
    assert _soured(0.9, 0.1, 0.1, 0.1, 0.9) == [1, 5]
    assert _soured(0.9, 0.1, 0.9, emotions={2: "happy"}) == [1, 3]


def test_a_message_read_late_changes_nothing() -> None:
    kept, _ = while_human(None, _heard(5, 0.1), 0.8, _NOW)
    assert while_human(kept, _heard(4, 0.95), 0.8, _NOW) == (kept, False)


def test_a_topic_stays_until_a_later_one_is_sure_enough() -> None:
    kept = after(None, _heard(1, 0, topic="故障/甘特图", chance=0.9))
    kept = after(kept, _heard(2, 0))
    kept = after(kept, _heard(3, 0, topic="账单/发票", chance=0.3))
    assert kept["topic"] == "故障/甘特图"
    assert after(kept, _heard(4, 0, topic="账单/发票", chance=0.6))["topic"] == "账单/发票"


@pytest.mark.parametrize("text", ["傻逼软件", "滚！", "what the fuck", "他妈的又崩了"])
def test_swearing_is_heard(text: str) -> None:
    assert abuse.detect(text)


@pytest.mark.parametrize("text", ["怎么上下滚动", "我很生气，请马上处理", "垃圾箱在哪", "缺陷编号 SB12"])
def test_anger_without_swearing_is_no_abuse(text: str) -> None:
    assert not abuse.detect(text)

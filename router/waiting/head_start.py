"""The head start in the line: seconds for tier, urgency, emotion and a push, capped together, each explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

#: The head of the line, before everybody who has a rank of their own.
FIRST = datetime.min.replace(tzinfo=UTC)

_TIER_NAMES = {"free": "免费版", "standard": "标准版", "enterprise": "企业版", "strategic": "战略"}
_URGENCY_NAMES = {"high": "问题紧急", "low": "不着急"}
_EMOTION_NAMES = {"angry": "情绪激动", "anxious": "比较着急"}


@dataclass(frozen=True, slots=True)
class HeadStarts:
    """Seconds by tier, urgency and emotion, and the most that all of them together may give."""

    tiers: Mapping[str, int]
    urgency: Mapping[str, int]
    emotion: Mapping[str, int]
    push_seconds: int
    cap_seconds: int

    def explain(
        self, *, tier: str, urgency: str = "normal", emotion: str = "neutral", pushed: bool = False
    ) -> list[dict[str, Any]]:
        """The breakdown, largest first, as it is stored and shown; a head start of zero is left out."""
        parts = [
            ("tier", self.tiers.get(tier, 0), f"{_TIER_NAMES.get(tier, tier)}客户"),
            ("urgency", self.urgency.get(urgency, 0), _URGENCY_NAMES.get(urgency, urgency)),
            ("emotion", self.emotion.get(emotion, 0), _EMOTION_NAMES.get(emotion, emotion)),
            ("push", self.push_seconds if pushed else 0, "主管提前"),
        ]
        left = self.cap_seconds
        explained: list[dict[str, Any]] = []
        for reason, seconds, name in sorted(parts, key=lambda part: -part[1]):
            seconds = min(seconds, left)
            if seconds > 0:
                left -= seconds
                explained.append({"reason": reason, "seconds": seconds, "label": f"{name} +{seconds} 秒"})
        return explained


def rank(joined_at: datetime, head_start: list[dict[str, Any]]) -> datetime:
    """``rank_at = joined_at − head start``: all waits grow alike, so the order never needs sorting again."""
    return joined_at - timedelta(seconds=seconds_of(head_start))


def seconds_of(head_start: list[dict[str, Any]]) -> int:
    return sum(int(part["seconds"]) for part in head_start)

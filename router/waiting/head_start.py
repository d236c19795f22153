"""The head start in the line: seconds for tier, urgency, emotion, push and escalation, each capped and explained.

What was given once is never taken back: a place in the line does not get worse by what happens while waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

#: One reason as it is stored and shown: {"reason", "seconds", "label", "label_en"}.
Part: TypeAlias = dict[str, Any]

#: In Chinese and in English; a name that is not here stands for itself.
_TIERS = {
    "free": ("免费版客户", "Free customer"),
    "standard": ("标准版客户", "Standard customer"),
    "enterprise": ("企业版客户", "Enterprise customer"),
    "strategic": ("战略客户", "Strategic customer"),
}
_URGENCIES = {"high": ("问题紧急", "Urgent"), "low": ("不着急", "Not urgent")}
_EMOTIONS = {"angry": ("情绪激动", "Upset"), "anxious": ("比较着急", "Anxious")}
_PUSH = ("主管提前", "Moved up by a supervisor")
_ESCALATION = ("超时升级", "Escalated by a clock")


@dataclass(frozen=True, slots=True)
class HeadStarts:
    """Seconds by tier, urgency and emotion, for a push and an escalation, and the most that all together may give."""

    tiers: Mapping[str, int]
    urgency: Mapping[str, int]
    emotion: Mapping[str, int]
    push_seconds: int
    cap_seconds: int
    escalation_seconds: int = 0

    def explain(
        self, *, tier: str, urgency: str = "normal", emotion: str = "neutral", pushed: bool = False
    ) -> list[Part]:
        """The breakdown of somebody who joins, largest first; a head start of zero is left out."""
        parts = [
            self._part("tier", self.tiers.get(tier, 0), _TIERS.get(tier, (f"{tier}客户", f"{tier} customer"))),
            self._urgency(urgency),
            self._emotion(emotion),
            self._part("push", self.push_seconds if pushed else 0, _PUSH),
        ]
        return self._added([], sorted(parts, key=lambda part: -int(part["seconds"])))

    def felt(self, given: Sequence[Part], *, urgency: str = "normal", emotion: str = "neutral") -> list[Part]:
        """The breakdown after a message that was more urgent, or more upset, than what was known."""
        return self._added(given, (self._urgency(urgency), self._emotion(emotion)))

    def pushed(self, given: Sequence[Part]) -> list[Part]:
        """After a supervisor's push; a second one adds nothing."""
        return self._added(given, (self._part("push", self.push_seconds, _PUSH),))

    def escalated(self, given: Sequence[Part], seconds: int) -> list[Part]:
        """After a clock's escalation by so many seconds, at most `escalation_seconds`; the largest one counts."""
        return self._added(given, (self._part("escalation", min(seconds, self.escalation_seconds), _ESCALATION),))

    def _urgency(self, urgency: str) -> Part:
        return self._part("urgency", self.urgency.get(urgency, 0), _URGENCIES.get(urgency, (urgency, urgency)))

    def _emotion(self, emotion: str) -> Part:
        return self._part("emotion", self.emotion.get(emotion, 0), _EMOTIONS.get(emotion, (emotion, emotion)))

    def _part(self, reason: str, seconds: int, names: tuple[str, str]) -> Part:
        return {"reason": reason, "seconds": seconds, "names": names}

    def _added(self, given: Sequence[Part], parts: Iterable[Part]) -> list[Part]:
        """What was given stays; of what is new each gets what the cap has left."""
        found = {part["reason"]: part for part in given}
        for part in parts:
            before = int(found[part["reason"]]["seconds"]) if part["reason"] in found else 0
            left = self.cap_seconds - seconds_of(found.values())
            seconds = min(part["seconds"], before + left)
            if seconds > before:
                chinese, english = part["names"]
                found[part["reason"]] = {
                    "reason": part["reason"],
                    "seconds": seconds,
                    "label": f"{chinese} +{seconds} 秒",
                    "label_en": f"{english} +{seconds} s",
                }
        return sorted(found.values(), key=lambda part: -int(part["seconds"]))


def rank(joined_at: datetime, head_start: Iterable[Part]) -> datetime:
    """``rank_at = joined_at − head start``: all waits grow alike, so the order never needs sorting again."""
    return joined_at - timedelta(seconds=seconds_of(head_start))


def seconds_of(head_start: Iterable[Part]) -> int:
    return sum(int(part["seconds"]) for part in head_start)

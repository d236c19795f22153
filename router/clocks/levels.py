"""Which level a matter has, by the rules of the configuration; pure. L1 is the bot's, so a hand-off is L2 or L3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from router.clocks.settings import LevelRule, LevelSettings
from router.conversations.records import Conversation

HandedLevel = Literal["L2", "L3"]


def classify(
    settings: LevelSettings, *, tier: str | None, topic: str | None, text: str, urgency: str = "normal"
) -> HandedLevel:
    """The level of the first rule that fits; none fits: L2."""
    for rule in settings.rules:
        if _fits(rule, tier, topic, text, urgency):
            return rule.level
    return "L2"


def classify_row(settings: LevelSettings, row: Conversation, signals: Mapping[str, Any] | None = None) -> HandedLevel:
    """The same for a conversation as it stands, by its newest words."""
    known = signals if signals is not None else row.signals or {}
    topic = known.get("topic") or row.topic
    return classify(
        settings, tier=row.tier, topic=topic, text=row.last_text, urgency=str(known.get("urgency", "normal"))
    )


def may_name_an_owner(settings: LevelSettings, tier: str | None) -> bool:
    """Whether a customer of this tier can come to L3 at all."""
    return any(rule.level == "L3" and (not rule.tiers or tier in rule.tiers) for rule in settings.rules)


def _fits(rule: LevelRule, tier: str | None, topic: str | None, text: str, urgency: str) -> bool:
    return (
        (not rule.tiers or tier in rule.tiers)
        and (not rule.topics or _is_among(topic, rule.topics))
        and (not rule.words or any(word.lower() in text.lower() for word in rule.words))
        and (not rule.urgency or urgency in rule.urgency)
    )


def _is_among(topic: str | None, named: tuple[str, ...]) -> bool:
    """A rule names a topic of both levels, or a first level for everything below it."""
    return topic is not None and (topic in named or topic.partition("/")[0] in named)

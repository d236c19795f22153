"""The rules that say a matter's level, and the promises that go with it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from router.clocks.levels import classify, may_name_an_owner
from router.clocks.settings import ClockSettings, Escalation, LevelRule, LevelSettings, Targets, TierTargets

_LEVELS = LevelSettings(
    rules=(
        LevelRule(level="L2", tiers=("free",)),
        LevelRule(level="L3", topics=("建议与投诉",), tiers=("strategic",)),
        LevelRule(level="L3", words=("数据丢失", "Data loss"), urgency=("high",)),
    )
)


@pytest.mark.parametrize(
    ("tier", "topic", "text", "urgency", "level"),
    [
        ("strategic", "建议与投诉/服务投诉", "你们态度不好", "normal", "L3"),  # a first level names all below it
        ("strategic", "故障/任务", "打不开", "high", "L2"),
        ("enterprise", "建议与投诉/服务投诉", "你们态度不好", "normal", "L2"),
        ("enterprise", None, "we had a DATA LOSS", "high", "L3"),
        ("enterprise", None, "数据丢失了", "normal", "L2"),
        ("free", None, "数据丢失了", "high", "L2"),  # the first rule that fits
        (None, None, "", "normal", "L2"),
    ],
)
def test_the_first_rule_that_fits_says_the_level(
    tier: str | None, topic: str | None, text: str, urgency: str, level: str
) -> None:
    assert classify(_LEVELS, tier=tier, topic=topic, text=text, urgency=urgency) == level


def test_who_can_never_come_to_l3_is_not_looked_up() -> None:
    rules = LevelSettings(rules=(LevelRule(level="L3", tiers=("strategic",)),))
    assert may_name_an_owner(rules, "strategic")
    assert not may_name_an_owner(rules, "free")


def test_a_promise_goes_by_level_and_tier() -> None:
    settings = ClockSettings(
        targets={
            "L2": Targets(first_reply=30, next_reply=15, resolution=480),
            "L3": Targets(first_reply=120, next_reply=240, resolution=2400),
        },
        tiers={"strategic": {"L2": TierTargets(first_reply=10)}},
    )
    assert settings.target_seconds("first_reply", "L2", "free") == 1800
    assert settings.target_seconds("first_reply", "L2", "strategic") == 600
    assert settings.target_seconds("next_reply", "L2", "strategic") == 900
    assert settings.target_seconds("first_reply", "L3", "strategic") == 7200
    assert settings.target_seconds("first_reply", "L1", None) == 1800  # the bot's level promises nothing of its own


def test_rules_that_do_or_name_nothing_are_refused() -> None:
    with pytest.raises(ValidationError, match="raises the rank"):
        Escalation(name="nothing")
    with pytest.raises(ValidationError, match="names tiers"):
        LevelRule(level="L3")
    with pytest.raises(ValidationError, match="twice"):
        ClockSettings(escalation=(Escalation(name="a", tell=("owner",)), Escalation(name="a", tell=("owner",))))

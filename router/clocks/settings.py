"""What was promised by when, and what happens when it is late; amounts are minutes in which the desk is open."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from router.sections import Section

Level = Literal["L1", "L2", "L3"]
Kind = Literal["first_reply", "next_reply", "resolution"]
Minutes = Annotated[float, Field(gt=0)]


class Targets(Section):
    """What one level promises."""

    first_reply: Minutes
    next_reply: Minutes
    resolution: Minutes


class TierTargets(Section):
    """What a tier is promised beyond that; what is not named stays as the level has it."""

    first_reply: Minutes | None = None
    next_reply: Minutes | None = None
    resolution: Minutes | None = None


class LiveChat(Section):
    """The desk's own target in live chat: the first human reply, on average."""

    average_seconds: float = Field(default=120.0, gt=0)
    aim_seconds: float = Field(default=60.0, gt=0)


class Rule(Section):
    """One of a list of rules; says only what it names."""

    @model_serializer(mode="wrap")
    def _said(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if value}


class Escalation(Rule):
    """One rule: what is done once, ``after_minutes`` after a breach, about clocks of these kinds, levels and tiers.

    Nothing named: all of them. ``tell``: ``owner``, ``supervisors``, ``on_call``, or the name of an account.
    """

    name: str = Field(min_length=1, max_length=40)
    clocks: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    tiers: tuple[str, ...] = ()
    after_minutes: float = Field(default=0.0, ge=0)
    raise_rank_seconds: int = Field(default=0, ge=0)
    widen_group: bool = False
    tell: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.raise_rank_seconds or self.widen_group or self.tell):
            raise ValueError("name: a rule raises the rank, widens the group or tells somebody")
        return self


class ClockSettings(Section):
    targets: dict[Level, Targets] = {
        "L2": Targets(first_reply=30, next_reply=15, resolution=480),
        "L3": Targets(first_reply=120, next_reply=240, resolution=2400),
    }
    tiers: dict[str, dict[Level, TierTargets]] = {
        "strategic": {"L2": TierTargets(first_reply=15, next_reply=10, resolution=240)},
    }
    warn_at_share: float = Field(default=0.8, gt=0, lt=1)
    live_chat: LiveChat = LiveChat()
    escalation: tuple[Escalation, ...] = (
        Escalation(name="提前排队", clocks=("first_reply",), raise_rank_seconds=600),
        Escalation(name="扩大技能组", clocks=("first_reply",), after_minutes=5, widen_group=True),
        Escalation(name="通知值班", after_minutes=15, tell=("on_call", "supervisors")),
    )

    @model_validator(mode="after")
    def _every_rule_has_a_name_of_its_own(self) -> Self:
        names = [rule.name for rule in self.escalation]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"escalation: {', '.join(twice)} stands here twice")
        if "L2" not in self.targets:
            raise ValueError("targets: L2 is missing")
        return self

    def target_seconds(self, kind: Kind, level: str, tier: str | None) -> float:
        """What is promised; a level without targets of its own has those of L2."""
        known: Level = "L3" if level == "L3" and "L3" in self.targets else "L2"
        own = self.tiers.get(tier or "", {}).get(known)
        minutes: float | None = getattr(own, kind) if own is not None else None
        return 60.0 * (minutes or getattr(self.targets[known], kind))


class LevelRule(Rule):
    """A conversation that fits everything that is named here has this level; words: any of them in the text."""

    level: Literal["L2", "L3"]
    tiers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    urgency: tuple[Literal["high", "normal", "low"], ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.tiers or self.topics or self.words or self.urgency):
            raise ValueError("level: a rule names tiers, topics, words or an urgency")
        return self


class BotLevel(Section):
    """When L1 counts: answered within so long, and confirmed or not asked again."""

    within_minutes: Minutes = 5.0
    not_asked_again_hours: float = Field(default=24.0, gt=0)


class LevelSettings(Section):
    rules: tuple[LevelRule, ...] = (
        LevelRule(level="L3", tiers=("enterprise", "strategic"), topics=("建议与投诉/服务投诉",)),
        LevelRule(
            level="L3",
            tiers=("enterprise", "strategic"),
            words=("数据丢失", "数据丢了", "数据泄露", "解除合同", "终止合同", "退订", "律师函", "起诉"),
        ),
    )
    bot: BotLevel = BotLevel()

"""The settings that may be changed at the desk, all of them; nothing else can be, and no secret stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["chance", "whole", "number", "flag", "text"]


@dataclass(frozen=True, slots=True)
class Key:
    """A setting by its path in config.yaml, and what it may be; the settings themselves check the rest."""

    name: str
    kind: Kind
    low: float | None = None
    high: float | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    def fits(self, value: Any) -> bool:
        """Whether a value that came over the wire is of this kind and within its limits."""
        if self.kind == "flag":
            return isinstance(value, bool)
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= (self.high or 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.kind == "whole" and value != int(value):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


_WEEK_MINUTES = 7 * 24 * 60.0
KEYS: tuple[Key, ...] = (
    Key("bot.answer_at", "chance", 0, 1),
    Key("bot.offer_at", "chance", 0, 1),
    Key("bot.option_at", "chance", 0, 1),
    Key("bot.max_options", "whole", 1, 9),
    Key("bot.misses_before_handoff", "whole", 1, 5),
    Key("bot.handoff_when_angry", "flag"),
    Key("bot.handoff_when_urgent", "flag"),
    *(
        Key(f"clocks.targets.{level}.{kind}", "number", 1, 8 * _WEEK_MINUTES)
        for level in ("L2", "L3")
        for kind in ("first_reply", "next_reply", "resolution")
    ),
    Key("clocks.live_chat.average_seconds", "number", 1, 3600),
    Key("clocks.live_chat.aim_seconds", "number", 1, 3600),
    Key("idle.warn_minutes", "number", 1, 24 * 60),
    Key("idle.close_minutes", "number", 1, 24 * 60),
    Key("idle.bot_minutes", "number", 1, _WEEK_MINUTES),
    Key("ratings.nps_share", "chance", 0, 1),
    Key("ratings.nps_paused", "flag"),
    *(Key(f"privacy.notice.{locale}", "text", high=1000) for locale in ("zh-CN", "zh-TW", "en", "ja", "es")),
)
BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}


def read(settings: Mapping[str, Any], key: Key) -> Any:
    """The value at a key's place; None where the table has no such entry."""
    found: Any = settings
    for part in key.path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def put(settings: dict[str, Any], key: Key, value: Any) -> None:
    """Writes a value at a key's place."""
    inside = settings
    for part in key.path[:-1]:
        inside = inside.setdefault(part, {})
    inside[key.path[-1]] = value

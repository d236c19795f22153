"""What a conversation keeps of its newest messages for agents, and when it has soured; tells nobody, only reckons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.records import Analysis, Language
from bot.signals import Signals
from router.conversations import tongue
from router.conversations.records import Conversation

#: A topic named before gives way to another one that is at least this likely, measured by its own probability.
_FADES = 0.7
#: Anger that has risen twice running sours from this share of the configured probability on.
_RISING = 0.5
#: So many messages without anger in a row, or one happy one, and the conversation may sour anew.
_CALM_MESSAGES = 3


class Topic(Struct, frozen=True):
    """What a conversation seems to be about, both levels, with its probability; None where about nothing."""

    name: str | None
    chance: float


def newer(known: Topic, heard: Topic) -> Topic:
    """The topic after one message more: a new one has to be about as likely as the one before, which fades."""
    faded = known.chance * _FADES
    return heard if heard.name is not None and heard.chance >= faded else Topic(known.name, faded)


def with_topic(known: Mapping[str, Any], topic: Topic) -> dict[str, Any]:
    """Signals of a conversation that is about ``topic``."""
    rest = {name: value for name, value in known.items() if name not in ("topic", "topic_chance")}
    return rest | ({"topic": topic.name, "topic_chance": round(topic.chance, 4)} if topic.name is not None else {})


class Heard(Struct, frozen=True):
    """One message as it was read."""

    seq: int
    emotion: str
    anger: float
    urgency: str
    topic: str | None
    topic_chance: float
    abusive: bool
    #: The language it is written in; None where it does not tell.
    language: Language | None = None

    @classmethod
    def from_analysis(cls, seq: int, analysis: Analysis, language: Language | None = None) -> Heard:
        """A question that the bot has read."""
        return cls(
            seq,
            analysis.emotion,
            analysis.anger,
            analysis.urgency,
            analysis.topic,
            analysis.topic_chance,
            analysis.abusive,
            language,
        )

    @classmethod
    def from_signals(cls, seq: int, signals: Signals, abusive: bool, language: Language | None = None) -> Heard:
        """A message to a human."""
        return cls(
            seq,
            signals.feeling.emotion,
            signals.anger,
            signals.urgency,
            signals.topic,
            signals.topic_chance,
            abusive,
            language,
        )


def after(before: Mapping[str, Any] | None, heard: Heard) -> dict[str, Any]:
    """The conversation's signals with one message more; a message older than the newest one read changes nothing."""
    known = dict(before or {})
    if heard.seq <= known.get("seq", 0):
        return known
    topic = Topic(known.get("topic"), known.get("topic_chance", 0.0))
    known = with_topic(known, newer(topic, Topic(heard.topic, heard.topic_chance)))
    if heard.language is not None:
        known["languages"] = tongue.with_vote(known.get("languages", ()), heard.language)
    return known | {
        "seq": heard.seq,
        "emotion": heard.emotion,
        "urgency": heard.urgency,
        "anger": [*known.get("anger", []), round(heard.anger, 4)][-3:],
        "abusive": heard.abusive,
    }


def while_human(
    before: Mapping[str, Any] | None, heard: Heard, sour_at: float, now: datetime
) -> tuple[dict[str, Any], bool]:
    """The same for a message to a human, and whether the conversation has soured with it.

    It sours when anger reaches `sour_at`, or has risen twice running to half of it at least; then not again until the
    customer has calmed down.
    """
    known = after(before, heard)
    if heard.seq <= (before or {}).get("seq", 0):
        return known, False
    calm = known.get("calm", 0) + 1 if heard.anger < sour_at * _RISING else 0
    known["calm"] = calm
    if known.get("soured_at") and (calm >= _CALM_MESSAGES or heard.emotion == "happy"):
        known["soured_at"] = None
    anger = known["anger"]
    rising = len(anger) == 3 and anger[0] < anger[1] < anger[2] and anger[2] >= sour_at * _RISING
    if known.get("soured_at") or not (heard.anger >= sour_at or rising):
        return known, False
    known["soured_at"] = now.isoformat()
    return known, True


def soured_at(row: Conversation) -> str | None:
    """Since when a conversation counts as soured; None while it does not."""
    found: str | None = (row.signals or {}).get("soured_at")
    return found

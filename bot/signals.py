"""What one message says between its lines: feeling, urgency and topic, each with its probability; decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bot.records import Emotion, Urgency
from bot.settings import SignalSettings
from models.heads.heads import Opinion
from models.heads.labels import NO_TOPIC

#: A wish stands in a clause of its own, before or after the trouble: …，转人工说.
_CLAUSE_ENDS = re.compile("[，。！？、,.!?;；\n]+")
_CLAUSES = 3  # looked at from the front, and as many from the back
_READ = 600  # characters
_REMEMBERED = 2_048  # readings of short texts, some 3 KB each
_SHORT = 200  # characters


class Heads(Protocol):
    """Gives an opinion on each question that it knows; `models.heads.heads.Heads` fits."""

    def read(self, text: str, vector: NDArray[np.float32]) -> Mapping[str, Opinion]: ...
    def read_parts(self, name: str, parts: Sequence[str], vector: NDArray[np.float32]) -> Sequence[Opinion]: ...


class Classifier(Protocol):
    """A model of its own for one question; `models.classifier.TransformersClassifier` fits."""

    async def read(self, text: str) -> Opinion: ...


@dataclass(frozen=True, slots=True)
class Feeling:
    """The likeliest emotion with its probability, and how likely the customer is angry with us and says so."""

    emotion: Emotion
    chance: float
    open_anger: float = 0.0


@dataclass(frozen=True, slots=True)
class Signals:
    """One message as read; `NOTHING` where nobody reads."""

    feeling: Feeling
    urgency: Urgency
    urgency_chance: float
    #: The probability of anger, whatever else is likelier.
    anger: float = 0.0
    #: Both levels, “使用问题/甘特图”; None where it is about nothing or cannot be told.
    topic: str | None = None
    topic_chance: float = 0.0
    #: The probability that a human is wanted, read as a whole, and the highest one of its clauses; None where no head
    #: reads it. Beside them how many of the nearest labelled messages want one.
    wish: float | None = None
    wish_in_part: float = 0.0
    wish_alike: float = 0.0


NOTHING = Signals(Feeling("neutral", 0.0), "normal", 0.0)


class SignalReader:
    """Heads for every question, and in their place a model of its own where one is configured."""

    def __init__(
        self,
        settings: SignalSettings,
        heads: Heads | None = None,
        others: Mapping[str, Classifier] | None = None,
        topics: frozenset[str] | None = None,
    ) -> None:
        """`topics`: those that may be named; None: all that the heads know."""
        self._settings = settings
        self._heads = heads
        self._others = dict(others or {})
        self._topics = topics
        self._remembered: dict[tuple[str, bytes], tuple[Mapping[str, Opinion], float]] = {}

    @property
    def needs_vector(self) -> bool:
        """Whether reading takes the text's vector."""
        return self._heads is not None

    def with_heads(self, heads: Heads) -> SignalReader:
        """The same reader for another encoder's vectors."""
        return SignalReader(self._settings, heads, self._others, self._topics)

    async def read(self, text: str, vector: NDArray[np.float32] | None) -> Signals:
        """The signals of a text; `vector` is its own or that of its question without greeting."""
        opinions: Mapping[str, Opinion] = {}
        wish_in_part = 0.0
        if self._heads is not None and vector is not None and text.strip():
            opinions, wish_in_part = self._heard(self._heads, text, vector)
        for name, model in self._others.items():
            opinions = {**opinions, name: await model.read(text)}
        return replace(self._signals(opinions), wish_in_part=wish_in_part)

    def _heard(self, heads: Heads, text: str, vector: NDArray[np.float32]) -> tuple[Mapping[str, Opinion], float]:
        """The heads' opinions, and the highest chance of a wish in a clause; remembered, for many ask the same."""
        asked = (text, vector.tobytes())
        heard = self._remembered.get(asked)
        if heard is None:
            opinions = heads.read(text, vector)
            parts = [part for part in _CLAUSE_ENDS.split(text[:_READ]) if part.strip()] if "wish" in opinions else []
            some = parts[:_CLAUSES] + parts[_CLAUSES:][-_CLAUSES:] if len(parts) > 1 else []
            in_parts = heads.read_parts("wish", some, vector) if some else ()
            heard = opinions, max((opinion.of("yes") for opinion in in_parts), default=0.0)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            if len(text) <= _SHORT:
                self._remembered[asked] = heard
        return heard

    def _signals(self, opinions: Mapping[str, Opinion]) -> Signals:
        feeling, anger = NOTHING.feeling, 0.0
        if (emotion := opinions.get("emotion")) is not None:
            label, chance = emotion.best
            anger = emotion.of("angry")
            openness = opinions["openness"].of("open") if "openness" in opinions else 1.0
            feeling = Feeling(cast("Emotion", label), chance, anger * openness)
        urgency, urgency_chance = NOTHING.urgency, 0.0
        if (haste := opinions.get("urgency")) is not None:
            label, urgency_chance = haste.best
            urgency = cast("Urgency", label)
        topic, topic_chance = self._topic(opinions.get("topic"))
        wish = opinions.get("wish")
        said, alike = (wish.of("yes"), wish.votes_for("yes")) if wish is not None else (None, 0.0)
        return Signals(feeling, urgency, urgency_chance, anger, topic, topic_chance, said, wish_alike=alike)

    def _topic(self, opinion: Opinion | None) -> tuple[str | None, float]:
        """The likeliest topic that is one, unless nothing is likelier still by far."""
        if opinion is None:
            return None, 0.0
        label, chance = NO_TOPIC, 0.0
        for one, own in zip(opinion.labels, opinion.chances.tolist(), strict=True):
            if own > chance and one != NO_TOPIC and (self._topics is None or one in self._topics):
                label, chance = one, own
        if chance < self._settings.topic_at or opinion.of(NO_TOPIC) > 1 - self._settings.topic_at:
            return None, 0.0
        return label, chance

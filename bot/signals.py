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
from bot.together import Together
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

    def read_all(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Sequence[Mapping[str, Opinion]]: ...
    def read_parts(self, name: str, parts: Sequence[str], vectors: NDArray[np.float32]) -> Sequence[Opinion]: ...


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


#: Opinions by their question, and the highest chance of a wish in a clause.
_Heard = tuple[Mapping[str, Opinion], float]


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
        self._remembered: dict[tuple[str, bytes], _Heard] = {}
        self._hearing = Together(self._hear_all)

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
            asked = (text, vector.tobytes())
            heard = self._remembered.get(asked) or await self._hearing.ask(asked)
            opinions, wish_in_part = heard
        for name, model in self._others.items():
            opinions = {**opinions, name: await model.read(text)}
        return replace(self._signals(opinions), wish_in_part=wish_in_part)

    def _hear_all(self, asked: Sequence[tuple[str, bytes]]) -> list[_Heard]:
        """The heads' opinions, and the highest chance of a wish in a clause; remembered, for many ask the same."""
        heard: dict[int, _Heard] = {}
        for size in {len(vector) for _, vector in asked}:  # with what the encoder says of a topic, and without
            rows = [row for row, (_, vector) in enumerate(asked) if len(vector) == size]
            heard.update(zip(rows, self._hear_alike([asked[row] for row in rows]), strict=True))
        return [heard[row] for row in range(len(asked))]

    def _hear_alike(self, asked: Sequence[tuple[str, bytes]]) -> list[_Heard]:
        assert self._heads is not None
        texts = [text for text, _ in asked]
        vectors = np.stack([np.frombuffer(vector, np.float32) for _, vector in asked])
        opinions = self._heads.read_all(texts, vectors)
        clauses = [(row, clause) for row, text in enumerate(texts) if "wish" in opinions[row] for clause in _some(text)]
        in_parts = [0.0] * len(asked)
        if clauses:
            rows = [row for row, _ in clauses]
            read = self._heads.read_parts("wish", [clause for _, clause in clauses], vectors[rows])
            for row, opinion in zip(rows, read, strict=True):
                in_parts[row] = max(in_parts[row], opinion.of("yes"))
        heard = list(zip(opinions, in_parts, strict=True))
        if len(self._remembered) + len(heard) > _REMEMBERED:
            self._remembered.clear()
        self._remembered.update(one for one in zip(asked, heard, strict=True) if len(one[0][0]) <= _SHORT)
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


def _some(text: str) -> list[str]:
    """Clauses from the front and the back of a text; none of a text that is one clause."""
    parts = [part for part in _CLAUSE_ENDS.split(text[:_READ]) if part.strip()]
    return parts[:_CLAUSES] + parts[_CLAUSES:][-_CLAUSES:] if len(parts) > 1 else []

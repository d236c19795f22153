"""Tunes upper layers so that a text lies nearest to the others of its topic; from remembered states, without
torch, the same numbers every time; refuses where there is nothing to bring together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.upper.descent import Descent, rate_at
from models.upper.layers import Layers, Pass
from models.upper.weights import UpperWeights

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Progress = Callable[[str, int, int], None]  # what is being done, done, total

_READ_TOKENS = 2_000  # so many, with padding, go through the layers together
_MEAN_FOLLOWS = np.float32(0.1)  # so much at each step


class TooLittleToTune(Exception):
    """There are not two topics with texts to bring together."""


@dataclass(frozen=True, slots=True)
class UpperTuning:
    """How much and how carefully; the same for every knowledge base (docs/answering.md says what was tried)."""

    epochs: int = 3
    most_steps: int = 400  # whatever the epochs say: thousands of articles take minutes too
    batch: int = 32
    learning_rate: float = 1e-4
    decay: float = 0.01
    sharpness: float = 20.0  # what cosines are multiplied with
    passage_share: float = 0.2  # of the mates are the topic's answer
    passage_tokens: int = 48  # of an answer; its beginning says what it is about
    seed: int = 1


def tune(
    base: UpperWeights, states: Sequence[Floats], topics: Indices, settings: UpperTuning, progress: Progress,
    *, passages: Sequence[Floats | None] = (),
) -> UpperWeights:  # fmt: skip
    """Copies of `base`, tuned on texts (each as its states, tokens × dimensions) and the topic of each.

    Each step takes texts of different topics, and a mate for each: another text of its topic, now and then its answer
    (`passages`: of each topic, or None). Among all of them each has to find its mate (van den Oord et al. 2018,
    arXiv:1807.03748); cosines are taken around the mean, as the index does. Raises `TooLittleToTune`.
    """
    found = [*states, *(each[: settings.passage_tokens] for each in passages if each is not None)]
    told = [topic for topic, passage in enumerate(passages) if passage is not None]
    mates = _Mates.of(np.asarray(topics, np.int64), np.array(told, np.int64), settings.passage_share)
    batches = list(_batches(mates, settings))
    if not batches:
        raise TooLittleToTune("two topics with several texts are the least to tune layers on")
    layers = Layers(base)
    mean = vectors_of(layers, found, lambda done, total: progress("reading texts", done, total)).mean(axis=0)
    descent = Descent(layers.arrays, settings.decay)
    for step, rows in enumerate(batches):
        passed = Pass(layers, [found[row] for row in rows])
        slopes = _slopes(passed.vectors, mean, settings.sharpness)
        descent.step(passed.back(slopes), settings.learning_rate * rate_at(step, len(batches)))
        mean += _MEAN_FOLLOWS * (passed.vectors.mean(axis=0) - mean)
        progress("tuning", step + 1, len(batches))
    return layers.weights()


def vectors_of(layers: Layers, states: Sequence[Floats], progress: Callable[[int, int], None]) -> Floats:
    """Unit vectors of many texts, alike lengths together, shape (texts, dimensions)."""
    order = sorted(range(len(states)), key=lambda row: len(states[row]))
    found = np.empty((len(states), states[0].shape[1]), np.float32)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(states[order[end]]) <= _READ_TOKENS:
            end += 1
        rows = order[start:end]
        found[rows] = layers.vectors([states[row] for row in rows])
        start = end
        progress(start, len(order))
    return found


@dataclass(frozen=True, slots=True)
class _Mates:
    """What belongs together."""

    topics: Indices  # of each text
    texts: Sequence[Indices]  # of each topic
    passages: Mapping[int, int]  # of each topic that has one, its place behind the texts
    passage_share: float

    @classmethod
    def of(cls, topics: Indices, told: Indices, passage_share: float) -> _Mates:
        """`told`: the topics whose passages follow the texts."""
        texts = [np.flatnonzero(topics == topic) for topic in range(int(topics.max(initial=-1)) + 1)]
        return cls(topics, texts, {int(t): len(topics) + n for n, t in enumerate(told)}, passage_share)

    @property
    def asked(self) -> Indices:
        """Texts that have a mate."""
        return np.array([row for row, t in enumerate(self.topics) if len(self.texts[t]) > 1 or t in self.passages], int)

    def one_of(self, row: int, chance: np.random.Generator) -> int:
        """Something else of the text's topic."""
        topic = int(self.topics[row])
        others = self.texts[topic][self.texts[topic] != row]
        passage = self.passages.get(topic)
        if passage is not None and (len(others) == 0 or chance.random() < self.passage_share):
            return passage
        return int(chance.choice(others))


def _batches(mates: _Mates, settings: UpperTuning) -> Iterator[Indices]:
    """Every text once an epoch, in chance order, as long as there are steps left: texts of different topics, since two
    of one topic would push each other away, and after them their mates."""
    chance = np.random.default_rng(settings.seed)
    left = settings.most_steps
    for _ in range(settings.epochs):
        waiting: list[int] = chance.permutation(mates.asked).tolist()
        while waiting:
            taken: dict[int, int] = {}
            later: list[int] = []
            for row in waiting:
                if len(taken) < settings.batch and int(mates.topics[row]) not in taken:
                    taken[int(mates.topics[row])] = row
                else:
                    later.append(row)
            waiting = later
            if len(taken) > 1 and left > 0:
                left -= 1
                rows = list(taken.values())
                yield np.array([*rows, *(mates.one_of(row, chance) for row in rows)])


def _slopes(vectors: Floats, mean: Floats, sharpness: float) -> Floats:
    """Of the loss by the vectors, the first half texts and the second half their mates."""
    count = len(vectors)
    around = vectors - mean
    lengths = np.maximum(np.linalg.norm(around, axis=1, keepdims=True), np.float32(1e-9))
    around /= lengths
    scores = sharpness * (around @ around.T)
    np.fill_diagonal(scores, -np.inf)  # nobody is its own mate
    pull = np.exp(scores - scores.max(axis=1, keepdims=True))
    pull /= pull.sum(axis=1, keepdims=True)
    pull[np.arange(count), (np.arange(count) + count // 2) % count] -= 1
    slopes = ((pull + pull.T) * np.float32(sharpness / count)) @ around
    slopes -= around * (slopes * around).sum(axis=1, keepdims=True)
    return np.asarray(slopes / lengths, np.float32)

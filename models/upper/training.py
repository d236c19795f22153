"""Tunes upper layers so that a text lies nearest to the others of its topic; from remembered states, without
torch, the same numbers every time; refuses where there is nothing to bring together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    seed: int = 1


def tune(
    base: UpperWeights, states: Sequence[Floats], topics: Indices, settings: UpperTuning, progress: Progress
) -> UpperWeights:
    """Copies of `base`, tuned on texts (each as its states, tokens × dimensions) and the topic of each.

    Each step takes texts of different topics, and a mate for each: another text of its topic. Among all of them each
    has to find its mate (van den Oord et al. 2018, arXiv:1807.03748); cosines are taken around the mean, as the index
    does. Raises `TooLittleToTune`.
    """
    batches = list(_batches(np.asarray(topics, np.int64), settings))
    if not batches:
        raise TooLittleToTune("two topics with several texts are the least to tune layers on")
    layers = Layers(base)
    mean = vectors_of(layers, states, lambda done, total: progress("reading texts", done, total)).mean(axis=0)
    descent = Descent(layers.arrays, settings.decay)
    for step, rows in enumerate(batches):
        passed = Pass(layers, [states[row] for row in rows])
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


def _batches(topics: Indices, settings: UpperTuning) -> Iterator[Indices]:
    """Every text that has a mate once an epoch, in chance order, as long as there are steps left: texts of different
    topics, since two of one topic would push each other away, and after them their mates."""
    chance = np.random.default_rng(settings.seed)
    texts = [np.flatnonzero(topics == topic) for topic in range(int(topics.max(initial=-1)) + 1)]
    asked = np.array([row for row, topic in enumerate(topics) if len(texts[topic]) > 1], np.int64)
    left = settings.most_steps
    for _ in range(settings.epochs):
        waiting: list[int] = chance.permutation(asked).tolist()
        while waiting:
            taken: dict[int, int] = {}
            later: list[int] = []
            for row in waiting:
                if len(taken) < settings.batch and int(topics[row]) not in taken:
                    taken[int(topics[row])] = row
                else:
                    later.append(row)
            waiting = later
            if len(taken) > 1 and left > 0:
                left -= 1
                mates = [chance.choice(texts[topic][texts[topic] != row]) for topic, row in taken.items()]
                yield np.array([*taken.values(), *mates])


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

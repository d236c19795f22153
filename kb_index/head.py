"""A softmax head over whitened vectors, fitted on a knowledge base's own texts: which topic a question is about, told
from what sets the topics apart; says nothing where topics have one text each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.topics import Indices

Vectors = NDArray[np.float32]
_Loss = Callable[[Vectors], tuple[float, Vectors]]

_PULL = 0.03  # towards zero
_STEPS = 20
_MOST_PAIRS = 20_000_000  # texts × topics; beyond, fitting would take longer than encoding, and it stays silent
_REMEMBERED = 8  # steps that the curvature is guessed from
_HALVINGS = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The softmax of `weights · whitened + biases`, one a topic."""

    weights: Vectors  # (topics, dimensions)
    biases: Vectors  # (topics,)

    @classmethod
    def silent(cls, topics: int, dimensions: int) -> Head:
        """No word on any topic."""
        return cls(np.zeros((topics, dimensions), np.float32), np.zeros(topics, np.float32))

    def of(self, whitened: Vectors) -> Vectors:
        """For vectors of shape (…, dimensions) the log share of each topic, shape (…, topics); 0 where it is silent."""
        if not (self.biases.any() or self.weights.any()):
            return np.zeros((*whitened.shape[:-1], len(self.weights)), np.float32)
        scores = whitened @ self.weights.T + self.biases
        scores -= scores.max(axis=-1, keepdims=True)
        return np.asarray(scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)), np.float32)


def fit_head(whitened: Vectors, topics: Indices, topic_count: int) -> Head:
    """Multinomial logistic regression (L2) by L-BFGS (Nocedal 1980), from texts and the topics they belong to."""
    if len(whitened) * topic_count > _MOST_PAIRS:
        return Head.silent(topic_count, whitened.shape[1])
    dimensions = whitened.shape[1]
    inputs = np.concatenate([whitened, np.ones((len(whitened), 1), np.float32)], axis=1)
    start = np.zeros((topic_count, dimensions + 1), np.float32)
    pull = np.full(dimensions + 1, _PULL, np.float32)
    pull[-1] = _PULL / 30
    told_apart = _from_all(inputs, topics)

    def loss(weights: Vectors) -> tuple[float, Vectors]:
        value, gradient = told_apart(weights)
        pulled = np.asarray(gradient + pull * weights, np.float32)
        return value + float((pull * weights * weights).sum()) / 2, pulled

    found = _descend(loss, start)
    return Head(np.ascontiguousarray(found[:, :-1]), np.ascontiguousarray(found[:, -1]))


def _from_all(inputs: Vectors, topics: Indices) -> _Loss:
    rows = np.arange(len(inputs))

    def loss(weights: Vectors) -> tuple[float, Vectors]:
        value, shares = _surprise(inputs @ weights.T, rows, topics)
        return value, np.asarray(shares.T @ inputs, np.float32)

    return loss


def _surprise(scores: Vectors, rows: Indices, own: Indices) -> tuple[float, Vectors]:
    """Negative log likelihood of the own topics, and its gradient by the scores."""
    scores = scores - scores.max(axis=1, keepdims=True)
    odds = np.exp(scores)
    total = odds.sum(axis=1, keepdims=True)
    value = float((np.log(total[:, 0]) - scores[rows, own]).sum())
    shares = odds / total
    shares[rows, own] -= 1
    return value, shares


def _descend(loss: _Loss, weights: Vectors) -> Vectors:
    value, gradient = loss(weights)
    past: list[tuple[Vectors, Vectors, float]] = []
    for _ in range(_STEPS):
        direction = _direction(gradient, past)
        slope = float(np.vdot(gradient, direction))
        size = 1.0
        for _ in range(_HALVINGS):
            moved = weights - np.float32(size) * direction
            new_value, new_gradient = loss(moved)
            if new_value <= value - 1e-4 * size * slope:
                break
            size /= 2
        else:
            break
        step, turned = moved - weights, new_gradient - gradient
        bend = float(np.vdot(step, turned))
        if bend > 1e-10:
            past = [*past, (step, turned, 1 / bend)][-_REMEMBERED:]
        weights, value, gradient = moved, new_value, new_gradient
    return weights


def _direction(gradient: Vectors, past: list[tuple[Vectors, Vectors, float]]) -> Vectors:
    """The two-loop recursion; along the gradient while nothing is known."""
    if not past:
        return gradient / np.float32(max(float(np.linalg.norm(gradient)), 1e-9))
    direction = gradient.copy()
    shares: list[float] = []
    for step, turned, inverse in reversed(past):
        shares.append(inverse * float(np.vdot(step, direction)))
        direction -= np.float32(shares[-1]) * turned
    step, turned, inverse = past[-1]
    direction *= np.float32(1 / (inverse * float(np.vdot(turned, turned))))
    for (step, turned, inverse), share in zip(past, reversed(shares), strict=True):
        direction += np.float32(share - inverse * float(np.vdot(turned, direction))) * step
    return direction

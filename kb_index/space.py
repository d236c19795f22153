"""Vectors made comparable: centred, so that a cosine says something, and whitened, so that what all questions share
says nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb_index.topics import Indices, Layout

Vectors = NDArray[np.float32]

_SHRINKAGE = 0.03  # of the total variance, added to every direction before whitening: small sets have noisy directions
_FIRM = 30.0  # texts that weigh as much as everything from elsewhere


class Space:
    """The geometry of one knowledge base, derived from its own vectors alone."""

    def __init__(self, texts: Vectors, passages: Vectors, elsewhere: Vectors) -> None:
        """`elsewhere`: sentences about anything, which stand for language as such while there are few texts."""
        share = _FIRM / (_FIRM + len(texts)) if len(elsewhere) else 0.0
        self.mean: Vectors = _mean(texts, elsewhere, share)
        told = len(passages) / (_FIRM + len(passages))
        self.passage_mean: Vectors = _mean(self.mean[None], passages, told) if len(passages) else self.mean
        spread = (1 - share) * _spread(texts - self.mean) + share * _spread(elsewhere - self.mean)
        variances, directions = np.linalg.eigh(spread)
        variances = np.maximum(variances, 0)
        scale = 1 / np.sqrt(variances + _SHRINKAGE * max(variances.sum(), 1e-9))
        self._whitening = (directions * scale).astype(np.float32)

    def centred(self, vectors: Vectors) -> Vectors:
        """Unit vectors around the mean of all texts, shape as given."""
        return unit(vectors - self.mean)

    def whitened(self, vectors: Vectors) -> Vectors:
        """Unit vectors in which frequent directions count less."""
        return unit(np.asarray((vectors - self.mean) @ self._whitening, np.float32))

    def whitened_passages(self, vectors: Vectors) -> Vectors:
        """The same for answers, which have a mean of their own."""
        return unit(np.asarray((vectors - self.passage_mean) @ self._whitening, np.float32))


def _mean(first: Vectors, second: Vectors, share: float) -> Vectors:
    """The mean of two sets, so much of it the second's."""
    means = [part.mean(axis=0) if len(part) else np.zeros(part.shape[1], np.float32) for part in (first, second)]
    if len(first) == 0:
        share = 1.0
    return np.asarray((1 - share) * means[0] + share * means[1], np.float32)


def _spread(centred: Vectors) -> NDArray[np.float64]:
    """Second moments, shape (dimensions, dimensions)."""
    return np.asarray(centred.T @ centred / max(len(centred), 1), np.float64)


def unit(vectors: Vectors) -> Vectors:
    """Length one along the last axis; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def topic_sums(whitened: Vectors, layout: Layout) -> Vectors:
    """The sum of each topic's whitened texts; its direction stands for the topic."""
    if layout.topic_count == 0:
        return np.zeros((0, whitened.shape[1]), np.float32)
    return np.add.reduceat(whitened, layout.text_starts[:-1], axis=0)


def best_of(values: NDArray[np.float32], starts: Indices) -> NDArray[np.float32]:
    """The largest value of each run along the last axis; `starts` holds the first index of each run."""
    if len(starts) == 0:
        return np.zeros((*values.shape[:-1], 0), np.float32)
    return np.maximum.reduceat(values, starts, axis=-1)

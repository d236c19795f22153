"""What the labelled messages nearest in meaning are about, as votes: where a few alike lines say more than any weight.

Knows no spelling. Kernel regression over whitened vectors (Nadaraya 1964, Watson 1964).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Chosen on questions/dev, where 96 to 384 directions and shares of 0.4 to 0.6 differ little.
_DIRECTIONS = 128
_SHRINKAGE = 0.005  # of the whole variance, added to each direction's before whitening
_WIDTH = 0.05  # likeness is a cosine: twenty times less vote for every 0.15 less
_SHARE = 0.5  # of the votes in the final word
_LEAST = 1e-4  # the chance of a label for which nobody votes


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`mean` (dimensions,), `directions` (dimensions, k), `anchors` unit rows (n, k), `labels` (n,) below `classes`."""

    mean: Floats
    directions: Floats
    anchors: Floats
    labels: NDArray[np.int64]
    classes: int

    @classmethod
    def among(cls, vectors: Floats, labels: NDArray[np.int64], classes: int) -> Neighbours:
        """The labelled vectors (n, dimensions), made comparable."""
        mean = vectors.mean(axis=0)
        centred = np.asarray(vectors - mean, np.float32)
        variances, axes = np.linalg.eigh(np.asarray(centred.T @ centred / len(centred), np.float64))
        variances = np.maximum(variances, 0)
        scale = 1 / np.sqrt(variances + _SHRINKAGE * max(float(variances.sum()), 1e-9))
        directions = np.asarray((axes * scale)[:, -_DIRECTIONS:], np.float32)
        turned = np.asarray(centred @ directions, np.float32)
        return cls(mean, directions, _unit(turned), labels, classes)

    def votes(self, vector: Floats) -> Floats:
        """The share of the votes that each label gets, shape (classes,)."""
        likeness = self.anchors @ _unit(np.asarray((vector - self.mean) @ self.directions, np.float32))
        shares = np.exp((likeness - likeness.max()) / _WIDTH)
        return np.asarray(np.bincount(self.labels, shares, self.classes) / shares.sum(), np.float32)

    def weigh(self, logits: Floats, vector: Floats) -> Floats:
        """Logits of a head over the same labels, joined with the votes."""
        highest = logits.max()
        own = logits - highest - np.log(np.exp(logits - highest).sum())
        return np.asarray((1 - _SHARE) * own + _SHARE * np.log(self.votes(vector) + _LEAST), np.float32)

    def weigh_all(self, logits: Floats, vectors: Sequence[Floats] | Floats) -> Floats:
        """The same for many, row by row."""
        return np.stack([self.weigh(row, vector) for row, vector in zip(logits, vectors, strict=True)])


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)

"""What the labelled messages nearest in meaning say, as votes: where a few alike lines say more than any weight.

Knows no spelling. Kernel regression over whitened vectors (Nadaraya 1964, Watson 1964).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

# Chosen by cross-validation and on questions/dev, where 96 to 384 directions and shares of 0.3 to 0.6 differ little.
_DIRECTIONS = 128
_SHRINKAGE = 0.005  # of the whole variance, added to each direction's before whitening
_WIDTH = 0.05  # likeness is a cosine: twenty times less vote for every 0.15 less
_REACH = 8 * _WIDTH  # who is less alike than the nearest by so much has no vote
_SHARE = 0.4  # of the votes in the final word
_KIN_SHARE = 0.3  # of these, what each kind of kinship says: all that is 故障, all that is about 甘特图
_LEAST = 1e-4  # the chance of a label for which nobody votes


@dataclass(frozen=True, slots=True)
class Voters:
    """Who votes on one question: the places of their rows among the anchors, and the label of each."""

    rows: Indices
    labels: Indices
    classes: int

    @classmethod
    def of(cls, labels: Indices, classes: int) -> Voters:
        """`labels` of all anchors, negative for those that have none."""
        rows = np.flatnonzero(labels >= 0)
        return cls(rows, labels[rows], classes)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`mean` (dimensions,), `directions` (dimensions, k), `anchors` unit rows (n, k), the voters by question."""

    mean: Floats
    directions: Floats
    anchors: Floats
    voters: Mapping[str, Voters]

    @classmethod
    def among(cls, vectors: Floats, voters: Mapping[str, Voters]) -> Neighbours:
        """The labelled vectors (n, dimensions), made comparable."""
        mean = vectors.mean(axis=0)
        centred = np.asarray(vectors - mean, np.float32)
        variances, axes = np.linalg.eigh(np.asarray(centred.T @ centred / len(centred), np.float64))
        variances = np.maximum(variances, 0)
        scale = 1 / np.sqrt(variances + _SHRINKAGE * max(float(variances.sum()), 1e-9))
        directions = np.asarray((axes * scale)[:, -_DIRECTIONS:], np.float32)
        turned = np.asarray(centred @ directions, np.float32)
        return cls(mean, directions, _unit(turned), voters)

    def votes(self, vector: Floats) -> dict[str, Floats]:
        """For each question the share of the votes that each label gets, shape (classes,)."""
        likeness = self.anchors @ _unit(np.asarray((vector - self.mean) @ self.directions, np.float32))
        return {name: _share(likeness, voters) for name, voters in self.voters.items()}


def joined(logits: Floats, votes: Floats, kin: Sequence[Indices] = ()) -> Floats:
    """Logits of a head over the same labels, joined with the votes; `kin`: families of labels, each a number for every
    label, whose votes count together too."""
    highest = logits.max()
    own = logits - highest - np.log(np.exp(logits - highest).sum())
    said = (1 - _KIN_SHARE * len(kin)) * np.log(votes + _LEAST)
    for family in kin:
        said = said + _KIN_SHARE * np.log(np.bincount(family, votes)[family] + _LEAST)
    return np.asarray((1 - _SHARE) * own + _SHARE * said, np.float32)


def _share(likeness: Floats, voters: Voters) -> Floats:
    own = likeness if len(voters.rows) == len(likeness) else likeness[voters.rows]
    best = own.max()
    near = np.flatnonzero(own > best - _REACH)
    shares = np.exp((own[near] - best) / _WIDTH)
    return np.asarray(np.bincount(voters.labels[near], shares, voters.classes) / shares.sum(), np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)

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

    def votes(self, vectors: Floats) -> dict[str, Floats]:
        """For each question the share of the votes that each label gets, shape (…, classes), for vectors of shape
        (…, dimensions)."""
        turned = _unit(np.asarray((vectors - self.mean) @ self.directions, np.float32))
        likeness = np.atleast_2d(turned) @ self.anchors.T
        return {
            name: _shares(likeness, voters).reshape(*vectors.shape[:-1], voters.classes)
            for name, voters in self.voters.items()
        }


def joined(logits: Floats, votes: Floats, kin: Sequence[Indices] = ()) -> Floats:
    """Logits of a head over the same labels, joined with the votes, shapes (…, labels); `kin`: families of labels, each
    a number for every label, whose votes count together too."""
    highest = logits.max(axis=-1, keepdims=True)
    own = logits - highest - np.log(np.exp(logits - highest).sum(axis=-1, keepdims=True))
    said = (1 - _KIN_SHARE * len(kin)) * np.log(votes + _LEAST)
    for family in kin:
        members = np.eye(int(family.max()) + 1, dtype=np.float32)[family]
        said = said + _KIN_SHARE * np.log(votes @ members @ members.T + _LEAST)
    return np.asarray((1 - _SHARE) * own + _SHARE * said, np.float32)


def _shares(likeness: Floats, voters: Voters) -> Floats:
    """For rows of likeness to every anchor."""
    first, end = int(voters.rows[0]), int(voters.rows[-1]) + 1
    own = likeness[:, first:end] if end - first == len(voters.rows) else likeness[:, voters.rows]
    best = own.max(axis=1)
    rows, near = np.divmod(np.flatnonzero(own > (best - _REACH)[:, None]), own.shape[1])
    weights = np.exp((own[rows, near] - best[rows]) / _WIDTH)
    cells = rows * voters.classes + voters.labels[near]
    counted = np.bincount(cells, weights, len(own) * voters.classes).reshape(len(own), voters.classes)
    return np.asarray(counted / counted.sum(axis=1, keepdims=True), np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)

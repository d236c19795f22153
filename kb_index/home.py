"""What a knowledge base is about, told from sentences about anything: one logistic model over vectors; knows no
topic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.head import fit_head

Vectors = NDArray[np.float32]

_LEAST_TEXTS = 30  # below, nothing is said
_MOST_TEXTS = 5_000  # texts learnt from; more change nothing but the time
_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Home:
    """Weights and, last, the bias."""

    weights: Vectors

    def of(self, centred: Vectors) -> Vectors:
        """Log odds that vectors of shape (…, dimensions) are about this knowledge base, shape (…,)."""
        return np.asarray(centred @ self.weights[:-1] + self.weights[-1], np.float32)


def fit_home(texts: Vectors, elsewhere: Vectors) -> Home:
    """From centred texts of the knowledge base and centred sentences from elsewhere."""
    if _too_few(texts, elsewhere):
        return Home(np.zeros(texts.shape[1] + 1, np.float32))
    return _fitted(texts, elsewhere)


def _too_few(texts: Vectors, elsewhere: Vectors) -> bool:
    return min(len(texts), len(elsewhere)) < _LEAST_TEXTS


def _fitted(texts: Vectors, elsewhere: Vectors) -> Home:
    texts = texts[:: -(-len(texts) // _MOST_TEXTS)]
    sides = np.repeat([1, 0], [len(texts), len(elsewhere)])
    head = fit_head(np.concatenate([texts, elsewhere]), sides, 2)
    weights = np.append(head.weights[1] - head.weights[0], head.biases[1] - head.biases[0])
    return Home(weights.astype(np.float32))


def held_out_homes(texts: Vectors, elsewhere: Vectors) -> tuple[Vectors, Vectors]:
    """What models that have not seen them say about each text and each sentence from elsewhere."""
    said = np.zeros(len(texts), np.float32), np.zeros(len(elsewhere), np.float32)
    for fold in range(0 if _too_few(texts, elsewhere) else _FOLDS):
        seen = [np.arange(len(vectors)) % _FOLDS != fold for vectors in (texts, elsewhere)]
        home = _fitted(texts[seen[0]], elsewhere[seen[1]])
        for side, vectors, kept in zip(said, (texts, elsewhere), seen, strict=True):
            side[~kept] = home.of(vectors[~kept])
    return said

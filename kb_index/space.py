"""Vectors made comparable: centred, each language by itself, so that a cosine says something, and whitened, so that
what all questions share says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.languages import LANGUAGES, Shares, languages_of
from kb_index.topics import Indices, Layout

Vectors = NDArray[np.float32]

_SHRINKAGE = 0.03  # of the total variance, added to every direction before whitening: small sets have noisy directions
_FIRM = 30.0  # texts that weigh as much as everything from elsewhere
_FIRM_LANGUAGE = 5.0  # texts in a language that say as much about its place as having none


@dataclass(frozen=True, slots=True)
class Written:
    """Vectors and the shares of languages of the texts they stand for, shapes (n, dimensions) and (n, languages)."""

    vectors: Vectors
    languages: Shares

    @classmethod
    def of(cls, vectors: Vectors, texts: Sequence[str]) -> Written:
        """The texts' languages, looked at now."""
        return cls(vectors, languages_of(texts))


class Space:
    """The geometry of one knowledge base, derived from its own vectors alone."""

    def __init__(self, texts: Written, passages: Written, elsewhere: Written) -> None:
        """`elsewhere`: sentences about anything, which stand for language as such while there are few texts."""
        share = _FIRM / (_FIRM + len(texts.vectors)) if len(elsewhere.vectors) else 0.0
        self._large: Vectors = _mean(elsewhere.vectors, texts.vectors, 0.0 if len(elsewhere.vectors) else 1.0)
        self.mean: Vectors = _mean(texts.vectors, elsewhere.vectors, share)
        told = len(passages.vectors) / (_FIRM + len(passages.vectors))
        self.passage_mean: Vectors = _mean(self.mean[None], passages.vectors, told) if told else self.mean
        nowhere = np.zeros((len(LANGUAGES), texts.vectors.shape[1]), np.float32)
        self._offsets = _offsets(_offsets(nowhere, elsewhere, self.mean), texts, self.mean)
        self._large_offsets = _offsets(nowhere, elsewhere, self._large)
        self._passage_offsets = _offsets(self._offsets, passages, self.passage_mean)
        spread = (1 - share) * _spread(self._around(texts)) + share * _spread(self._around(elsewhere))
        variances, directions = np.linalg.eigh(spread)
        variances = np.maximum(variances, 0)
        scale = 1 / np.sqrt(variances + _SHRINKAGE * max(variances.sum(), 1e-9))
        self._whitening = (directions * scale).astype(np.float32)

    def centred(self, written: Written) -> Vectors:
        """Unit vectors around the mean of all texts in their language, shape as given."""
        return unit(self._around(written))

    def both(self, written: Written) -> tuple[Vectors, Vectors]:
        """Centred and whitened."""
        around = self._around(written)
        return unit(around), unit(np.asarray(around @ self._whitening, np.float32))

    def at_large(self, written: Written) -> Vectors:
        """Unit vectors around the mean of sentences from elsewhere: what all texts here share still says something."""
        return unit(written.vectors - self._large - written.languages @ self._large_offsets)

    def whitened(self, written: Written) -> Vectors:
        """Unit vectors in which frequent directions count less."""
        return unit(np.asarray(self._around(written) @ self._whitening, np.float32))

    def whitened_passages(self, written: Written) -> Vectors:
        """The same for answers, which have means of their own."""
        around = written.vectors - self.passage_mean - written.languages @ self._passage_offsets
        return unit(np.asarray(around @ self._whitening, np.float32))

    def _around(self, written: Written) -> Vectors:
        return np.asarray(written.vectors - self.mean - written.languages @ self._offsets, np.float32)


def _offsets(before: Vectors, written: Written, mean: Vectors) -> Vectors:
    """Where each language lies from the mean: these texts, pulled towards what was known before."""
    seen = written.languages.sum(axis=0)[:, None]
    total = written.languages.T @ (written.vectors - mean)
    return np.asarray((total + _FIRM_LANGUAGE * before) / (seen + _FIRM_LANGUAGE), np.float32)


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
    lengths = np.sqrt(np.square(vectors).sum(axis=-1, keepdims=True))
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

"""The measures of an evaluation, from ranks, confidences and outcomes; plain arithmetic, no files."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]
Interval = tuple[float, float]

_BINS = 10
_RESAMPLES = 1_000
_SEED = 20261122
_LEVEL = 0.95


def recall_at(places: Sequence[int | None], depth: int) -> float:
    """Share of questions whose article is among the first `depth`; a place counts from 0, None: not found."""
    return float(np.mean([place is not None and place < depth for place in places])) if places else 0.0


def mean_reciprocal_rank(places: Sequence[int | None]) -> float:
    """Mean of 1 / rank over the ten candidates; 0 where the article is not among them."""
    return float(np.mean([0.0 if place is None else 1 / (place + 1) for place in places])) if places else 0.0


def auroc(inside: Floats, outside: Floats) -> float | None:
    """Chance that a question in scope has the higher confidence than one out of scope, ties half; None without both."""
    if len(inside) == 0 or len(outside) == 0:
        return None
    values = np.concatenate([inside, outside])
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    means = np.bincount(group, ranks) / sizes
    total = means[group][: len(inside)].sum()
    return float((total - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside)))


def right_at_precision(confidence: Floats, right: Flags, in_scope: int, precision: float) -> tuple[float, float | None]:
    """The most right answers, as a share of the questions in scope, that a single threshold can give while at least
    `precision` of what is answered is right; and that threshold (None: no threshold does)."""
    if in_scope == 0 or len(confidence) == 0:
        return 0.0, None
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence, given = confidence[order], np.cumsum(right[order])
    ends = np.append(np.flatnonzero(np.diff(sorted_confidence)), len(order) - 1)  # equal confidences stand together
    good = ends[given[ends] / (ends + 1) >= precision]
    if len(good) == 0:
        return 0.0, None
    return float(given[good[-1]] / in_scope), float(sorted_confidence[good[-1]])


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one tenth of the scale."""

    low: float
    high: float
    count: int
    confidence: float  # mean
    right: float  # share


def reliability(confidence: Floats, right: Flags) -> list[Bin]:
    """Ten bins of equal width, those without questions left out."""
    bins = _bins(confidence)
    found = []
    for number in np.unique(bins):
        here = bins == number
        found.append(
            Bin(
                number / _BINS,
                (number + 1) / _BINS,
                int(here.sum()),
                float(confidence[here].mean()),
                float(right[here].mean()),
            )
        )
    return found


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Expected calibration error over ten bins of equal width."""
    if len(confidence) == 0:
        return 0.0
    return float(np.abs(np.bincount(_bins(confidence), confidence - right)).sum() / len(confidence))


def calibration_error_interval(confidence: Floats, right: Flags) -> Interval | None:
    """Where the calibration error of so many other questions of the kind would lie 95 times in 100."""
    return bootstrap(len(confidence), lambda drawn: calibration_error(confidence[drawn], right[drawn]))


def bootstrap(count: int, measure: Callable[[Indices], float | None]) -> Interval | None:
    """The percentile interval of a measure over 1,000 resamples of `count` cases, drawn the same each time.

    `measure` gets the drawn cases' numbers; what it cannot say (None) is left out. None: nothing could be said.
    """
    if count == 0:
        return None
    chance = np.random.default_rng(_SEED)
    drawn = (measure(chance.integers(0, count, count)) for _ in range(_RESAMPLES))
    values = [value for value in drawn if value is not None]
    if not values:
        return None
    low, high = np.quantile(values, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """How one class was hit and missed."""

    hits: int
    given: int  # times the class was given
    there: int  # times it was right

    @property
    def precision(self) -> float | None:
        """Of what was given, how much is right; None where it was never given."""
        return self.hits / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Of what is there, how much was found; None where nothing is."""
        return self.hits / self.there if self.there else None

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 0 where neither holds anything."""
        return 2 * self.hits / (self.given + self.there) if self.given + self.there else 0.0


def class_counts(labels: Indices, found: Indices, classes: int) -> list[ClassCounts]:
    """For each class, both arrays holding class numbers below `classes`."""
    hits = np.bincount(labels[labels == found], minlength=classes)
    given, there = np.bincount(found, minlength=classes), np.bincount(labels, minlength=classes)
    return [ClassCounts(int(hits[n]), int(given[n]), int(there[n])) for n in range(classes)]


def macro_f1(counts: Sequence[ClassCounts]) -> float:
    """The plain mean of F1 over the classes that are there or were given."""
    scores = [one.f1 for one in counts if one.given + one.there]
    return float(np.mean(scores)) if scores else 0.0


def sign_test(lost: int, gained: int) -> float:
    """The chance that at least `lost` of all changes go the wrong way where both ways are alike (exact, one-sided).

    Small: the loss is hardly noise. 1 where nothing changed.
    """
    changes = lost + gained
    ways: int = sum(math.comb(changes, n) for n in range(lost, changes + 1))
    return float(ways / 2**changes)


def _bins(confidence: Floats) -> Indices:
    return np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)

"""The measures of an evaluation, from ranks, confidences and outcomes; plain arithmetic, no files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_BINS = 10


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


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Expected calibration error over ten bins of equal width."""
    if len(confidence) == 0:
        return 0.0
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in np.unique(bins):
        here = bins == number
        error += abs(float(confidence[here].mean()) - float(right[here].mean())) * float(here.mean())
    return error

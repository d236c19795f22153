"""Multinomial logistic regression over dense and sparse features; knows no texts, needs SciPy, and never serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize, minimize_scalar

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_STEPS = 100
_SETTLED = 3e-5  # of the loss: what comes after changes no answer
_BIAS_PULL = 0.1
_FEW = 20  # examples


@dataclass(frozen=True, slots=True)
class Table:
    """Examples in rows: `dense` (examples, d), `counts` a sparse matrix (examples, v); weights come in that order."""

    dense: NDArray[np.float32]
    counts: sparse.csr_matrix

    @property
    def width(self) -> int:
        return int(self.dense.shape[1] + self.counts.shape[1])

    def __len__(self) -> int:
        return len(self.dense)

    def rows(self, chosen: Indices) -> Table:
        return Table(self.dense[chosen], self.counts[chosen])

    def times(self, weights: NDArray[Any]) -> NDArray[Any]:
        """Shape (examples, columns of `weights`)."""
        split = self.dense.shape[1]
        return np.asarray(self.dense @ weights[:split] + self.counts @ weights[split:])

    def back(self, values: NDArray[Any]) -> NDArray[Any]:
        """The transposed table times `values` (examples, columns)."""
        return np.concatenate([self.dense.T @ values, self.counts.T @ values])


@dataclass(frozen=True, slots=True)
class Fitted:
    """`softmax(features @ weights + bias)`, weights (features, classes)."""

    weights: Floats
    bias: Floats

    def logits(self, table: Table) -> Floats:
        return table.times(self.weights) + self.bias


def fit(table: Table, labels: Indices, parts: Floats, pull: float) -> Fitted:
    """Weights by maximum likelihood with a quadratic pull towards zero (L-BFGS).

    `parts` (classes, parts) says which parts' weights a class adds up; classes that share a part learn from each
    other's examples (the identity: none do).
    """
    classes, width = len(parts), table.width
    truth = np.eye(classes)[labels]
    # Fewer columns with the same inner products give the same weights for less work.
    parts = np.linalg.cholesky(parts @ parts.T + 1e-9 * np.eye(classes)).astype(np.float32)

    def loss(flat: Floats) -> tuple[float, Floats]:
        own = flat[:-classes].reshape(width, -1).astype(np.float32)
        bias = flat[-classes:]
        logits = np.asarray(table.times(own @ parts.T) + bias, np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        total = chances.sum(axis=1, keepdims=True)
        surprise = np.log(total[:, 0]) - (logits * truth).sum(axis=1)
        error = chances / total - truth
        gradient = table.back(error.astype(np.float32)) @ parts + pull * own
        value = (
            float(surprise.sum()) + pull / 2 * float((own * own).sum()) + _BIAS_PULL / 2 * float((bias * bias).sum())
        )
        return value, np.concatenate([gradient.ravel(), error.sum(axis=0) + _BIAS_PULL * bias])

    start = np.zeros(width * parts.shape[1] + classes)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "ftol": _SETTLED}).x
    return Fitted(found[:-classes].reshape(width, -1) @ parts.T, found[-classes:])


def folds(count: int, parts: int = 2) -> Iterator[tuple[Indices, Indices]]:
    """Examples to learn from and examples to be asked, each asked once."""
    places = np.arange(count)
    for part in range(parts):
        yield places[places % parts != part], places[places % parts == part]


def temperature(logits: Floats, labels: Indices) -> float:
    """What logits (examples, classes) are divided by so that their softmax is a probability (Guo et al. 2017); they
    must come from a model that has not learnt from these examples. 1 where there are too few to say."""
    if len(labels) < _FEW:
        return 1.0
    places = np.arange(len(labels))

    def surprise(heat: float) -> float:
        scaled = logits / heat
        scaled -= scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[places, labels]).sum())

    return float(minimize_scalar(surprise, bounds=(0.3, 3.0), method="bounded").x)

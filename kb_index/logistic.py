"""One logistic model over standardised features in which no feature speaks against; fitted with a pull towards
defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.newton import minimise

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """`1 / (1 + exp(-(weights · (x - means) / deviations + bias)))`."""

    weights: tuple[float, ...]
    bias: float
    means: tuple[float, ...]
    deviations: tuple[float, ...]

    def of(self, measured: Floats) -> Floats:
        """For features of shape (…, features), values in (0, 1)."""
        standard = (measured - np.asarray(self.means)) / np.asarray(self.deviations)
        logit = standard @ np.asarray(self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def of_one(self, measured: Sequence[float]) -> float:
        """The same for one list of features; without arrays, which cost more than six numbers."""
        logit = self.bias
        for value, weight, mean, deviation in zip(measured, self.weights, self.means, self.deviations, strict=True):
            logit += weight * (value - mean) / deviation
        return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))

    def standardised_on(self, measured: Floats) -> Logistic:
        """The same weights, in units of how these examples spread."""
        means, deviations = measured.mean(axis=0), measured.std(axis=0)
        deviations = np.where(deviations < 1e-3, 1.0, deviations)  # what never varies has no unit of its own
        return Logistic(self.weights, self.bias, _rounded(means), _rounded(deviations))

    def fitted(self, measured: Floats, outcome: Floats, importance: Floats, pull: float) -> Logistic:
        """Fitted from here on examples (n, features), outcomes 0 or 1, and what each example counts;
        `pull`: towards what it is now, as many examples' worth."""
        standard = np.column_stack(
            [(measured - np.asarray(self.means)) / np.asarray(self.deviations), np.ones(len(measured))]
        )
        prior = np.array([*self.weights, self.bias])

        def loss(weights: Floats) -> tuple[float, Floats, Floats]:
            logit = standard @ weights
            share = 1 / (1 + np.exp(-np.clip(logit, -500, 500)))
            surprise = np.logaddexp(0, logit) - outcome * logit
            pulled = weights - prior
            gradient = standard.T @ (importance * (share - outcome)) + pull * pulled
            spread = (standard * (importance * share * (1 - share))[:, None]).T @ standard
            value = float(importance @ surprise + pull / 2 * pulled @ pulled)
            return value, gradient, spread + pull * np.eye(len(prior))

        weights = _rounded(minimise(loss, prior, np.array([*np.zeros(len(prior) - 1), -np.inf])))
        return Logistic(weights[:-1], weights[-1], self.means, self.deviations)

    def to_json(self) -> dict[str, object]:
        """Plain lists."""
        return {
            "weights": list(self.weights), "bias": self.bias,
            "means": list(self.means), "deviations": list(self.deviations),
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: object, length: int) -> Logistic:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        if not isinstance(stored, Mapping):
            raise TypeError("not a stored model")
        lists = [tuple(map(float, stored[name])) for name in ("weights", "means", "deviations")]
        if any(len(numbers) != length for numbers in lists):
            raise ValueError("a model over other features")
        return cls(lists[0], float(stored["bias"]), lists[1], lists[2])


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)

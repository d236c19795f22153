"""From what a search found to the probability that its first article is the right one; the only number thresholds may meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.newton import minimise
from kb_index.records import Candidate

Floats = NDArray[np.float64]

#: What a probability is made from, see `features`. A larger value never speaks against the answer, so no weight is negative.
FEATURES = ("share", "score", "rank_score", "lexical", "coverage", "length")
_COMPARED = 5  # candidates that share the chances; more would make the number depend on how many were asked for

#: Where there is nothing to fit on. Features are standardised on negatives, so they mean the same in every knowledge base.
DEFAULT_WEIGHTS = (0.9, 0.7, 0.7, 0.2, 0.3, 0.1)
DEFAULT_BIAS = -2.6
_PULL = 2.0  # towards the defaults
_MOST, _LEAST = 0.995, 0.002  # nothing is certain


def features(candidates: Sequence[Candidate]) -> Floats:
    """The features of a result list, in the order of `FEATURES`; the one place where they are made."""
    top = candidates[0]
    scores = np.array([candidate.rank_score for candidate in candidates[:_COMPARED]])
    share = 1 / np.exp(scores - scores[0]).sum()
    share = min(max(share, 0.01), 0.99)
    return np.array(
        [
            math.log(share / (1 - share)),
            top.score,
            top.rank_score,
            top.lexical,
            top.coverage,
            math.log1p(min(top.length, 40)),
        ]
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the features of a result list, standardised by what questions out of scope look like."""

    weights: tuple[float, ...] = DEFAULT_WEIGHTS
    bias: float = DEFAULT_BIAS
    means: tuple[float, ...] = (0.0, 0.30, 5.5, 0.15, 0.35, 2.3)
    deviations: tuple[float, ...] = (1.2, 0.10, 2.0, 0.12, 0.20, 0.5)
    fitted_on: int = 0  # held-out variants and negatives

    def probability(self, candidates: Sequence[Candidate]) -> float:
        """That the first candidate answers the question, 0 to 1; 0 for an empty list."""
        if not candidates:
            return 0.0
        return float(self.probability_of(features(candidates)))

    def probabilities(self, candidates: Sequence[Candidate]) -> list[float]:
        """The same for each candidate: what the first leaves over goes to the others by their chances, never above the first."""
        first = self.probability(candidates)
        if len(candidates) < 2:
            return [first] if candidates else []
        scores = np.array([candidate.rank_score for candidate in candidates])
        odds = np.exp(scores - scores[0])
        return [first, *(float(min(first, first * chance, 1 - first)) for chance in odds[1:])]

    def probability_of(self, measured: Floats) -> Floats:
        """For features of shape (…, 6)."""
        standard = (measured - np.asarray(self.means)) / np.asarray(self.deviations)
        logit = standard @ np.asarray(self.weights) + self.bias
        return np.asarray(np.clip(1 / (1 + np.exp(-np.clip(logit, -30, 30))), _LEAST, _MOST))

    def to_json(self) -> dict[str, object]:
        """For the version's row and folder."""
        return {
            "weights": dict(zip(FEATURES, self.weights, strict=True)), "bias": self.bias,
            "means": list(self.means), "deviations": list(self.deviations), "fitted_on": self.fitted_on,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Calibration:
        """Raises KeyError or TypeError for what `to_json` did not write."""
        weights, means, deviations = stored["weights"], stored["means"], stored["deviations"]
        bias, fitted_on = stored["bias"], stored["fitted_on"]
        if not (isinstance(weights, Mapping) and isinstance(means, list) and isinstance(deviations, list)):
            raise TypeError("not a stored calibration")
        if not (isinstance(bias, int | float) and isinstance(fitted_on, int)):
            raise TypeError("not a stored calibration")
        return cls(
            tuple(float(weights[name]) for name in FEATURES), float(bias),
            tuple(map(float, means)), tuple(map(float, deviations)), fitted_on,
        )  # fmt: skip


def fit_calibration(measured: Floats, right: Floats, importance: Floats, negative: NDArray[np.bool_]) -> Calibration:
    """Logistic regression with a quadratic pull towards the defaults; no feature speaks against the answer.

    `measured` (n, 6), `right` 1 where the first candidate was right, `importance` a weight for each (mean 1),
    `negative` marks questions out of scope, by which the features are standardised.
    """
    if not negative.any():
        return Calibration()
    means = measured[negative].mean(axis=0)
    deviations = np.maximum(measured[negative].std(axis=0), 1e-3)
    prior = np.array([*DEFAULT_WEIGHTS, DEFAULT_BIAS])
    weights = prior
    if right.any():
        standard = np.column_stack([(measured - means) / deviations, np.ones(len(measured))])

        def loss(weights: Floats) -> tuple[float, Floats, Floats]:
            logit = standard @ weights
            share = 1 / (1 + np.exp(-np.clip(logit, -500, 500)))
            surprise = np.logaddexp(0, logit) - right * logit
            pulled = weights - prior
            gradient = standard.T @ (importance * (share - right)) + _PULL * pulled
            spread = (standard * (importance * share * (1 - share))[:, None]).T @ standard
            return float(importance @ surprise + _PULL / 2 * pulled @ pulled), gradient, spread + _PULL * np.eye(len(prior))

        weights = minimise(loss, prior, np.array([*np.zeros(len(prior) - 1), -np.inf]))
    rounded = [round(float(weight), 5) for weight in weights]
    return Calibration(
        tuple(rounded[:-1]), rounded[-1],
        tuple(round(float(value), 5) for value in means), tuple(round(float(value), 5) for value in deviations),
        len(measured) if right.any() else 0,
    )  # fmt: skip

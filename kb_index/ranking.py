"""How the signs of likeness are weighed into one order: a conditional logit, fitted on the knowledge base's own
variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.newton import minimise
from kb_index.signs import SIGNS

Floats = NDArray[np.float64]

#: Where there is nothing to fit on: meaning leads, words help. Their size makes differences of the fused score log
#: odds.
DEFAULT_WEIGHTS = (4.0, 2.0, 0.4, 4.0, 1.0, 4.0, 4.0)

_LEAST = 0.3  # of its default: a sign is never left out
#: Towards the defaults, as a whole stronger or weaker. Authors word their variants to differ from each other and
#: customers do not: held-out variants alone would mistrust words and the nearest text.
_PULL = 300.0
_PULL_STRENGTH = 400.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of the signs, in the order of `SIGNS`."""

    weights: tuple[float, ...] = DEFAULT_WEIGHTS
    fitted_on: int = 0  # held-out variants

    def fuse(self, signs: NDArray[np.float32]) -> NDArray[np.float32]:
        """One score from signs of shape (…, 7)."""
        return signs @ np.asarray(self.weights, np.float32)

    def weakened(self, share: float) -> Ranking:
        """The same order, so much less sure of it."""
        return Ranking(tuple(round(share * weight, 4) for weight in self.weights), self.fitted_on)

    def to_json(self) -> dict[str, object]:
        """For the version's row and folder."""
        return {"weights": dict(zip(SIGNS, self.weights, strict=True)), "fitted_on": self.fitted_on}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Ranking:
        """Raises KeyError or TypeError for what `to_json` did not write."""
        weights, fitted_on = stored["weights"], stored["fitted_on"]
        if not isinstance(weights, Mapping) or not isinstance(fitted_on, int):
            raise TypeError("not a stored ranking")
        return cls(tuple(float(weights[sign]) for sign in SIGNS), fitted_on)


def fit_ranking(signs: NDArray[np.float32]) -> Ranking:
    """From held-out texts: `signs` (texts, candidates, 7), the right topic always at candidate 0.

    Maximises the likelihood that the right topic is chosen among its rivals (McFadden's conditional logit): first
    how strong all defaults together are, then each of them, with a quadratic pull.
    """
    if len(signs) == 0:
        return Ranking()
    weighed = signs.astype(np.float64) * np.asarray(DEFAULT_WEIGHTS)
    strength = _most_likely(weighed.sum(axis=2, keepdims=True), np.ones(1), _PULL_STRENGTH)[0]
    factors = _most_likely(weighed, np.full(len(SIGNS), strength), _PULL)
    weights = factors * np.asarray(DEFAULT_WEIGHTS)
    return Ranking(tuple(round(float(weight), 4) for weight in weights), len(signs))


def _most_likely(features: Floats, prior: Floats, pull: float) -> Floats:
    def loss(weights: Floats) -> tuple[float, Floats, Floats]:
        scores = features @ weights
        top = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - top)
        share = odds / odds.sum(axis=1, keepdims=True)
        expected = np.einsum("nc,ncf->nf", share, features)
        likelihood = (scores[:, 0] - top[:, 0] - np.log(odds.sum(axis=1))).sum()
        pulled = weights - prior
        gradient = (expected - features[:, 0]).sum(axis=0) + pull * pulled
        spread = np.einsum("nc,ncf,ncg->fg", share, features, features, optimize=True) - expected.T @ expected
        return float(pull / 2 * pulled @ pulled - likelihood), gradient, spread + pull * np.eye(len(prior))

    return minimise(loss, prior, _LEAST * prior)

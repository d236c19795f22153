"""From what a search found to the probability that its first article is the right one; the only number thresholds
may meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.logistic import Logistic
from kb_index.records import Candidate

Floats = NDArray[np.float64]

#: What a probability is made from, see `features`. A larger value never speaks against the answer.
FEATURES = ("share", "score", "rank_score", "lexical", "coverage", "length")
_COMPARED = 5  # candidates that share the chances; more would make the number depend on how many were asked for
_ENOUGH = 30  # examples to take units from
_MOST, _LEAST = 0.995, 0.002  # nothing is certain

#: Where there is nothing to fit on: in units of what questions from elsewhere look like …
DEFAULT_INSIDE = Logistic(
    (0.0, 1.3, 0.9, 0.1, 0.2, 0.1), -4.2, (0.0, 0.30, 5.0, 0.06, 0.06, 2.3), (1.0, 0.09, 1.8, 0.12, 0.12, 0.4)
)
#: … and of what questions look like whose article is missing from the knowledge base.
DEFAULT_RIGHT = Logistic(
    (0.7, 0.1, 0.3, 0.1, 0.0, 0.1), -0.4, (0.5, 0.45, 8.0, 0.2, 0.25, 2.5), (1.3, 0.16, 3.0, 0.17, 0.2, 0.4)
)


def features(candidates: Sequence[Candidate]) -> Floats:
    """The features of a result list, in the order of `FEATURES`; the one place where they are made."""
    top = candidates[0]
    scores = np.array([candidate.rank_score for candidate in candidates[:_COMPARED]])
    share = min(max(float(1 / np.exp(scores - scores[0]).sum()), 0.01), 0.99)
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
    """Two logistic models: that the question is in the knowledge base at all, and, if it is, that the first article
    is right."""

    inside: Logistic = DEFAULT_INSIDE
    right: Logistic = DEFAULT_RIGHT
    fitted_on: int = 0  # held-out variants

    def probability(self, candidates: Sequence[Candidate]) -> float:
        """That the first candidate answers the question, 0 to 1; 0 for an empty list."""
        if not candidates:
            return 0.0
        measured = features(candidates).tolist()
        return min(max(self.inside.of_one(measured) * self.right.of_one(measured), _LEAST), _MOST)

    def probabilities(self, candidates: Sequence[Candidate]) -> list[float]:
        """The same for each candidate, by their odds to the first; never above it, together never above 1."""
        first = self.probability(candidates)
        if len(candidates) < 2:
            return [first] if candidates else []
        best = candidates[0].rank_score
        chances = [math.exp(min(candidate.rank_score - best, 0.0)) * first for candidate in candidates[1:]]
        left = min(1.0, (1 - first) / max(sum(chances), 1e-9))
        return [first, *(chance * left for chance in chances)]

    def probability_of(self, measured: Floats) -> Floats:
        """For features of shape (…, 6)."""
        return np.asarray(np.clip(self.inside.of(measured) * self.right.of(measured), _LEAST, _MOST))

    def to_json(self) -> dict[str, object]:
        """For the version's row and folder."""
        return {"inside": self.inside.to_json(), "right": self.right.to_json(), "fitted_on": self.fitted_on}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Calibration:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        fitted_on = stored["fitted_on"]
        if not isinstance(fitted_on, int):
            raise TypeError("not a stored calibration")
        length = len(FEATURES)
        return cls(Logistic.from_json(stored["inside"], length), Logistic.from_json(stored["right"], length), fitted_on)


@dataclass(frozen=True, slots=True)
class Examples:
    """Features of result lists to learn from, each (n, 6)."""

    held_out: Floats  # of questions whose topic is there
    right: Floats  # 1 where the first candidate of those is right
    missing: Floats  # of questions whose topic was taken away
    elsewhere: Floats  # of questions about something else


def fit_calibration(examples: Examples, missing_share: float, elsewhere_share: float) -> Calibration:
    """For each question that is answered somewhere, so much of the missing and of elsewhere is expected.

    Without held-out questions the defaults stand, in the units of this knowledge base.
    """
    inside = DEFAULT_INSIDE.standardised_on(examples.elsewhere) if len(examples.elsewhere) else DEFAULT_INSIDE
    right = DEFAULT_RIGHT.standardised_on(examples.missing) if len(examples.missing) >= _ENOUGH else DEFAULT_RIGHT
    known = len(examples.held_out)
    if known == 0:
        return Calibration(inside, right)
    groups = ((examples.held_out, 1.0), (examples.missing, missing_share), (examples.elsewhere, elsewhere_share))
    importance = np.concatenate([np.full(len(group), share * known / len(group)) for group, share in groups])
    measured = np.concatenate([group for group, _ in groups])
    is_inside = (np.arange(len(measured)) < known).astype(np.float64)
    return Calibration(
        inside.fitted(measured, is_inside, importance),
        right.fitted(examples.held_out, examples.right, np.ones(known)),
        known,
    )

"""From what a search found to the probability that its first article is the right one; the only number thresholds
may meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb_index.logistic import Logistic
from kb_index.records import Candidate

Floats = NDArray[np.float64]

#: What a probability is made from, see `features`; a larger value never speaks against the answer. The first four
#: tell whether the first candidate is right, all but the first three whether the question is about this at all.
FEATURES = ("share", "coverage", "length", "rank_score", "near", "amid", "at_home")
_ABOUT = slice(3, 7)
_RIGHT = slice(0, 4)
_COMPARED = 5  # candidates that share the chances; more would make the number depend on how many were asked for
_ENOUGH = 30  # examples to take units from
_MOST, _LEAST = 0.995, 0.0001  # nothing is certain
_ANOTHER_CODE = 0.3  # at most, for an article about another code than the question's: it may be offered

#: Where there is nothing to fit on: that a question is about this at all, in units of what questions from elsewhere
#: look like …
DEFAULT_ABOUT = Logistic((0.2, 1.2, 0.6, 0.8), -6.0, (-1.5, 0.22, 0.20, -2.4), (1.0, 0.12, 0.10, 1.5))
#: … and that the first candidate is right, as it was found in knowledge bases of several kinds.
DEFAULT_RIGHT = Logistic((1.4, 0.25, 0.17, 0.18), 1.85, (2.0, 0.45, 2.5, 3.0), (1.8, 0.25, 0.35, 3.0))
#: The same with one text a topic: near neighbours are told apart less well than their number lets expect.
UNTRIED_RIGHT = Logistic((1.4, 0.2, 0.0, 0.0), 0.8, (2.0, 0.45, 2.5, 3.0), (1.8, 0.25, 0.35, 3.0))

_PULL_ABOUT = 0.3  # towards the defaults: the examples decide
#: Log odds taken off where only missing topics said how questions about this look: a customer's question may look like
#: that and be about something else.
_DOUBT = 2.2
_PULL_RIGHT = 3000.0  # held-out variants are not asked like customers' questions: they only shift what is known


def features(candidates: Sequence[Candidate]) -> Floats:
    """The features of a result list, in the order of `FEATURES`; the one place where they are made."""
    top, compared = candidates[0], candidates[:_COMPARED]
    share = 1 / sum(math.exp(max(candidate.rank_score - top.rank_score, -50)) for candidate in compared)
    share = min(max(share, 0.01), 0.99)
    return np.array(
        [
            math.log(share / (1 - share)),
            top.coverage,
            math.log1p(min(top.length, 40)),
            top.rank_score,
            top.near,
            sum(candidate.near for candidate in compared) / len(compared),
            top.at_home,
        ]
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two logistic models: that the question is about what the knowledge base is about, and, if it is, that the first
    article is right."""

    about: Logistic = DEFAULT_ABOUT
    right: Logistic = UNTRIED_RIGHT
    fitted_on: int = 0  # held-out variants

    def probability(self, candidates: Sequence[Candidate]) -> float:
        """That the first candidate answers the question, 0 to 1; 0 for an empty list."""
        if not candidates:
            return 0.0
        measured = features(candidates).tolist()
        most = _ANOTHER_CODE if candidates[0].another_code else _MOST
        return min(max(self.about.of_one(measured[_ABOUT]) * self.right.of_one(measured[_RIGHT]), _LEAST), most)

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
        """For features of shape (…, 7)."""
        chances = self.about.of(measured[..., _ABOUT]) * self.right.of(measured[..., _RIGHT])
        return np.asarray(np.clip(chances, _LEAST, _MOST))

    def to_json(self) -> dict[str, object]:
        """For the version's row and folder."""
        return {"about": self.about.to_json(), "right": self.right.to_json(), "fitted_on": self.fitted_on}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Calibration:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        fitted_on = stored["fitted_on"]
        if not isinstance(fitted_on, int):
            raise TypeError("not a stored calibration")
        return cls(Logistic.from_json(stored["about"], 4), Logistic.from_json(stored["right"], 4), fitted_on)


@dataclass(frozen=True, slots=True)
class Examples:
    """Features of result lists to learn from, each (n, 7)."""

    held_out: Floats  # of questions whose topic is there
    right: Floats  # 1 where the first candidate of those is right
    missing: Floats  # of questions whose topic was taken away
    elsewhere: Floats  # of questions about something else


def fit_calibration(examples: Examples, missing_share: float, elsewhere_share: float) -> Calibration:
    """For each question that is answered somewhere, so much of the missing and of elsewhere is expected.

    Without held-out questions the defaults stand, in the units of this knowledge base.
    """
    known, missing, elsewhere = len(examples.held_out), len(examples.missing), len(examples.elsewhere)
    about = DEFAULT_ABOUT
    if elsewhere >= _ENOUGH:
        about = about.standardised_on(examples.elsewhere[:, _ABOUT])
    here = np.concatenate([examples.held_out, examples.missing])[:, _ABOUT]
    if len(here) >= _ENOUGH and elsewhere >= _ENOUGH:
        measured = np.concatenate([here, examples.elsewhere[:, _ABOUT]])
        importance = np.repeat([1.0, elsewhere_share * len(here) / elsewhere], [len(here), elsewhere])
        about = about.fitted(measured, np.repeat([1.0, 0.0], [len(here), elsewhere]), importance, _PULL_ABOUT)
        if known == 0:
            about = replace(about, bias=round(about.bias - _DOUBT, 5))
    if known == 0:
        return Calibration(about)
    measured = np.concatenate([examples.held_out, examples.missing])[:, _RIGHT]
    outcome = np.concatenate([examples.right, np.zeros(missing)])
    importance = np.repeat([1.0, missing_share * known / max(missing, 1)], [known, missing])
    return Calibration(about, DEFAULT_RIGHT.fitted(measured, outcome, importance, _PULL_RIGHT), known)

"""From what a search found to the probability that its first article is the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb_index.records import Candidate


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the features of a result list; the one number that policy, console and reports show."""

    def probability(self, candidates: Sequence[Candidate]) -> float:
        """That the first candidate answers the question, 0 to 1; 0 for an empty list. Wants at least two where there are two."""
        raise NotImplementedError

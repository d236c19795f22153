"""How sure the bot is: the calibrated probability of the best article and of each further one; the only numbers
policy sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kb_index.records import Candidate


class Calibrated(Protocol):
    """What turns a list of candidates into probabilities; `kb_index.calibration.Calibration` fits."""

    def probabilities(self, candidates: Sequence[Candidate]) -> Sequence[float]: ...


def chances(calibration: Calibrated, candidates: Sequence[Candidate]) -> tuple[float, ...]:
    """For each candidate the probability that it answers the question, 0 to 1, in the order of the list."""
    if not candidates:
        return ()
    found = tuple(min(1.0, max(0.0, chance)) for chance in calibration.probabilities(candidates))
    if len(found) != len(candidates):
        raise ValueError(f"{len(candidates)} candidates, but {len(found)} probabilities")
    return found

"""Whether a contender answers better than another beyond noise, and the figures that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scripts.evaluation.asking import Asked
from scripts.evaluation.comparing import Comparison, compare
from scripts.evaluation.measuring import confidences, first_is_right
from scripts.metrics import Floats, Interval, bootstrap, calibration_error, recall_at

LEVEL = 0.05
#: What an outcome is worth: a wrong answer costs what a right one is worth, the right article among the options half.
_WORTH = {"right": 1.0, "offered": 0.5, "wrong": -1.0}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Old against new on the same questions, pair by pair."""

    before: tuple[Asked, ...]
    after: tuple[Asked, ...]
    comparison: Comparison
    gain: float  # mean worth of a question, new minus old
    gain_interval: Interval | None  # 95 times in 100 other questions of the kind give a gain within
    least: int  # questions that prove anything

    @property
    def is_enough(self) -> bool:
        """Whether there are enough questions to prove anything."""
        return len(self.before) >= self.least

    @property
    def is_better(self) -> bool:
        """Worth more beyond noise, and neither fewer right answers nor more wrong ones beyond noise."""
        if not self.is_enough or self.gain_interval is None:
            return False
        return self.gain_interval[0] > 0 and not self.comparison.is_worse

    @property
    def reason(self) -> str:
        """Why, in one line."""
        if not self.is_enough:
            return f"{len(self.before)} labelled questions prove nothing; {self.least} are needed"
        if self.is_better:
            return "better beyond noise"
        if self.comparison.is_worse:
            return "fewer right answers or more wrong ones beyond noise"
        return "not better beyond noise"


def judge(before: Sequence[Asked], after: Sequence[Asked], least: int) -> Verdict:
    """Both in the same order."""
    comparison = compare(before, after, lambda _: True, lambda _: True, LEVEL)
    gains = _worth(after) - _worth(before)
    gain = float(gains.mean()) if len(gains) else 0.0
    interval = bootstrap(len(gains), lambda drawn: float(gains[drawn].mean()))
    return Verdict(tuple(before), tuple(after), comparison, gain, interval, least)


def figures_of(asked: Sequence[Asked]) -> dict[str, float | int]:
    """The figures of one side."""
    inside = [one for one in asked if one.question.expected is not None]
    places = [one.place for one in inside]
    return {
        "recall_at_1": round(recall_at(places, 1), 4),
        "recall_at_3": round(recall_at(places, 3), 4),
        "right": sum(one.fate == "right" for one in asked),
        "wrong": sum(one.fate == "wrong" for one in asked),
        "offered": sum(one.fate == "offered" for one in asked),
        "calibration_error": round(calibration_error(confidences(asked), first_is_right(asked)), 4),
    }


def figures(verdict: Verdict) -> dict[str, object]:
    """Everything for programs, and what a promoted version keeps."""
    interval = verdict.gain_interval
    return {
        "questions": len(verdict.before),
        "nobodys": sum(one.question.expected is None for one in verdict.before),
        "before": figures_of(verdict.before),
        "after": figures_of(verdict.after),
        "better": len(verdict.comparison.better),
        "worse": len(verdict.comparison.worse),
        "gain": round(verdict.gain, 4),
        "gain_interval": None if interval is None else [round(bound, 4) for bound in interval],
        "is_better": verdict.is_better,
        "reason": verdict.reason,
    }


def lines_of(verdict: Verdict, old: str, new: str) -> Iterator[str]:
    """The same for people."""
    before, after = figures_of(verdict.before), figures_of(verdict.after)
    yield f"{'':<18}{old:>12}{new:>12}"
    for name, value in before.items():
        yield f"{name:<18}{value:>12}{after[name]:>12}"
    interval = verdict.gain_interval
    known = "" if interval is None else f", 95 % interval {interval[0]:+.3f} to {interval[1]:+.3f}"
    yield (
        f"{len(verdict.before)} questions that neither has seen: {len(verdict.comparison.better)} answered better, "
        f"{len(verdict.comparison.worse)} worse; worth {verdict.gain:+.3f} a question{known}"
    )


def _worth(asked: Sequence[Asked]) -> Floats:
    return np.array([_WORTH.get(one.fate, 0.0) for one in asked], np.float64)

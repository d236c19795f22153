"""What another threshold for answers would give: exactly, from one more pass in which everything that may be answered
is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.records import Answer
from bot.settings import BotSettings
from scripts.evaluation.asking import Asked

THRESHOLDS = tuple(step / 100 for step in (10, 20, 30, 40, 50, 60, 65, 70, 75, 80, 85, 90, 95))

_STEPS = 200


@dataclass(frozen=True, slots=True)
class Trade:
    """How many questions a threshold answers, and how well."""

    threshold: float
    in_scope: int
    out_of_scope: int
    right: int
    wrong_inside: int
    wrong_outside: int

    @property
    def answered_share(self) -> float:
        """Of the questions in scope, how many are answered, right or wrong."""
        return (self.right + self.wrong_inside) / self.in_scope if self.in_scope else 0.0

    @property
    def wrong(self) -> int:
        """Wrong answers altogether."""
        return self.wrong_inside + self.wrong_outside

    @property
    def precision(self) -> float | None:
        """Of the answers, how many are right; None where nothing is answered."""
        answered = self.right + self.wrong
        return self.right / answered if answered else None


class Trades:
    """`eager`: the questions asked with `without_threshold`, so that only the other rules kept the bot from
    answering."""

    def __init__(self, eager: Sequence[Asked]) -> None:
        self._inside = [one for one in eager if one.question.expected is not None]
        self._outside = [one for one in eager if one.question.expected is None]

    def at(self, threshold: float) -> Trade:
        """With this `bot.answer_at`; an article's own threshold goes before it, as in the policy."""
        inside = [one for one in self._inside if _is_answered(one, threshold)]
        right = sum(one.fate == "right" for one in inside)
        outside = sum(_is_answered(one, threshold) for one in self._outside)
        return Trade(threshold, len(self._inside), len(self._outside), right, len(inside) - right, outside)

    def curve(self) -> list[tuple[float, float]]:
        """(share answered, share of answers that are wrong) from the highest threshold to the lowest."""
        points: list[tuple[float, float]] = []
        for step in range(_STEPS, -1, -1):
            trade = self.at(step / _STEPS)
            if trade.precision is not None and trade.answered_share:
                points.append((trade.answered_share, 1 - trade.precision))
        return points


def without_threshold(settings: BotSettings) -> BotSettings:
    """The same policy, answering whatever its other rules let it answer."""
    return replace(settings, answer_at=0.0, offer_at=0.0, option_at=0.0)


def _is_answered(one: Asked, threshold: float) -> bool:
    if not isinstance(one.decision, Answer):
        return False
    candidates = one.decision.analysis.candidates
    own = candidates[0].article.answer_at if candidates else None
    return own is not None or one.confidence >= threshold

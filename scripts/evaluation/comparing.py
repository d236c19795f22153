"""Two indexes put to the same labelled questions, and whether the second one answers worse beyond noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.evaluation.asking import Asked, Fate
from scripts.evaluation.files import Question
from scripts.metrics import sign_test

#: How good it is that this became of a question that an article answers …
_INSIDE: dict[Fate, int] = {
    "right": 3, "offered": 2, "offered_without": 1, "asked_back": 1, "handed_off": 1, "small_talk": 1, "wrong": 0,
}  # fmt: skip
#: … and of one that nothing answers.
_OUTSIDE: dict[Fate, int] = {**_INSIDE, "offered_without": 1, "asked_back": 2, "handed_off": 2, "small_talk": 2}


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of one question before and after."""

    question: Question
    before: Asked
    after: Asked

    @property
    def step(self) -> int:
        """Above 0: better than before; below: worse."""
        worth = _OUTSIDE if self.question.expected is None else _INSIDE
        return worth[self.after.fate] - worth[self.before.fate]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened before and after, and the chance that so many changes for the worse are noise."""

    before: int
    after: int
    better: int  # questions that changed for the better in this respect
    worse: int

    @property
    def chance(self) -> float:
        """One-sided exact sign test over the questions that changed."""
        return sign_test(self.worse, self.better)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`removed` and `added` are questions whose article only the old or only the new version has, `unknown` those
    whose article neither has; they are not compared."""

    pairs: tuple[Pair, ...]
    removed: tuple[Question, ...]
    added: tuple[Question, ...]
    unknown: tuple[Question, ...]
    level: float

    @property
    def right(self) -> Tally:
        """Right answers given."""
        return self._tally("right", lambda was, now: now and not was)

    @property
    def wrong(self) -> Tally:
        """Wrong answers given, those to questions that nothing answers included."""
        return self._tally("wrong", lambda was, now: was and not now)

    @property
    def worse(self) -> list[Pair]:
        """Wrong answers first."""
        return sorted((pair for pair in self.pairs if pair.step < 0), key=lambda pair: pair.after.fate != "wrong")

    @property
    def better(self) -> list[Pair]:
        """What changed for the better."""
        return [pair for pair in self.pairs if pair.step > 0]

    @property
    def is_worse(self) -> bool:
        """Fewer right answers, or more wrong ones, than noise explains at the level."""
        return any(tally.chance <= self.level for tally in (self.right, self.wrong))

    def _tally(self, what: Fate, is_better: Callable[[bool, bool], bool]) -> Tally:
        flags = [(pair.before.fate == what, pair.after.fate == what) for pair in self.pairs]
        return Tally(
            before=sum(was for was, _ in flags),
            after=sum(now for _, now in flags),
            better=sum(is_better(was, now) for was, now in flags),
            worse=sum(was != now and not is_better(was, now) for was, now in flags),
        )


def compare(
    before: Sequence[Asked],
    after: Sequence[Asked],
    had: Callable[[str], bool],
    has: Callable[[str], bool],
    level: float,
) -> Comparison:
    """`before` and `after` in the same order; `had` and `has` tell whether a version publishes an article."""
    pairs: list[Pair] = []
    apart: dict[tuple[bool, bool], list[Question]] = {}
    for old, new in zip(before, after, strict=True):
        expected = old.question.expected
        known = (True, True) if expected is None else (had(expected), has(expected))
        if known == (True, True):
            pairs.append(Pair(old.question, old, new))
        else:
            apart.setdefault(known, []).append(old.question)
    return Comparison(
        tuple(pairs),
        removed=tuple(apart.get((True, False), ())),
        added=tuple(apart.get((False, True), ())),
        unknown=tuple(apart.get((False, False), ())),
        level=level,
    )

"""What another bot would have done with a question, and whether that is better, by what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.records import Answer, Clarification, Decision
from router.learning.lessons import Label
from scripts.evaluation.asking import Kind, given_by, kind_of
from scripts.replaying.questions import Asked

Verdict = Literal["better", "worse", "look"]
VERDICTS: tuple[Verdict, ...] = ("worse", "look", "better")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bot does with a question, as far as a customer notices."""

    kind: Kind
    reason: str
    confidence: float
    article_id: str | None  # that is given as the answer
    options: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, decision: Decision) -> Outcome:
        """The outcome of a decision."""
        options = decision.options if isinstance(decision, Clarification) else ()
        return cls(
            kind_of(decision), decision.reason, decision.analysis.confidence, given_by(decision),
            tuple(option.id for option in options), decision.text if isinstance(decision, Answer) else "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A question that another bot treats differently."""

    asked: Asked
    before: Outcome
    after: Outcome
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Replayed:
    """All questions through both bots."""

    asked: int  # times, equal questions counted each time
    distinct: int
    changes: tuple[Change, ...]  # worse first, then what is to be looked at; the most frequent first
    reworded: int  # distinct questions with the same article whose answer reads differently

    def of(self, verdict: Verdict) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.verdict == verdict]


class Judge:
    """`same` maps articles to the id that they share with their translations."""

    def __init__(self, same: Mapping[str, str]) -> None:
        self._same = same

    def change(self, asked: Asked, before: Outcome, after: Outcome) -> Change | None:
        """None where the customer would notice nothing but other words."""
        if self._effect(before, asked.label) == self._effect(after, asked.label):
            return None
        return Change(asked, before, after, self._verdict(asked.label, before, after))

    def is_reworded(self, before: Outcome, after: Outcome) -> bool:
        """The same article, but another text."""
        return before.article_id is not None and before.article_id == after.article_id and before.text != after.text

    def _effect(self, outcome: Outcome, label: Label | None) -> tuple[object, ...]:
        """Of options only the first one counts, and whether the right one is there: the others come and go."""
        first = self._name(outcome.options[0]) if outcome.options else None
        right = label.article_id if label is not None else None
        return outcome.kind, self._name(outcome.article_id), first, right is not None and self._offers(outcome, right)

    def _verdict(self, label: Label | None, before: Outcome, after: Outcome) -> Verdict:
        was, now = self._worth(before, label), self._worth(after, label)
        if was is None or now is None or was == now:
            return "look"
        return "better" if now > was else "worse"

    def _worth(self, outcome: Outcome, label: Label | None) -> int | None:
        """How good an outcome is by what is known; None: cannot be told."""
        if label is None:
            return None
        answered = self._name(outcome.article_id)
        if label.article_id is not None:
            if answered is not None:
                return 3 if answered == self._name(label.article_id) else 0
            return 2 if self._offers(outcome, label.article_id) else 1
        if label.is_nobodys:
            return 0 if answered is not None else 1 if outcome.options else 2
        if answered is None:
            return 1
        return 0 if answered in {self._name(wrong) for wrong in label.wrong_ids} else None

    def _offers(self, outcome: Outcome, article_id: str) -> bool:
        return self._name(article_id) in {self._name(option) for option in outcome.options}

    def _name(self, article_id: str | None) -> str | None:
        return None if article_id is None else self._same.get(article_id, article_id)

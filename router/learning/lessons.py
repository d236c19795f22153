"""From pieces of evidence to what is believed of each question; an editor's word stands, everybody else's adds up."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.pool import Database
from database.queries import load_queries
from kb_index.records import Lesson
from kb_index.versions import PinnedLesson
from router.learning.harvest import is_question
from router.learning.records import Source, normal_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One pair with its question as it stands in the log now."""

    text: str
    article_id: str | None
    is_right: bool
    weight: float  # probability that it is true
    source: Source
    at: datetime
    conversation_id: UUID | None = None
    question_seqs: tuple[int, ...] | None = None
    typed: str | None = None
    in_own_words: bool = False  # an agent answered it, but with no article

    @classmethod
    def from_row(cls, row: Any) -> Evidence:
        """From `evidence`; the text must not be null."""
        seqs = row["question_seqs"]
        return cls(
            text=row["text"], article_id=row["article_id"], is_right=row["is_right"], weight=row["weight"],
            source=row["source"], at=row["at"], conversation_id=row["conversation_id"],
            question_seqs=None if seqs is None else tuple(seqs), typed=row["typed"],
            in_own_words=row["article_id"] is None and row["reply_seq"] is not None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is believed of one question: the article that answers it, or that none does, or only which do not."""

    text: str
    key: str  # equal for questions that are one question
    article_id: str | None  # the right one
    is_nobodys: bool
    wrong_ids: tuple[str, ...]
    at: datetime  # of the newest evidence
    conversation_id: UUID | None = None
    question_seqs: tuple[int, ...] | None = None
    typed: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether an answer to it can be called right or wrong."""
        return self.article_id is not None or self.is_nobodys

    @property
    def lessons(self) -> list[Lesson]:
        """What the index is told."""
        return [Lesson(self.text, article_id, right) for article_id, right in self._verdicts()]

    @property
    def pinned(self) -> list[PinnedLesson]:
        """The same, as a version keeps it."""
        return [
            PinnedLesson(
                conversation_id=self.conversation_id, question_seqs=self.question_seqs, question=self.typed,
                article_id=article_id, right=right,
            )
            for article_id, right in self._verdicts()
        ]  # fmt: skip

    def _verdicts(self) -> list[tuple[str | None, bool]]:
        settled: list[tuple[str | None, bool]] = [(self.article_id, True)] if self.is_settled else []
        return [*settled, *((wrong, False) for wrong in self.wrong_ids)]


async def read_labels(database: Database, believed_from: float) -> list[Label]:
    """What the stored pairs say, as far as their questions can still be read."""
    rows = await database.fetch(load_queries(__file__)["evidence"])
    return labels_of((Evidence.from_row(row) for row in rows if row["text"] is not None), believed_from)


def labels_of(evidence: Iterable[Evidence], believed_from: float) -> list[Label]:
    """One label for each question about which something is believed with at least that probability, oldest first.

    Pieces of evidence are taken as independent: their log odds add up (naive Bayes). What an editor decided last is
    believed whatever others say.
    """
    by_question: dict[str, list[Evidence]] = defaultdict(list)
    for each in evidence:
        if not each.in_own_words and (each.source == "editor" or is_question(each.text)):
            by_question[normal_form(each.text) or each.text].append(each)
    labels = [_label(key, said, believed_from) for key, said in by_question.items()]
    return sorted((label for label in labels if label is not None), key=lambda label: (label.at, label.key))


def _label(key: str, said: Sequence[Evidence], believed_from: float) -> Label | None:
    edited = [each for each in said if each.source == "editor"]
    decided = max((each for each in edited if each.is_right), key=lambda each: each.at, default=None)
    odds: dict[str | None, float] = defaultdict(float)
    for each in said:
        strength = math.log(each.weight / (1 - each.weight))
        odds[each.article_id] += strength if each.is_right else -strength
    for each in sorted(edited, key=lambda each: each.at):
        odds[each.article_id] = math.inf if each.is_right else -math.inf
    needed = math.log(believed_from / (1 - believed_from))
    wrong = {article for article, total in odds.items() if article is not None and total <= -needed}
    likely = max(odds, key=lambda article: odds[article])
    right, is_nobodys = None, False
    if decided is not None:
        right, is_nobodys = decided.article_id, decided.article_id is None
    elif odds[likely] >= needed:
        right, is_nobodys = likely, likely is None
    wrong.discard(right or "")
    if right is None and not is_nobodys and not wrong:
        return None
    newest = max(said, key=lambda each: each.at)
    return Label(
        text=newest.text, key=key, article_id=right, is_nobodys=is_nobodys, wrong_ids=tuple(sorted(wrong)),
        at=newest.at, conversation_id=newest.conversation_id, question_seqs=newest.question_seqs, typed=newest.typed,
    )  # fmt: skip

"""Learning tried out on files: what labelled pairs are worth on questions that are not among them; stores nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from kb_index.errors import KnowledgeError
from kb_index.records import Lesson
from router.learning.records import normal_form
from scripts.evaluation.files import Question
from scripts.evaluation.measuring import Figures

#: What is told of each state.
TOLD = (
    "recall_at_1", "recall_at_3", "auroc", "answer_precision", "answered_share_in_scope", "right_at_90_precision",
    "calibration_error",
)  # fmt: skip


class _PairLine(msgspec.Struct):
    text: str
    faq_id: str | None = None
    right: bool = True


@dataclass(frozen=True, slots=True)
class Draw:
    """What is learnt from, and what is asked afterwards."""

    seed: int
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]


def read_pairs(paths: Sequence[Path]) -> list[Lesson]:
    """`{"text", "faq_id", "right"?}` a line; without an id: nobody's. Raises `KnowledgeError` with file and line."""
    lessons = []
    for path in paths:
        for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
            if line.strip():
                try:
                    given = msgspec.json.decode(line, type=_PairLine)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise KnowledgeError(f"{path}:{number}: {error}") from error
                lessons.append(Lesson(given.text, given.faq_id, given.right))
    return lessons


def draws(pairs: Sequence[Lesson], questions: Sequence[Question], share: float, seeds: int) -> Iterator[Draw]:
    """One draw with the given pairs and all other questions; else for each seed a share of the questions as pairs: 0
    for what the articles teach by themselves.

    A question of the same normal form never stands on both sides. Raises `KnowledgeError` where nothing is left to ask.
    """
    for seed in range(1, seeds + 1):
        lessons = list(pairs)
        if not pairs:
            keys = sorted({normal_form(question.text) for question in questions})
            random.Random(seed).shuffle(keys)
            taken = set(keys[: round(share * len(keys))])
            lessons = [Lesson(q.text, q.expected, True) for q in questions if normal_form(q.text) in taken]
        seen = {normal_form(lesson.question) for lesson in lessons}
        left = tuple(question for question in questions if normal_form(question.text) not in seen)
        if not left or (share > 0 and not lessons):
            raise KnowledgeError("nothing to learn from, or every question is among the pairs")
        yield Draw(seed, tuple(lessons), left)
        if pairs:
            return


def told(figures: Figures) -> dict[str, float | None]:
    """What is compared."""
    return {name: value if isinstance(value := figures[name], int | float) else None for name in TOLD}


def lines_of(states: Mapping[str, Sequence[Mapping[str, float | None]]]) -> Iterator[str]:
    """Mean over the draws for each state, and the least and the most."""
    yield f"{'':<26}" + "".join(f"{name:>26}" for name in states)
    for figure in TOLD:
        cells = [[one[figure] for one in draws] for draws in states.values()]
        yield f"{figure:<26}" + "".join(f"{_spread(values):>26}" for values in cells)


def _spread(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    if len(known) == 1:
        return f"{known[0]:.4f}"
    return f"{np.mean(known):.4f} ({min(known):.4f}–{max(known):.4f})"

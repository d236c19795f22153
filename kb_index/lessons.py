"""What use has taught, as the index takes it in: further texts of articles, texts that an article does not answer, and
texts that nothing answers; refuses lessons about articles that are not there."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from kb_index.records import Lesson


@dataclass(frozen=True, slots=True)
class Lessons:
    """Lessons in order, each said once."""

    right: tuple[tuple[str, str], ...] = ()  # question, id of the article that answers it
    wrong: tuple[tuple[str, str], ...] = ()  # question, id of an article that does not
    nobodys: tuple[str, ...] = ()  # questions that no article answers

    @classmethod
    def of(cls, lessons: Sequence[Lesson], known: Collection[str]) -> Lessons:
        """Only lessons about known articles; of two about the same pair the later one holds."""
        verdicts: dict[tuple[str, str | None], bool] = {}
        for lesson in lessons:
            pair = (lesson.question.strip(), lesson.article_id)
            if pair[0] and (lesson.article_id is None or lesson.article_id in known):
                verdicts.pop(pair, None)
                verdicts[pair] = lesson.right
        answered = {question for (question, article), right in verdicts.items() if article and right}
        return cls(
            right=tuple(sorted((q, article) for (q, article), right in verdicts.items() if article and right)),
            wrong=tuple(sorted((q, article) for (q, article), right in verdicts.items() if article and not right)),
            nobodys=tuple(sorted(q for q, article in verdicts if article is None and q not in answered)),
        )

    @property
    def digest(self) -> str:
        """The same for the same lessons."""
        return hashlib.sha256(msgspec.json.encode((self.right, self.wrong, self.nobodys))).hexdigest()

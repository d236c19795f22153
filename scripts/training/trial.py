"""Asks labelled questions of indexes that have not learnt from them; refuses to let a question stand on both sides."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.settings import BotSettings
from kb_index.encoders import NamedEncoder
from kb_index.records import Article, Lesson
from kb_index.search import KnowledgeIndex
from kb_index.settings import IndexSettings
from kb_index.vectors import VectorStore
from router.learning.lessons import Label
from router.learning.records import normal_form
from scripts.evaluation.asking import Asked, Examiner, WarmEncoder
from scripts.evaluation.files import Question
from scripts.progress import ProgressBars


def fold_of(key: str, folds: int) -> int:
    """The part, from 0, that all writings of a question belong to, now and in every later training."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % folds


@dataclass(frozen=True, slots=True)
class Contender:
    """An encoder with what the index is told about the questions outside a part."""

    name: str
    encoder: NamedEncoder
    lessons: Callable[[int, int], Sequence[Lesson]]  # of everything but this part of so many


class Trial:
    """The same labelled questions for every contender; `parts` are those that are asked, all by default."""

    def __init__(
        self, articles: Sequence[Article], labels: Sequence[Label], folds: int, index: IndexSettings, bot: BotSettings,
        progress: ProgressBars, parts: Sequence[int] | None = None,
    ) -> None:  # fmt: skip
        known = {article.id for article in articles if article.status == "published"}
        self._articles = articles
        self._folds = folds
        self._index = index
        self._bot = bot
        self._progress = progress
        self._parts = list(range(folds)) if parts is None else list(parts)
        self._labels = [
            label for label in labels if label.is_settled and (label.is_nobodys or label.article_id in known)
        ]
        self.asked = [label for label in self._labels if fold_of(label.key, folds) in self._parts]

    async def run(self, contender: Contender, vectors: VectorStore) -> list[Asked]:
        """What became of each of `asked`, in their order."""
        warm = WarmEncoder(contender.encoder)
        await asyncio.to_thread(warm.warm, [label.text for label in self.asked], self._progress)
        found: dict[str, Asked] = {}
        before: tuple[Sequence[Lesson], KnowledgeIndex] | None = None
        for part in self._parts:
            labels = [label for label in self.asked if fold_of(label.key, self._folds) == part]
            if not labels:
                continue
            lessons = contender.lessons(part, self._folds)
            if before is None or before[0] != lessons:
                before = (lessons, await asyncio.to_thread(self._build, contender.encoder, vectors, lessons))
            questions = [Question(label.text, label.article_id) for label in labels]
            examiner = Examiner(before[1], warm, self._bot)
            asked = await examiner.ask(questions, self._progress, f"asking {contender.name}")
            found |= {label.key: one for label, one in zip(labels, asked, strict=True)}
        return [found[label.key] for label in self.asked]

    def _build(self, encoder: NamedEncoder, vectors: VectorStore, lessons: Sequence[Lesson]) -> KnowledgeIndex:
        return KnowledgeIndex.build(
            self._articles, encoder, self._progress, settings=self._index, vectors=vectors, lessons=lessons
        )


def without_part(lessons: Sequence[Lesson], part: int, folds: int) -> list[Lesson]:
    """Lessons whose question does not belong to a part."""
    return [lesson for lesson in lessons if fold_of(normal_form(lesson.question) or lesson.question, folds) != part]

"""Articles that the bot would think of, for editors who look for the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot import confidence
from bot.records import Source
from kb_index.search import KnowledgeIndex

_SHOWN = 6


class QuestionEncoder(Protocol):
    """Gives a question's vector; `models.batching.BatchedEncoder` fits."""

    async def question_vector(self, text: str) -> NDArray[np.float32]: ...


class Suggestions:
    """Asks what is being served at that moment, without any scope: editors may choose every article."""

    def __init__(self, serving: Callable[[], tuple[KnowledgeIndex, QuestionEncoder] | None]) -> None:
        self._serving = serving

    async def of(self, question: str) -> Sequence[Source]:
        """The best articles for a question, best first; none where there is no index."""
        serving = self._serving()
        if serving is None:
            return ()
        index, encoder = serving
        candidates = index.find(question, await encoder.question_vector(question), limit=_SHOWN)
        chances = confidence.chances(index.calibration, candidates)
        return [
            Source(each.article.id, each.article.question, chance)
            for each, chance in zip(candidates, chances, strict=True)
        ]

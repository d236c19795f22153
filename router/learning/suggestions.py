"""Articles that the bot would think of, for editors who look for the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot import confidence
from bot.records import Source
from router.knowledge.knowledge import Serving

_SHOWN = 6


class Suggestions:
    """Asks what is being served at that moment, without any scope: editors may choose every article."""

    def __init__(self, serving: Callable[[], Serving | None]) -> None:
        self._serving = serving

    async def of(self, question: str) -> Sequence[Source]:
        """The best articles for a question, best first; none where there is no index."""
        serving = self._serving()
        if serving is None:
            return ()
        question = serving.index.reworded(question)
        vector = await serving.encoder.question_vector(question)
        candidates = serving.index.find(question, vector, limit=_SHOWN)
        chances = confidence.chances(serving.index.calibration, candidates)
        return [
            Source(each.article.id, each.article.question, chance)
            for each, chance in zip(candidates, chances, strict=True)
        ]

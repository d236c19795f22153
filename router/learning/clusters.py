"""Open tasks that ask alike, put together, so that an editor writes one article for all of them; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_index.space import Written
from router.knowledge.knowledge import Serving

#: Cosine of centred question vectors from which on two questions ask alike. Of the sample knowledge's wordings, which
#: are written to differ, one pair in seven of the same article lies above it, of different ones one in eight hundred.
ALIKE = 0.5
_MOST = 400  # tasks looked at; the newest
_SHORT = 3  # characters; a shorter question is alike to nothing but itself


@dataclass(slots=True)
class Cluster:
    """Tasks that ask alike, the most frequent wording first."""

    rows: list[Any] = field(default_factory=list)

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(row["times"] for row in self.rows)


class Clusters:
    """Uses the encoder and the geometry of what is served; without either each task stands alone."""

    def __init__(self, serving: Callable[[], Serving | None]) -> None:
        self._serving = serving

    async def of(self, rows: Sequence[Any]) -> list[Cluster]:
        """The tasks in clusters, the most frequent first."""
        rows = sorted(rows[:_MOST], key=lambda row: -row["times"])
        likeness = await self._likeness([row["question"] for row in rows])
        taken: set[int] = set()
        clusters: list[Cluster] = []
        for place, row in enumerate(rows):
            if place in taken:
                continue
            near = [] if likeness is None else np.flatnonzero(likeness[place] >= ALIKE).tolist()
            members = [other for other in near if other not in taken and other != place]
            taken |= {place, *members}
            clusters.append(Cluster([row, *(rows[other] for other in members)]))
        return sorted(clusters, key=lambda cluster: (-cluster.times, -cluster.rows[0]["id"].int))

    async def _likeness(self, questions: Sequence[str]) -> NDArray[np.float32] | None:
        serving = self._serving()
        if serving is None or len(questions) < 2:
            return None
        texts = [serving.index.reworded(question[:200]) for question in questions]
        vectors = np.stack([await serving.encoder.question_vector(text) for text in texts])
        near = serving.index.parts.space.centred(Written.of(vectors, texts))
        likeness: NDArray[np.float32] = np.asarray(near @ near.T, np.float32)
        for place, text in enumerate(texts):
            if len(text) < _SHORT:
                likeness[place, :] = likeness[:, place] = 0
        return likeness

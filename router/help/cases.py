"""The questions of solved conversations and tickets in memory, and those nearest to a new one; knows no texts.

What is compared are vectors around the mean of the knowledge base being served, so that a cosine says something.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import faiss
import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from database.pool import Database
from database.queries import load_queries
from kb_index.languages import LANGUAGES, languages_of
from kb_index.space import Space, Written

Vectors = NDArray[np.float32]

#: The probability that two questions ask the same, by their cosine: fitted on questions/dev, 2,202 pairs of neighbours
#: with questions that no article answers among them.
_SLOPE, _OFFSET = 6.24, -3.67
_AT_ONCE = 5_000  # rows read in one go
_STORED = np.dtype("<f2")


class Serving(Protocol):
    """What is being served: its geometry, the number of its version and its encoder's name, as they are without tuned
    layers."""

    @property
    def space(self) -> Space: ...
    @property
    def version(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Case:
    """Where a solved question stands in the log, and what answered it."""

    conversation_id: UUID
    ticket_id: UUID | None
    question_seqs: tuple[int, ...]
    reply_seq: int | None
    article_id: str | None

    @classmethod
    def from_row(cls, row: Record) -> Case:
        return cls(
            row["conversation_id"], row["ticket_id"], tuple(row["question_seqs"]), row["reply_seq"], row["article_id"]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """A case and the probability that it is about the same."""

    case: Case
    chance: float


class Cases:
    """One process's view; `follow` brings it up to date, `near` is quick enough for every keystroke."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries(__file__)
        self._cases: list[Case] = []
        self._last = 0
        self._of: tuple[str, int] = ("", -1)
        self._erased = 0
        self._index: Any = None  # faiss has no types

    def __len__(self) -> int:
        return len(self._cases)

    async def follow(self, serving: Serving) -> None:
        """Reads what has been solved since; everything anew for another encoder or another knowledge base, since that
        is another geometry, and once a customer was erased, whose cases are gone."""
        erased = await self._database.fetchval(self._sql["customers_erased"])
        if (*self._of, self._erased) != (serving.fingerprint, serving.version, erased):
            self._of, self._erased = (serving.fingerprint, serving.version), erased
            self._cases, self._last, self._index = [], 0, _flat(serving.space.mean.shape[0])
        while rows := await self._database.fetch(self._sql["cases_after"], self._last, serving.fingerprint, _AT_ONCE):
            raw = [np.frombuffer(row["vector"], _STORED).astype(np.float32) for row in rows]
            languages = [_share(row["language"]) for row in rows]
            self._add(serving, raw, languages)
            self._cases += [Case.from_row(row) for row in rows]
            self._last = rows[-1]["n"]
            if len(rows) < _AT_ONCE:
                break

    def near(self, serving: Serving, question: str, vector: Vectors, limit: int) -> list[Near]:
        """The cases most like a question, likeliest first; none where another knowledge base is served by now."""
        if self._index is None or not self._cases or self._of != (serving.fingerprint, serving.version):
            return []
        centred = serving.space.centred(Written(vector[None], languages_of((question,))))
        cosines, places = self._index.search(centred, min(limit, len(self._cases)))
        return [
            Near(self._cases[place], 1 / (1 + math.exp(-(_SLOPE * cosine + _OFFSET))))
            for cosine, place in zip(cosines[0].tolist(), places[0].tolist(), strict=True)
            if place >= 0
        ]

    def _add(self, serving: Serving, raw: Sequence[Vectors], languages: Sequence[Vectors]) -> None:
        self._index.add(serving.space.centred(Written(np.stack(raw), np.stack(languages))))


def _flat(dimensions: int) -> Any:
    """All are compared, at half precision: half the memory to walk through."""
    index = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.train(np.zeros((1, dimensions), np.float32))  # half precision has nothing to learn
    return index


def stored(vector: Vectors) -> bytes:
    """A vector as the database keeps it: float16, half a cosine point at most away."""
    return vector.astype(_STORED).tobytes()


def language_of(text: str) -> str:
    """The language that most of a text is in."""
    return LANGUAGES[int(languages_of((text,))[0].argmax())]


def _share(language: str) -> Vectors:
    share = np.zeros(len(LANGUAGES), np.float32)
    share[LANGUAGES.index(language)] = 1
    return share

"""The knowledge index in memory: immutable, finds the articles nearest to a question; knows no storage of articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb_index.calibration import Calibration
from kb_index.records import Article, Candidate, Scope
from kb_index.settings import IndexSettings

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int], None]  # what is being done, done, total


class Encoder(Protocol):
    """What the index needs of an encoder; `models.encoder.Encoder` fits."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...
    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...


class KnowledgeIndex:
    """All searchable articles of one version; `find` is safe to call from any thread."""

    version: int  # 0: never stored
    calibration: Calibration

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        progress: Progress | None = None,
        *,
        settings: IndexSettings | None = None,
        version: int = 0,
    ) -> KnowledgeIndex:
        """Encodes the articles, fits ranking and calibration on their own variants."""
        raise NotImplementedError

    def save(self, folder: Path) -> str:
        """Writes the cache folder and returns the hash over its files."""
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path, articles: Sequence[Article], encoder: Encoder) -> KnowledgeIndex:
        """Reads a cache folder; raises `IndexDamaged` or `IndexMismatch`."""
        raise NotImplementedError

    def find(self, question: str, vector: Vectors, scope: Scope | None = None, limit: int = 10) -> list[Candidate]:
        """The best candidates first; translations of one article count as one. Empty where nothing is in scope."""
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        """The article as this version pins it."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

"""A deterministic encoder of hashed character n-grams for fast tests; it knows spelling, not meaning, and refuses
nothing, so never serve with it."""

import zlib
from collections.abc import Sequence

import numpy as np

from models.encoder import Vectors
from models.text import normalised

_NGRAM_WEIGHTS = {1: 0.5, 2: 1.0, 3: 1.0}


class HashingEncoder:
    """For tests only: texts that share characters are near each other, texts that share a meaning are not."""

    name = "hashing"

    def __init__(self, dimensions: int = 384) -> None:
        self.dimensions = dimensions
        self.fingerprint = f"hashing-1-{dimensions}"

    @property
    def base(self) -> "HashingEncoder":
        """It is never tuned."""
        return self

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Hashed n-grams of each text, normalised; questions and passages are treated alike."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            self._fill(row, text)
        return vectors

    def encode_turns(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_questions`."""
        return self.encode_questions(texts)

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_questions`."""
        return self.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_questions`."""
        return self.encode_questions(texts)

    def _fill(self, row: Vectors, text: str) -> None:
        letters = f" {normalised(text).casefold()} "
        for length, weight in _NGRAM_WEIGHTS.items():
            for start in range(len(letters) - length + 1):
                hashed = zlib.crc32(letters[start : start + length].encode())
                row[(hashed >> 1) % self.dimensions] += weight if hashed & 1 else -weight
        norm = float(np.linalg.norm(row))
        if norm > 0.0:
            row /= norm
        else:
            row[0] = 1.0

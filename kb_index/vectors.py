"""Vectors of texts, each encoded once: known ones come from earlier versions; another encoder's vectors are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Keys = NDArray[np.uint8]
Progress = Callable[[str, int, int], None]  # what is being done, done, total
Kind = Literal["question", "passage"]

_BATCH = 64
_KEY_BYTES = 16


class Encoder(Protocol):
    """What the index needs of an encoder; `models.encoder.Encoder` fits."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def base(self) -> Encoder: ...  # itself, where no layer of it was tuned on these articles
    def encode_questions(self, texts: Sequence[str], /) -> Vectors: ...
    def encode_passages(self, texts: Sequence[str], /) -> Vectors: ...


class VectorStore:
    """Every text encoded so far, by the hash of its kind and wording."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[bytes, Vectors] = {}

    def learn(self, fingerprint: str, keys: Keys, vectors: Vectors) -> None:
        """Takes over what an earlier version encoded; nothing where another encoder made it."""
        if fingerprint == self._encoder.fingerprint and vectors.shape == (len(keys), self._encoder.dimensions):
            for key, vector in zip(keys, vectors, strict=True):
                self._known.setdefault(key.tobytes(), vector)

    def encode(self, kind: Kind, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, shape (texts, dimensions); only unknown texts are encoded, long ones apart from short ones."""
        keys = [_key(kind, text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        waiting = sorted(missing.items(), key=lambda item: len(item[1]))
        encode = self._encoder.encode_questions if kind == "question" else self._encoder.encode_passages
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            vectors = encode([text for _, text in batch])
            self._known.update(zip((key for key, _ in batch), vectors, strict=True))
            if progress:
                progress(f"encoding {kind}s", start + len(batch), len(waiting))
        if not texts:
            return np.zeros((0, self._encoder.dimensions), np.float32)
        return np.stack([self._known[key] for key in keys]).astype(np.float32)


def keys_of(kind: Kind, texts: Sequence[str]) -> Keys:
    """The hashes to store beside the vectors of these texts, shape (texts, 16)."""
    joined = b"".join(_key(kind, text) for text in texts)
    return np.frombuffer(joined, np.uint8).reshape(-1, _KEY_BYTES)


def _key(kind: Kind, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{text}".encode()).digest()[:_KEY_BYTES]

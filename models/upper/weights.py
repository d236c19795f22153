"""Weights of an encoder's upper layers by name, and their file; refuses a file that holds something else."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.encoder import ModelUnavailable

Floats = NDArray[np.float32]

#: Of each layer, from below, after its number and a dot. Matrices have the shape (inputs, outputs); the query, the key
#: and the value of attention are one; `attended` is the norm after attention, `done` the one at the end.
MATRICES = ("qkv", "out", "up", "down")
NORMS = ("attended", "done")

_HEADS, _EPSILON = "heads", "epsilon"


@dataclass(frozen=True)
class UpperWeights:
    """Layers built like BERT's, post-norm with GELU: for layer 0 `0.qkv.weight`, `0.qkv.bias`, …, `0.done.gain`,
    `0.done.bias`, and so on."""

    heads: int
    epsilon: float  # of the norms
    arrays: Mapping[str, Floats]

    @property
    def layers(self) -> int:
        """How many there are."""
        return sum(name.endswith(".qkv.weight") for name in self.arrays)

    @property
    def dimensions(self) -> int:
        """Length of a state of one token."""
        return len(self.arrays["0.qkv.weight"])

    @cached_property
    def digest(self) -> str:
        """The same for the same weights as they are kept."""
        hashed = hashlib.sha256(f"{self.heads} {self.epsilon!r}".encode())
        for name in sorted(self.arrays):
            hashed.update(name.encode() + _kept(self.arrays[name]).tobytes())
        return hashed.hexdigest()[:32]

    def content(self) -> bytes:
        """What `save` writes."""
        stored: dict[str, NDArray[Any]] = {name: _kept(array) for name, array in self.arrays.items()}
        with io.BytesIO() as file:
            np.savez(
                file, allow_pickle=False,
                **{_HEADS: np.array(self.heads), _EPSILON: np.array(self.epsilon)}, **stored,
            )  # fmt: skip
            return file.getvalue()

    def save(self, path: Path) -> None:
        """Matrices with half the digits: they are rounded to integers afterwards anyway."""
        path.write_bytes(self.content())


def read(path: Path) -> UpperWeights:
    """Raises `ModelUnavailable` for what `save` did not write."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files if name not in (_HEADS, _EPSILON)}
            weights = UpperWeights(int(stored[_HEADS]), float(stored[_EPSILON]), arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelUnavailable(f"{path} does not hold upper layers: {error}") from error
    if not weights.layers:
        raise ModelUnavailable(f"{path} does not hold upper layers")
    return weights


def _kept(array: Floats) -> NDArray[Any]:
    return np.ascontiguousarray(array, np.float16 if array.ndim > 1 else np.float32)

"""What ships of the tuned layers: small factors by which they differ from the encoder's own, and the labels they know;
holds no torch, and refuses a file that is not one."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

#: Written by `python -m scripts.topics`.
FILE = Path(__file__).resolve().parent / "tuned.npz"

_CODES, _SCALES = ".codes", ".scales"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the factors belong to."""

    labels: tuple[str, ...]  # of what the layers say, in this order; “使用问题/甘特图”, and one for no topic
    weights_sha256: str  # of the encoder that they were tuned on
    first: int  # the layers below are the encoder's own
    layers: int
    temperature: float  # what logits are divided by so that they are probabilities


@dataclass(frozen=True, slots=True)
class Tuned:
    """`arrays`: for each weight matrix its `NAME.down` (rank, inputs) and `NAME.up` (outputs, rank); `head.weight`
    (labels, dimensions) and `head.bias`."""

    about: About
    arrays: Mapping[str, NDArray[np.float32]]
    digest: str

    def save(self, path: Path) -> None:
        """Eight bits for each number and a scale for each row: the layers are rounded to integers afterwards anyway."""
        stored: dict[str, NDArray[Any]] = {"about": np.frombuffer(msgspec.json.encode(self.about), np.uint8)}
        for name, array in self.arrays.items():
            scales = np.maximum(np.abs(array).max(axis=-1, keepdims=True) / 127, 1e-12).astype(np.float32)
            stored |= {f"{name}{_CODES}": np.rint(array / scales).astype(np.int8), f"{name}{_SCALES}": scales}
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **stored)


def read(path: Path) -> Tuned:
    """Raises ValueError for a file that `save` did not write."""
    content = path.read_bytes()
    with np.load(path, allow_pickle=False) as stored:
        try:
            about = msgspec.json.decode(stored["about"].tobytes(), type=About)
        except (KeyError, msgspec.DecodeError) as error:
            raise ValueError(f"{path} does not hold tuned layers: {error}") from error
        names = [name.removesuffix(_CODES) for name in stored.files if name.endswith(_CODES)]
        arrays = {name: stored[f"{name}{_CODES}"].astype(np.float32) * stored[f"{name}{_SCALES}"] for name in names}
    return Tuned(about, arrays, hashlib.sha256(content).hexdigest()[:16])


@functools.cache
def shipped() -> Tuned:
    """Those of this version of the program."""
    return read(FILE)


def places_of(labels: tuple[str, ...]) -> NDArray[np.int64]:
    """For each label of a head the column of what the shipped layers say of it; negative for one they do not know."""
    known = {label: place for place, label in enumerate(shipped().about.labels)}
    return np.array([known.get(label, -1) for label in labels], np.int64)

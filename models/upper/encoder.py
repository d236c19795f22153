"""An encoder with layers that were tuned on a knowledge base: the search goes by what they make of a text, everything
else by the untuned vector; refuses layers that do not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from models.encoder import Vectors
from models.manifest import UPPER_RECIPE
from models.onnx_encoder import Kind, OnnxEncoder
from models.upper.weights import UpperWeights


class UpperEncoder:
    """Shares the layers below, and all that is not tuned, with `base`."""

    def __init__(self, base: OnnxEncoder, weights: UpperWeights) -> None:
        """Raises `ModelUnavailable`."""
        self._layers = base.upper_layers(weights)
        self.base = base
        self.name = base.name
        self.dimensions = self._layers.dimensions
        self.fingerprint = fingerprint_of(base.fingerprint, weights)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors to search with, shape `(len(texts), dimensions)`."""
        return self._tuned("question", texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is to be found, shape `(len(texts), dimensions)`."""
        return self._tuned("passage", texts)

    def encode_turns(self, texts: Sequence[str]) -> Vectors:
        """The tuned vector and the untuned one."""
        return self._in_order(self.base.joined("question", texts, self._layers))

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        """The same with what the untuned encoder says of topics."""
        return self._in_order(self.base.joined("question", texts, self._layers, whole=True))

    def _tuned(self, kind: Kind, texts: Sequence[str]) -> Vectors:
        return np.ascontiguousarray(self.base.joined(kind, texts, self._layers)[:, self.base.dimensions :])

    def _in_order(self, rows: Vectors) -> Vectors:
        """What is searched with comes first."""
        own, end = self.base.dimensions, self.base.dimensions + self.dimensions
        return np.concatenate([rows[:, own:end], rows[:, :own], rows[:, end:]], axis=1)


def fingerprint_of(base: str, weights: UpperWeights) -> str:
    """The fingerprint of the encoder with this fingerprint once its layers have these weights."""
    return hashlib.sha256(f"{base}\0{UPPER_RECIPE}\0{weights.digest}".encode()).hexdigest()[:32]

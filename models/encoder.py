"""What an encoder promises: one unit vector for each text; refuses nothing but a model that cannot be had."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class ModelUnavailable(Exception):
    """The configured model cannot be had; the message is one line that says what to do."""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their likeness.

    Every vector is L2-normalised; equal texts give equal rows (up to rounding) whatever else is in the call.
    Calls block and may come from any one thread at a time.
    """

    @property
    def name(self) -> str:
        """The model's name, for people."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes with weights, tokenizer, pooling, prompts or cut: vectors of two fingerprints never mix."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        ...

    @property
    def base(self) -> "Encoder":
        """What it was tuned from, for searching; itself where it was not tuned. What is learnt of messages goes by the
        vectors of this one."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what customers ask, shape `(len(texts), dimensions)`."""
        ...

    def encode_turns(self, texts: Sequence[str]) -> Vectors:
        """What `encode_questions` gives, and after it in each row, where the encoder was tuned, what `base` gives."""
        ...

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        """What `encode_turns` gives, and after it in each row whatever else the encoder itself has to say of a
        message: log probabilities of the topics that ship with the program, or nothing. Takes longer."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what the knowledge base holds to be found, shape `(len(texts), dimensions)`."""
        ...

"""The head that hears promises, for whichever encoder is served; fitted beside the loop where it is not prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.heads.promising import SHIPPED, path_of, promise_head, read_sentences
from router.knowledge.knowledge import Serving
from router.promises.hearing import Ear


class Ears:
    """None until `follow` has found something being served."""

    def __init__(self, serving: Callable[[], Serving | None], cache: Path) -> None:
        self._serving = serving
        self._cache = cache
        self._ear: Ear | None = None

    @property
    def now(self) -> Ear | None:
        return self._ear

    async def follow(self) -> None:
        """Takes over what is being served; raises `QuestionNotEncoded` where the encoder goes meanwhile."""
        serving = self._serving()
        if serving is None or (self._ear is not None and self._ear.vectors is serving.encoder):
            return
        encoder: Encoder = serving.encoder.encoder.base
        if not path_of(encoder.fingerprint, self._cache).exists():
            # Through the door where customers' questions go too: nobody else may use the encoder meanwhile.
            texts = [sentence.text for sentence in read_sentences(SHIPPED)]
            own = {text: await serving.encoder.heard_vector(text) for text in texts}
            encoder = _Known(encoder, own)
        head = await asyncio.to_thread(promise_head, encoder, self._cache)
        self._ear = Ear(serving.encoder, head)


@dataclass(frozen=True, slots=True)
class _Known:
    """An encoder that has only to look up."""

    encoder: Encoder
    vectors: Mapping[str, NDArray[np.float32]]

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    @property
    def dimensions(self) -> int:
        return self.encoder.dimensions

    @property
    def base(self) -> Encoder:
        return self

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.vectors[text] for text in texts])

    def encode_turns(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_questions(texts)

    def encode_messages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise NotImplementedError("only questions are known")

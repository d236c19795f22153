"""A transformers model for text classification that answers one question about messages, in a thread of its own;
refuses a model that cannot be loaded or whose labels mean nothing here."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from models.batching import EncoderBusy
from models.encoder import ModelUnavailable
from models.heads.heads import Opinion
from models.hub import settle_reachability

_MAX_TOKENS = 256
#: Messages that wait for the thread; one more is refused.
_MOST_WAITING = 256


class TransformersClassifier:
    """Labels are translated; several labels of the model that mean the same here add up."""

    def __init__(self, tokenizer: Any, model: Any, labels: tuple[str, ...]) -> None:
        """`labels`: for each output of the model what it means here."""
        self._tokenizer = tokenizer
        self._model = model
        self._places = {label: [n for n, one in enumerate(labels) if one == label] for label in dict.fromkeys(labels)}
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="classifier")
        self._waiting = 0

    async def read(self, text: str) -> Opinion:
        """The model's opinion; other messages wait for their turn, the event loop does not."""
        if self._waiting >= _MOST_WAITING:
            raise EncoderBusy("too many messages wait for the classifier")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, self._read, text)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Ends the thread once what it reads is read."""
        self._executor.shutdown()

    def _read(self, text: str) -> Opinion:
        import torch

        with torch.inference_mode():
            tokens = self._tokenizer(text, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt")
            chances = self._model(**tokens).logits[0].float().softmax(-1).numpy()
        summed = np.array([chances[places].sum() for places in self._places.values()], np.float32)
        return Opinion(tuple(self._places), summed)


def load_classifier(
    setting: str, name: str, meanings: Mapping[str, str], known: Collection[str]
) -> TransformersClassifier:
    """Loads a folder or a hub name; takes seconds, and torch with its memory.

    `setting` is the setting's name for messages, `meanings` what the model's labels mean, `known` what they may mean.
    Raises ModelUnavailable.
    """
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # seconds: only where configured

    folder = Path(name).expanduser()
    if not folder.is_dir():
        settle_reachability()
    try:
        source = str(folder) if folder.is_dir() else name
        tokenizer = AutoTokenizer.from_pretrained(source)
        model = AutoModelForSequenceClassification.from_pretrained(source).eval()
    except (OSError, ValueError, KeyError, ImportError) as error:
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise ModelUnavailable(f"{setting}: {name} cannot be loaded: {first}") from error
    own = [str(model.config.id2label[n]) for n in range(model.config.num_labels)]
    labels = tuple(meanings.get(label, label) for label in own)
    strange = sorted({label for label in labels if label not in known})
    if strange:
        raise ModelUnavailable(
            f"{setting}: {name} has labels that mean nothing here: {', '.join(strange)}; "
            f"say what they mean in {setting.replace('_model', '_labels')}"
        )
    return TransformersClassifier(tokenizer, model, labels)

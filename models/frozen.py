"""The part of a model that training leaves as it is, run once for each text, so that a step of training costs only the
layers above it; refuses models that are not built like BERT. Imports torch: only training may import it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from models.encoder import ModelUnavailable

Progress = Callable[[str, int, int], None]

_BATCH = 64


class UpperLayers:
    """The trained layers of a model over remembered states of the frozen ones below.

    While it is in use the model itself is taken apart; `restore` puts it together again, with what was trained.
    """

    def __init__(self, model: SentenceTransformer, trained_layers: int) -> None:
        transformer: Any = model[0]
        inner = transformer.auto_model
        if not hasattr(inner, "embeddings") or not hasattr(getattr(inner, "encoder", None), "layer"):
            raise ModelUnavailable(f"{type(inner).__name__}: only models built like BERT can be fine-tuned")
        self._model = model
        self._inner = inner
        self._embeddings = inner.embeddings
        self._layers = list(inner.encoder.layer)
        self._trained = self._layers[max(0, len(self._layers) - trained_layers) :]
        self._states: dict[str, torch.Tensor] = {}
        for weights in model.parameters():
            weights.requires_grad = False
        for layer in self._trained:
            for weights in layer.parameters():
                weights.requires_grad = True

    @property
    def weights(self) -> list[torch.nn.Parameter]:
        """What is trained."""
        return [weights for layer in self._trained for weights in layer.parameters()]

    def remember(self, texts: Sequence[str], progress: Progress) -> None:
        """Runs the frozen part over all texts, half precision, alike lengths together."""
        self._model.eval()
        self._inner.encoder.layer = torch.nn.ModuleList(self._layers[: len(self._layers) - len(self._trained)])
        waiting = sorted(set(texts), key=len)
        with torch.no_grad():
            for start in range(0, len(waiting), _BATCH):
                batch = waiting[start : start + _BATCH]
                features = self._model.preprocess(batch)
                states = self._inner(**_inputs(features)).last_hidden_state.half()
                for text, state, mask in zip(batch, states, features["attention_mask"], strict=True):
                    self._states[text] = state[: int(mask.sum())].clone()
                progress("reading texts", start + len(batch), len(waiting))
        self._inner.encoder.layer = torch.nn.ModuleList(self._trained)
        self._inner.embeddings = _Given()
        self._model.train()

    def vectors(self, texts: Sequence[str]) -> torch.Tensor:
        """Sentence vectors of remembered texts, shape (texts, dimensions), with gradients of the trained layers."""
        states = [self._states[text].float() for text in texts]
        padded = torch.nn.utils.rnn.pad_sequence(states, batch_first=True)
        mask = torch.zeros(padded.shape[:2], dtype=torch.int64)
        for row, state in zip(mask, states, strict=True):
            row[: len(state)] = 1
        hidden = self._inner(inputs_embeds=padded, attention_mask=mask).last_hidden_state
        features: dict[str, Any] = {"token_embeddings": hidden, "attention_mask": mask}
        for stage in list(self._model.children())[1:]:
            features = stage(features)
        vectors: torch.Tensor = features["sentence_embedding"]
        return vectors

    def restore(self) -> None:
        """The whole model again."""
        self._inner.encoder.layer = torch.nn.ModuleList(self._layers)
        self._inner.embeddings = self._embeddings
        self._model.eval()


class _Given(torch.nn.Module):
    """In the place of the word vectors: what was remembered is handed on."""

    def forward(self, inputs_embeds: torch.Tensor, **_: object) -> torch.Tensor:
        return inputs_embeds


def _inputs(features: dict[str, Any]) -> dict[str, Any]:
    return {name: features[name] for name in ("input_ids", "attention_mask", "token_type_ids") if name in features}

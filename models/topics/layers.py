"""The tuned layers as a torch module: states of the encoder's lower layers in, log probabilities of topics out; refuses
nothing. Imports torch: only preparation and training may import it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from models.topics.shipped import Tuned

_NOWHERE = -1e9  # what attention gives to padding


class TopicLayers(torch.nn.Module):
    """Copies of layers, the mean of what comes out of them, and a head over the labels."""

    def __init__(self, layers: Sequence[torch.nn.Module], dimensions: int, labels: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(copy.deepcopy(list(layers)))
        self.head = torch.nn.Linear(dimensions, labels)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)
        self.temperature = 1.0

    def means(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Shape (texts, dimensions), from states (texts, tokens, dimensions) and a mask (texts, tokens) of 0 and 1."""
        kept = mask.to(states.dtype)
        hidden = states
        for layer in self.layers:
            given = layer(hidden, (1 - kept)[:, None, None, :] * _NOWHERE)
            hidden = given[0] if isinstance(given, tuple) else given
        return (hidden * kept[..., None]).sum(dim=1) / kept.sum(dim=1, keepdim=True)

    def forward(self, states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.means(states, attention_mask))
        return torch.log_softmax(logits / self.temperature, dim=-1)


def linear_maps(layers: torch.nn.Module) -> Iterator[tuple[str, torch.nn.Linear]]:
    """The weight matrices that are tuned, by name."""
    for name, module in layers.named_modules():
        if isinstance(module, torch.nn.Linear):
            yield name, module


def layers_of(model: SentenceTransformer) -> list[torch.nn.Module]:
    """The layers of a model built like BERT, from below."""
    inner: Any = model[0].auto_model
    return list(inner.encoder.layer)


def with_shipped(model: SentenceTransformer, tuned: Tuned) -> TopicLayers:
    """Copies of the model's layers as they were tuned."""
    about, arrays = tuned.about, tuned.arrays
    own = layers_of(model)[about.first : about.first + about.layers]
    made = TopicLayers(own, arrays["head.weight"].shape[1], len(about.labels))
    with torch.no_grad():
        for name, linear in linear_maps(made.layers):
            linear.weight += torch.from_numpy(arrays[f"{name}.up"] @ arrays[f"{name}.down"])
        made.head.weight.copy_(torch.from_numpy(arrays["head.weight"]))
        made.head.bias.copy_(torch.from_numpy(arrays["head.bias"]))
    made.temperature = about.temperature
    return made.eval()

"""The layers without torch are torch's: the same vectors, and the same slopes for every weight."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.upper.layers import Layers, Pass
from models.upper.weights import UpperWeights

pytestmark = pytest.mark.slow

_PARTS = {"out": "attention.output.dense", "up": "intermediate.dense", "down": "output.dense"}
_NORMS = {"attended": "attention.output.LayerNorm", "done": "output.LayerNorm"}


def test_vectors_and_slopes_are_those_of_torch() -> None:
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=9, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.2,
    )  # fmt: skip
    model = BertModel(config).eval()  # type: ignore[no-untyped-call]
    named = {
        name.removeprefix("encoder.layer."): weight
        for name, weight in model.named_parameters()
        if name.startswith("encoder.layer.")
    }

    def told(what: dict[str, torch.Tensor]) -> dict[str, NDArray[np.float32]]:
        found = {}
        for number in range(2):
            for kind in ("weight", "bias"):
                three = [what[f"{number}.attention.self.{one}.{kind}"] for one in ("query", "key", "value")]
                found[f"{number}.qkv.{kind}"] = torch.cat(three).detach().numpy().T
                for ours, theirs in _PARTS.items():
                    found[f"{number}.{ours}.{kind}"] = what[f"{number}.{theirs}.{kind}"].detach().numpy().T
                for ours, theirs in _NORMS.items():
                    name = f"{number}.{ours}.{'gain' if kind == 'weight' else kind}"
                    found[name] = what[f"{number}.{theirs}.{kind}"].detach().numpy()
        return found

    lengths = [5, 9, 2]
    states = torch.randn(3, 9, 32)
    towards = torch.randn(3, 32)
    mask = torch.zeros(3, 9)
    for row, length in enumerate(lengths):
        mask[row, :length] = 1
    hidden = states
    for layer in model.encoder.layer:
        given = layer(hidden, (1 - mask)[:, None, None, :] * -1e9)
        hidden = given[0] if isinstance(given, tuple) else given
    means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    vectors = torch.nn.functional.normalize(means, dim=-1)
    (vectors * towards).sum().backward()  # type: ignore[no-untyped-call]

    layers = Layers(UpperWeights(4, config.layer_norm_eps, told(named)))
    passed = Pass(layers, [states[row, :length].numpy() for row, length in enumerate(lengths)])
    assert np.allclose(passed.vectors, vectors.detach().numpy(), atol=1e-5)
    found = passed.back(towards.numpy())
    expected = told({name: weight.grad for name, weight in named.items() if weight.grad is not None})
    assert set(found) == set(expected)
    for name, slopes in expected.items():
        assert np.allclose(found[name], slopes, atol=1e-4 * np.abs(slopes).max() + 1e-6), name

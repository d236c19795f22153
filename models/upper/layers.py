"""The forward and the backward pass of layers built like BERT's (Devlin et al. 2019, arXiv:1810.04805), without torch;
decides nothing about what is learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from models.upper.weights import UpperWeights

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

_NOWHERE = -1e9  # what attention gives to padding
_HALF, _ROOT_HALF, _ROOT_TAU = np.float32(0.5), np.float32(math.sqrt(0.5)), np.float32(1 / math.sqrt(2 * math.pi))


class Packed:
    """Texts of several lengths, their tokens in one row after the other: only attention pads them."""

    def __init__(self, lengths: Sequence[int], heads: int) -> None:
        self.lengths = np.asarray(lengths, np.int64)
        self.starts: Indices = np.cumsum(self.lengths) - self.lengths
        self.texts: Indices = np.repeat(np.arange(len(lengths)), self.lengths)  # the text of each token
        self._places = np.arange(int(self.lengths.sum())) - self.starts[self.texts]
        self._shape = (len(lengths), int(self.lengths.max()))
        self._heads = heads
        there = np.zeros(self._shape, bool)
        there[self.texts, self._places] = True
        self.mask: Floats = np.where(there, 0, _NOWHERE).astype(np.float32)[:, None, None, :]

    def padded(self, rows: Floats) -> Floats:
        """Shape (tokens, dimensions) to (texts, heads, longest, dimensions / heads)."""
        texts, longest = self._shape
        wide = np.zeros((texts, longest, rows.shape[1]), np.float32)
        wide[self.texts, self._places] = rows
        return wide.reshape(texts, longest, self._heads, -1).transpose(0, 2, 1, 3)

    def packed(self, wide: Floats) -> Floats:
        """The way back."""
        joined = np.ascontiguousarray(wide.transpose(0, 2, 1, 3)).reshape(*self._shape, -1)
        return np.asarray(joined[self.texts, self._places])


@dataclass(frozen=True, slots=True)
class _Normed:
    """What a normalisation remembers."""

    rows: Floats  # before gain and bias
    scale: Floats  # (tokens, 1)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a layer remembers of its forward pass."""

    inputs: Floats
    queries: Floats  # already scaled
    keys: Floats
    values: Floats
    shares: Floats  # of attention
    context: Floats
    attended: _Normed
    middle: Floats  # what goes into the wide half of the layer
    wide: Floats
    cumulative: Floats  # of the normal distribution, at `wide`
    activated: Floats
    done: _Normed


class Layers:
    """Layers with weights that a training changes in place."""

    def __init__(self, weights: UpperWeights) -> None:
        self.arrays: dict[str, Floats] = {name: np.array(array, np.float32) for name, array in weights.arrays.items()}
        self.count = weights.layers
        self.heads = weights.heads
        self._epsilon = np.float32(weights.epsilon)

    def weights(self) -> UpperWeights:
        """As they are now."""
        return UpperWeights(
            self.heads, float(self._epsilon), {name: array.copy() for name, array in self.arrays.items()}
        )

    def vectors(self, states: Sequence[Floats]) -> Floats:
        """Unit vectors of texts, shape (texts, dimensions), from their states, each (tokens, dimensions)."""
        return Pass(self, states).vectors

    def forward(self, number: int, inputs: Floats, texts: Packed) -> tuple[Floats, _Seen]:
        """What layer `number` makes of packed tokens, and what it has to remember for the way back."""
        own = self._own(number)
        query, key, value = (
            texts.padded(part) for part in np.split(inputs @ own["qkv.weight"] + own["qkv.bias"], 3, axis=1)
        )
        query *= np.float32(1 / math.sqrt(query.shape[-1]))
        shares = query @ key.swapaxes(2, 3)
        shares += texts.mask
        shares -= shares.max(axis=-1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=-1, keepdims=True)
        context = texts.packed(np.asarray(shares @ value, np.float32))
        summed = inputs + (context @ own["out.weight"] + own["out.bias"])
        middle, attended = self._normed(summed, own["attended.gain"], own["attended.bias"])
        wide = middle @ own["up.weight"] + own["up.bias"]
        cumulative = erf(wide * _ROOT_HALF)
        cumulative += 1
        cumulative *= _HALF
        activated = wide * cumulative
        summed = middle + (activated @ own["down.weight"] + own["down.bias"])
        outputs, done = self._normed(summed, own["done.gain"], own["done.bias"])
        return outputs, _Seen(
            inputs, query, key, value, shares, context, attended, middle, wide, cumulative, activated, done
        )  # fmt: skip

    def backward(
        self, number: int, slopes: Floats, seen: _Seen, texts: Packed, gradients: dict[str, Floats], *, further: bool
    ) -> Floats:
        """From the loss's slopes by what the layer gave, those by its weights, into `gradients`, and by its inputs
        (nothing where no layer is `further` below)."""
        own = self._own(number)
        found: dict[str, Floats] = {}
        slopes, found["done.gain"], found["done.bias"] = _unnormed(slopes, own["done.gain"], seen.done)
        activated = _linear(slopes, seen.activated, own["down.weight"], found, "down")
        density = np.exp(seen.wide * seen.wide * -_HALF)
        density *= seen.wide
        density *= _ROOT_TAU
        density += seen.cumulative
        density *= activated
        slopes = slopes + _linear(density, seen.middle, own["up.weight"], found, "up")
        slopes, found["attended.gain"], found["attended.bias"] = _unnormed(slopes, own["attended.gain"], seen.attended)
        context = texts.padded(_linear(slopes, seen.context, own["out.weight"], found, "out"))
        scores = context @ seen.values.swapaxes(2, 3)
        value = seen.shares.swapaxes(2, 3) @ context
        scores -= (scores * seen.shares).sum(axis=-1, keepdims=True)
        scores *= seen.shares
        query = (scores @ seen.keys) * np.float32(1 / math.sqrt(seen.keys.shape[-1]))
        key = scores.swapaxes(2, 3) @ seen.queries
        attention = np.concatenate([texts.packed(np.asarray(part)) for part in (query, key, value)], axis=1)
        below = _linear(attention, seen.inputs, own["qkv.weight"], found, "qkv", further=further)
        gradients.update((f"{number}.{name}", array) for name, array in found.items())
        return slopes + below if further else below

    def _own(self, number: int) -> Mapping[str, Floats]:
        before = f"{number}."
        return {name.removeprefix(before): array for name, array in self.arrays.items() if name.startswith(before)}

    def _normed(self, rows: Floats, gain: Floats, bias: Floats) -> tuple[Floats, _Normed]:
        around = rows - rows.mean(axis=1, keepdims=True)
        scale = 1 / np.sqrt(np.square(around).mean(axis=1, keepdims=True) + self._epsilon)
        around *= scale
        return around * gain + bias, _Normed(around, scale)


class Pass:
    """One forward pass over some texts, and the way back from their vectors."""

    def __init__(self, layers: Layers, states: Sequence[Floats]) -> None:
        """`states`: of each text, (tokens, dimensions)."""
        self._layers = layers
        self._texts = Packed([len(state) for state in states], layers.heads)
        rows = np.concatenate(states).astype(np.float32)
        self._seen: list[_Seen] = []
        for number in range(layers.count):
            rows, seen = layers.forward(number, rows, self._texts)
            self._seen.append(seen)
        means = np.add.reduceat(rows, self._texts.starts) / self._texts.lengths[:, None].astype(np.float32)
        self._lengths: Floats = np.linalg.norm(means, axis=1, keepdims=True)
        #: Unit vectors, shape (texts, dimensions).
        self.vectors: Floats = means / self._lengths

    def back(self, slopes: Floats) -> dict[str, Floats]:
        """From the loss's slopes by each vector, (texts, dimensions), those by all weights."""
        along = (slopes * self.vectors).sum(axis=1, keepdims=True)
        means = (slopes - self.vectors * along) / (self._lengths * self._texts.lengths[:, None])
        rows = means.astype(np.float32)[self._texts.texts]
        gradients: dict[str, Floats] = {}
        for number in reversed(range(self._layers.count)):
            seen = self._seen.pop()
            rows = self._layers.backward(number, rows, seen, self._texts, gradients, further=number > 0)
        return gradients


def _linear(
    slopes: Floats, inputs: Floats, weight: Floats, found: dict[str, Floats], name: str, *, further: bool = True
) -> Floats:
    """The slopes of a matrix and its bias, into `found`, and of what went into it."""
    found[f"{name}.weight"] = inputs.T @ slopes
    found[f"{name}.bias"] = slopes.sum(axis=0)
    return slopes @ weight.T if further else slopes[:0]


def _unnormed(slopes: Floats, gain: Floats, seen: _Normed) -> tuple[Floats, Floats, Floats]:
    """The slopes of what was normalised, of its gain and of its bias."""
    by_gain, by_bias = (slopes * seen.rows).sum(axis=0), slopes.sum(axis=0)
    inner = slopes * gain
    centred = inner - inner.mean(axis=1, keepdims=True)
    return seen.scale * (centred - seen.rows * (inner * seen.rows).mean(axis=1, keepdims=True)), by_gain, by_bias

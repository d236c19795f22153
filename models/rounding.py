"""Weights as eight-bit integers, so that every processor multiplies them to the same sums; knows no graph."""

import numpy as np
from numpy.typing import NDArray

from models.encoder import Vectors


def eight_bit_columns(weights: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """Codes from -127 to 127 and a scale for each column of `weights` (inputs, outputs).

    Processors without VNNI add two neighbouring products in 16 bits, which saturate: the codes of a column are small
    enough that 255 times two neighbours of one sign never does, so that every processor gets the same sums.
    """
    pairs = weights.reshape(len(weights) // 2, 2, -1)
    both = np.maximum(np.maximum(pairs, 0).sum(axis=1), np.maximum(-pairs, 0).sum(axis=1)).max(axis=0)
    scales = np.maximum(np.maximum(both / 127.5, np.abs(weights).max(axis=0) / 127), 1e-12).astype(np.float32)
    return np.rint(weights / scales).astype(np.int8), scales

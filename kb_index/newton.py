"""Finds the weights that make a smooth convex loss smallest while none of them goes below its bound; knows nothing
of what they weigh."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Loss = Callable[[Floats], tuple[float, Floats, Floats]]  # of weights: value, gradient, curvature

_STEPS = 100
_HALVINGS = 30


def minimise(loss: Loss, start: Floats, lowest: Floats) -> Floats:
    """Projected Newton steps with backtracking (Bertsekas 1982); a weight at its bound that wants below it stands
    still."""
    weights = np.maximum(start, lowest)
    value, gradient, curvature = loss(weights)
    for _ in range(_STEPS):
        free = ~((weights <= lowest) & (gradient > 0))
        if not free.any() or np.abs(gradient[free]).max() < 1e-6:
            break
        direction = np.zeros_like(weights)
        direction[free] = np.linalg.solve(curvature[np.ix_(free, free)], -gradient[free])
        size = 1.0
        for _ in range(_HALVINGS):
            moved = np.maximum(weights + size * direction, lowest)
            new_value, new_gradient, new_curvature = loss(moved)
            if new_value < value:
                break
            size /= 2
        else:
            break
        settled = np.abs(moved - weights).max() < 1e-5
        weights, value, gradient, curvature = moved, new_value, new_gradient, new_curvature
        if settled:
            break
    return weights

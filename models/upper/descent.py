"""One optimiser for named weights: AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) with gradients cut to a norm;
knows nothing of what they weigh."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_FIRST, _SECOND = 0.9, 0.999  # shares of what was known of a slope, and of its square, at each step
_LEAST = 1e-8
_LARGEST_STEP = 1.0  # norm of the gradient
_WARM_UP = 0.1  # of the steps


class Descent:
    """Changes weights in place."""

    def __init__(self, weights: Mapping[str, Floats], decay: float) -> None:
        self._weights = weights
        self._decay = decay
        self._slopes = {name: np.zeros_like(array) for name, array in weights.items()}
        self._squares = {name: np.zeros_like(array) for name, array in weights.items()}
        self._steps = 0

    def step(self, gradients: Mapping[str, Floats], rate: float) -> None:
        """One step against the gradients, all of them together cut to length one."""
        self._steps += 1
        norm = math.sqrt(sum(float(np.vdot(each, each)) for each in gradients.values()))
        cut = np.float32(min(1.0, _LARGEST_STEP / max(norm, _LEAST)))
        size = np.float32(rate / (1 - _FIRST**self._steps))
        widen = np.float32(1 / (1 - _SECOND**self._steps))
        for name, weight in self._weights.items():
            gradient = gradients[name] * cut
            slope, square = self._slopes[name], self._squares[name]
            slope *= np.float32(_FIRST)
            slope += np.float32(1 - _FIRST) * gradient
            np.square(gradient, out=gradient)
            gradient *= np.float32(1 - _SECOND)
            square *= np.float32(_SECOND)
            square += gradient
            spread = np.sqrt(square * widen)
            spread += np.float32(_LEAST)
            weight *= np.float32(1 - rate * self._decay)
            weight -= size * slope / spread


def rate_at(step: int, steps: int) -> float:
    """The share of the full rate: up over the first steps, then down to nothing. `step` counts from 0."""
    warm = max(1, round(steps * _WARM_UP))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))

"""A session of upper layers: the template that preparation made, with weights put in; without onnx or torch. Refuses
weights that do not fit the template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import ModelUnavailable
from models.rounding import eight_bit_columns
from models.sessions import open_session
from models.upper.weights import Floats, UpperWeights

#: Beside the template: what the inputs of matrices are divided by; the matrices take it over before they are rounded.
FACTORS = "upper-factors.npz"


class UpperLayers:
    """Vectors from states of the layers below."""

    def __init__(self, template: Path, weights: UpperWeights, threads: int, *, integers: bool) -> None:
        given = dict(_rounded(template, weights)) if integers else dict(weights.arrays)
        # The session reads them as long as it lives.
        self._given = {name: np.ascontiguousarray(array) for name, array in given.items()}
        try:
            self._session = open_session(template, threads, self._given)
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"{template} does not take these weights: {str(error).splitlines()[0]}") from error
        self.dimensions = weights.dimensions

    def vectors(self, states: Floats, attention_mask: NDArray[np.int64]) -> Floats:
        """Unit vectors (texts, dimensions) from states (texts, tokens, dimensions)."""
        made: Floats = self._session.run(["vectors"], {"states": states, "attention_mask": attention_mask})[0]
        return made


def _rounded(template: Path, weights: UpperWeights) -> Mapping[str, NDArray[Any]]:
    with np.load(template.with_name(FACTORS), allow_pickle=False) as stored:
        factors = {name: stored[name] for name in stored.files}
    given: dict[str, NDArray[Any]] = {}
    for name, array in weights.arrays.items():
        if array.ndim == 1:
            given[name] = array
            continue
        matrix = name.removesuffix(".weight")
        smooth = array * factors[matrix][:, None] if matrix in factors else array
        given[f"{matrix}.codes"], given[f"{matrix}.scales"] = eight_bit_columns(smooth)
    return given

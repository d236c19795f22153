"""Prepares what a knowledge base may tune of a model: a template and the model's own weights; refuses a template whose
vectors differ from the model's. Imports torch: only preparation may import it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from models import onnx_export
from models.manifest import NO_UPPER, UPPER, UPPER_RECIPE, UPPER_WEIGHTS
from models.upper.graph import UpperLayers
from models.upper.template import first_of, weights_of, write_template

_LEAST_COSINE = 0.999  # the default model in integers: 0.9997


def write_upper(
    model: SentenceTransformer, exported: onnx_export.Exported, graph: Path, probes: Sequence[onnx_export.Tokens],
    work: Path, scratch: Path, *, integers: bool,
) -> str:  # fmt: skip
    """Fills the prepared folder `work`; returns what its manifest says of it. `graph`: with the states, in fp32."""
    if exported.states_of is None or first_of(model) is None:
        return NO_UPPER
    weights = weights_of(model, exported.states_of)
    states = onnx_export.probe_states(graph, probes)
    write_template(weights, states, work / UPPER, scratch, integers=integers)
    layers = UpperLayers(work / UPPER, weights, 0, integers=integers)
    own = np.concatenate([layers.vectors(each["states"], each["attention_mask"]) for each in states])
    if np.sum(own * onnx_export.mean_states(model, probes), axis=1).min() < _LEAST_COSINE:
        for file in (work / UPPER).parent.glob("upper*"):
            file.unlink()
        return NO_UPPER
    weights.save(work / UPPER_WEIGHTS)
    return UPPER_RECIPE

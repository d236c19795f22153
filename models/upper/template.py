"""The graph of an encoder's upper layers without their weights, from its states to a vector; refuses models that are
not built like BERT. Used by preparation only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from sentence_transformers import SentenceTransformer

from models.integer_graph import write_integer_graph
from models.upper.graph import FACTORS
from models.upper.weights import MATRICES, Floats, UpperWeights

_TUNED = 4  # layers from above that may be tuned
_NOWHERE = -1e9  # what attention gives to padding
_EXTERNAL = "tuned"


def first_of(model: SentenceTransformer) -> int | None:
    """The lowest layer that may be tuned; None for a model that is built in another way."""
    inner: Any = getattr(model[0], "auto_model", None)
    layers = getattr(getattr(inner, "encoder", None), "layer", None)
    configuration = getattr(inner, "config", None)
    if not layers or getattr(configuration, "hidden_act", None) != "gelu" or len(layers) < 2:
        return None
    if getattr(configuration, "position_embedding_type", "absolute") != "absolute" or not _is_like_bert(layers[0]):
        return None
    return max(1, len(layers) - _TUNED)


def weights_of(model: SentenceTransformer, first: int) -> UpperWeights:
    """The model's own weights from that layer on."""
    inner: Any = model[0].auto_model
    arrays: dict[str, Floats] = {}
    epsilon = 0.0
    for number, layer in enumerate(list(inner.encoder.layer)[first:]):
        attention = layer.attention
        own = attention.self
        parts = [own.query, own.key, own.value]
        linears = {"out": attention.output.dense, "up": layer.intermediate.dense, "down": layer.output.dense}
        arrays[f"{number}.qkv.weight"] = np.concatenate([_array(part.weight).T for part in parts], axis=1)
        arrays[f"{number}.qkv.bias"] = np.concatenate([_array(part.bias) for part in parts])
        for name, linear in linears.items():
            arrays[f"{number}.{name}.weight"] = np.ascontiguousarray(_array(linear.weight).T)
            arrays[f"{number}.{name}.bias"] = _array(linear.bias)
        for name, norm in (("attended", attention.output.LayerNorm), ("done", layer.output.LayerNorm)):
            arrays[f"{number}.{name}.gain"], arrays[f"{number}.{name}.bias"] = _array(norm.weight), _array(norm.bias)
            epsilon = float(norm.eps)
    return UpperWeights(int(inner.config.num_attention_heads), epsilon, arrays)


def write_template(
    weights: UpperWeights, probes: Sequence[Mapping[str, NDArray[Any]]], target: Path, scratch: Path, *, integers: bool
) -> None:
    """Writes the graph to `target`, its weights left open, and beside it what they are divided by before they are
    rounded. `probes`: states and attention masks, each text alone."""
    whole = scratch / "upper-whole.onnx"
    onnx.save(_graph(weights), whole)
    factors: dict[str, Floats] = {}
    if integers:
        rounded = scratch / "upper-rounded.onnx"
        write_integer_graph(whole, rounded, probes)
        model = onnx.load(rounded)
        divided = {tensor.name: tensor for tensor in model.graph.initializer if tensor.name.endswith(".factors")}
        for number in range(weights.layers):
            for name, source in ((f"{number}.qkv", f"{number - 1}.done"), (f"{number}.up", f"{number}.attended")):
                if (inverse := divided.get(f"{source}.factors")) is not None:
                    exact = -np.log2(numpy_helper.to_array(inverse))
                    factors[name] = np.exp2(np.rint(4 * exact) / 4).astype(np.float32)
    else:
        model = onnx.load(whole)
    _leave_open(model, weights)
    onnx.save(model, target)
    with target.with_name(FACTORS).open("wb") as file:
        np.savez(file, allow_pickle=False, **factors)


def _is_like_bert(layer: Any) -> bool:
    paths = (
        "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
        "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm",
    )  # fmt: skip
    known = {name for name, _ in layer.named_modules()}
    return all(path in known for path in paths)


def _array(tensor: Any) -> Floats:
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)


def _leave_open(model: onnx.ModelProto, weights: UpperWeights) -> None:
    """Whatever a session is given with its weights has no values in the file."""
    matrices = {f"{number}.{name}" for number in range(weights.layers) for name in MATRICES}
    for tensor in model.graph.initializer:
        base, _, ending = tensor.name.rpartition(".")
        if tensor.name in weights.arrays or (base in matrices and ending in ("codes", "scales")):
            size = numpy_helper.to_array(tensor).nbytes
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (("location", _EXTERNAL), ("offset", "0"), ("length", str(size))):
                tensor.external_data.add(key=key, value=value)


def _graph(weights: UpperWeights) -> onnx.ModelProto:
    nodes: list[NodeProto] = []
    depth = weights.dimensions // weights.heads

    def node(kind: str, inputs: Sequence[str], *outputs: str, **how: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, list(outputs), f"{outputs[0]}.{kind}", **how))
        return outputs[0]

    def linear(name: str, source: str) -> str:
        return node("Add", [node("MatMul", [source, f"{name}.weight"], name), f"{name}.bias"], f"{name}.sum")

    def norm(name: str, *sources: str) -> str:
        both = node("Add", sources, f"{name}.sum")
        how = {"axis": -1, "epsilon": weights.epsilon}
        return node("LayerNormalization", [both, f"{name}.gain", f"{name}.bias"], name, **how)

    kept = node("Cast", ["attention_mask"], "kept", to=TensorProto.FLOAT)
    there = node("Unsqueeze", [kept, "middle_axes"], "there")
    barred = node("Mul", [node("Sub", ["one", there], "absent"), "nowhere"], "barred")
    hidden = "states"
    for number in range(weights.layers):
        own = f"{number}"
        parts = [f"{own}.query", f"{own}.key", f"{own}.value"]
        node("Split", [linear(f"{own}.qkv", hidden)], *parts, axis=-1, num_outputs=3)
        for part, order in zip(parts, ((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3)), strict=True):
            node("Transpose", [node("Reshape", [part, "by_heads"], f"{part}.parted")], f"{part}.turned", perm=order)
        scores = node("MatMul", [f"{own}.query.turned", f"{own}.key.turned"], f"{own}.scores")
        scaled = node("Add", [node("Mul", [scores, "scale"], f"{own}.scaled"), barred], f"{own}.masked")
        shares = node("Softmax", [scaled], f"{own}.shares", axis=-1)
        seen = node("MatMul", [shares, f"{own}.value.turned"], f"{own}.seen")
        together = node("Transpose", [seen], f"{own}.together", perm=(0, 2, 1, 3))
        context = node("Reshape", [together, "joined"], f"{own}.context")
        attended = norm(f"{own}.attended", linear(f"{own}.out", context), hidden)
        active = node("Gelu", [linear(f"{own}.up", attended)], f"{own}.active")
        hidden = norm(f"{own}.done", linear(f"{own}.down", active), attended)
    weighed = node("Mul", [hidden, node("Unsqueeze", ["kept", "last"], "column")], "weighed")
    total = node("ReduceSum", [weighed, "tokens_axis"], "total", keepdims=0)
    length = node("Max", [node("ReduceL2", [total, "last"], "length", keepdims=1), "least"], "long_enough")
    node("Div", [total, length], "vectors")

    constants: dict[str, NDArray[Any]] = {
        "middle_axes": np.array([1, 2], np.int64), "last": np.array([-1], np.int64),
        "tokens_axis": np.array([1], np.int64), "one": np.array(1, np.float32),
        "nowhere": np.array(_NOWHERE, np.float32), "scale": np.array(1 / np.sqrt(depth), np.float32),
        "by_heads": np.array([0, 0, weights.heads, depth], np.int64),
        "joined": np.array([0, 0, weights.dimensions], np.int64), "least": np.array(1e-12, np.float32),
    }  # fmt: skip
    tensors = [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items()]
    tensors += [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in weights.arrays.items()]
    size: list[str | int] = ["texts", "tokens"]
    graph = helper.make_graph(
        nodes, "upper",
        [
            helper.make_tensor_value_info("states", TensorProto.FLOAT, [*size, weights.dimensions]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, size),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", weights.dimensions])],
        tensors,
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)

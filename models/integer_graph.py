"""Rewrites an exported graph to multiply in eight-bit integers and to keep its word table in blocks; leaves alone what
it does not know. Used by preparation only.

Weights are rounded per output column, activations per row (dynamically, so no text's vector depends on its company).
Channels that are much larger than the others are first divided by a factor that the weights take over (SmoothQuant,
Xiao et al. 2022, arXiv:2211.10438); how large each channel gets is seen on a few probe texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from models.blocks import BLOCK, packed
from models.encoder import Vectors
from models.rounding import eight_bit_columns

Feed = Mapping[str, NDArray[Any]]

RECIPE = "int8-1"  # changes with whatever changes vectors below

_DOMAIN = "com.microsoft"
_SMALL_TABLE_ROWS = 4096  # a smaller table is not worth packing
_SMOOTHING = 0.65  # the share of a channel's size that goes to the weights: the best of 0.5 … 0.8 in cosine to fp32
_LEAST_GELU = -0.17  # of the function x·Φ(x)
_GELU_ZERO = 24  # codes below zero for what GELU lets through there; the others are for its large values


def write_integer_graph(source: Path, target: Path, probes: Sequence[Feed]) -> None:
    """`source` in integers, its weights in a file beside `target`."""
    model = onnx.load(source)
    _Rewriting(model, _channel_peaks(source, probes)).run()
    onnx.save(
        model, target, save_as_external_data=True, location=f"{target.name}.data", size_threshold=1024
    )  # fmt: skip


def _channel_peaks(source: Path, probes: Sequence[Feed]) -> dict[str, Vectors]:
    """The largest absolute value of every channel of each tensor that a weight matrix multiplies."""
    model = onnx.load(source, load_external_data=False)
    names = sorted({node.input[0] for node, _ in _products(model.graph)})
    del model.graph.output[:]
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    watched = source.with_name("watched.onnx")  # beside the weights, which it shares
    onnx.save(model, watched)
    try:
        options = ort.SessionOptions()
        options.log_severity_level = 3
        session = ort.InferenceSession(str(watched), options, providers=["CPUExecutionProvider"])
        seen = [session.run(names, dict(feed)) for feed in probes]
    finally:
        watched.unlink()
    return {
        name: np.max([_peaks(values) for values in each], axis=0)
        for name, each in zip(names, zip(*seen, strict=True), strict=True)
    }


def _peaks(values: Vectors) -> Vectors:
    peaks: Vectors = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
    return peaks


def _products(graph: onnx.GraphProto) -> Iterator[tuple[NodeProto, TensorProto]]:
    """Each multiplication by a constant matrix, with that matrix."""
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        weights = tensors.get(node.input[1]) if node.op_type == "MatMul" else None
        if weights is None or weights.data_type != TensorProto.FLOAT:
            continue
        if len(weights.dims) == 2 and weights.dims[0] % 2 == 0:
            yield node, weights


class _Rewriting:
    """One pass over a graph's nodes, in place."""

    def __init__(self, model: onnx.ModelProto, peaks: Mapping[str, Vectors]) -> None:
        self._model = model
        self._graph = model.graph
        self._peaks = peaks
        self._tensors = {tensor.name: tensor for tensor in self._graph.initializer}
        self._makers = {output: node for node in self._graph.node for output in node.output}
        self._nodes: list[NodeProto] = []
        self._rounded: dict[str, tuple[str, str]] = {}  # input of products → its codes and the size of each row

    def run(self) -> None:
        """Replaces products and word tables; unused weights go."""
        products = {node.output[0]: numpy_helper.to_array(weights) for node, weights in _products(self._graph)}
        smoothing = self._smoothing(products)
        self._constants()
        for node in list(self._graph.node):
            if node.output[0] in products:
                self._multiply(node, products[node.output[0]], smoothing.get(node.input[0]))
            elif node.op_type == "Gather" and self._is_word_table(node):
                self._look_up(node)
            else:
                self._nodes.append(node)
        del self._graph.node[:]
        self._graph.node.extend(self._nodes)
        used = {name for node in self._nodes for name in node.input}
        kept = [tensor for name, tensor in self._tensors.items() if name in used]
        del self._graph.initializer[:]
        self._graph.initializer.extend(kept)
        self._model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))

    def _smoothing(self, products: Mapping[str, Vectors]) -> dict[str, Vectors]:
        """Factors by which the channels of a normalised input shrink; all products of one input share them."""
        largest: dict[str, Vectors] = {}
        for output, weights in products.items():
            name = self._makers[output].input[0]
            if self._is_made_by(name, "LayerNormalization"):
                size = np.abs(weights).max(axis=1)
                largest[name] = np.maximum(largest[name], size) if name in largest else size
        factors = {}
        for name, size in largest.items():
            exact = np.maximum(self._peaks[name], 1e-4) ** _SMOOTHING / np.maximum(size, 1e-4) ** (1 - _SMOOTHING)
            # In steps of a fourth of an octave: the same on every machine although the peaks differ in the last digit.
            factors[name] = np.exp2(np.rint(4 * np.log2(exact)) / 4).astype(np.float32)
        return factors

    def _multiply(self, node: NodeProto, weights: Vectors, factors: Vectors | None) -> None:
        source, output = node.input[0], node.output[0]
        is_gelu = self._is_made_by(source, "Gelu")
        if source not in self._rounded:
            self._rounded[source] = self._round_rows(source, factors, is_gelu=is_gelu)
        codes, sizes = self._rounded[source]
        columns, scales = eight_bit_columns(weights if factors is None else weights * factors[:, None])
        inputs = [codes, self._add(f"{output}.codes", columns), "gelu_step" if is_gelu else "row_step"]
        inputs += [self._add(f"{output}.scales", scales), "gelu_zero" if is_gelu else "row_zero"]
        product = self._node("MatMulIntegerToFloat", inputs, f"{output}.product", _DOMAIN)
        self._node("Mul", [product, sizes], output)

    def _round_rows(self, source: str, factors: Vectors | None, *, is_gelu: bool) -> tuple[str, str]:
        name = source
        if factors is not None:
            name = self._node("Mul", [name, self._add(f"{source}.factors", 1 / factors)], f"{source}.smooth")
        highest = self._node("ReduceMax", [name, "last_axis"], f"{source}.highest", keepdims=1)
        if is_gelu:
            sizes = self._node("Max", [highest, "gelu_least"], f"{source}.sizes")
        else:
            lowest = self._node("ReduceMin", [name, "last_axis"], f"{source}.lowest", keepdims=1)
            depth = self._node("Neg", [lowest], f"{source}.depth")
            sizes = self._node("Max", [highest, depth, "row_least"], f"{source}.sizes")
        share = self._node("Div", [name, sizes], f"{source}.share")
        step, zero = ("gelu_step", "gelu_zero") if is_gelu else ("row_step", "row_zero")
        return self._node("QuantizeLinear", [share, step, zero], f"{source}.codes"), sizes

    def _look_up(self, node: NodeProto) -> None:
        table = packed(numpy_helper.to_array(self._tensors[node.input[0]]))
        inputs = [self._add(f"{node.input[0]}.codes", table.codes), node.input[1]]
        inputs.append(self._add(f"{node.input[0]}.scales", table.scales))
        how = {"bits": table.bits, "block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
        self._node("GatherBlockQuantized", inputs, node.output[0], _DOMAIN, **how)

    def _is_word_table(self, node: NodeProto) -> bool:
        table = self._tensors.get(node.input[0])
        if table is None or len(table.dims) != 2 or table.data_type != TensorProto.FLOAT:
            return False
        by_rows = all(attribute.i == 0 for attribute in node.attribute if attribute.name == "axis")
        return by_rows and table.dims[0] >= _SMALL_TABLE_ROWS and table.dims[1] % BLOCK == 0

    def _is_made_by(self, name: str, kind: str) -> bool:
        return name in self._makers and self._makers[name].op_type == kind

    def _constants(self) -> None:
        codes_above = 255 - _GELU_ZERO
        self._add("last_axis", np.array([-1], np.int64))
        self._add("row_step", np.array(1 / 127, np.float32))
        self._add("row_zero", np.array(128, np.uint8))
        self._add("row_least", np.array(1e-9, np.float32))  # no division by zero
        self._add("gelu_step", np.array(1 / codes_above, np.float32))
        self._add("gelu_zero", np.array(_GELU_ZERO, np.uint8))
        self._add("gelu_least", np.array(-_LEAST_GELU / _GELU_ZERO * codes_above, np.float32))

    def _add(self, name: str, values: NDArray[np.generic]) -> str:
        self._tensors[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def _node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **how: int) -> str:
        node = helper.make_node(kind, inputs, [output], f"{output}.{kind}", domain=domain)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in how.items())
        self._nodes.append(node)
        return output

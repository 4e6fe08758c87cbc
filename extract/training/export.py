"""The encoder as an ONNX graph, in 8-bit integers.

The graph is written node by node with ONNX Runtime's fused operators (attention, bias with
GELU): an exported trace has to be matched against patterns to get them, which breaks with every
release of either library.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from extract.training.network import Encoder

MS = "com.microsoft"


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def add(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **attributes))
        return name


def export_encoder(encoder: Encoder, path: Path, quantise: bool = True) -> Path:
    """Write the encoder to ``path``.

    Inputs of the graph: ``ids`` int64 [1, pieces], ``features`` int64 [1, pieces, 4], ``starts``
    and ``ends`` int64 [words], the first piece and the one past the last of each word. Output:
    ``hidden`` [1, words, width].

    Args:
        encoder: what to export.
        path: file to write.
        quantise: weights of the layers in 8 bits (activations are quantised on the fly); else
            in 32. Embedding tables are always kept in 8 bits with a scale per row.
    """
    w = {k: v.detach().float().numpy() for k, v in encoder.state_dict().items()}
    if "project.weight" in w:
        w["words.weight"] = w["words.weight"] @ w["project.weight"].T
    config = encoder.config
    g = _Graph()
    x = _embed(g, w)
    if config.pooled:
        x = _norm(g, w, _place(g, w, x))
    for i in range(config.pooled):
        x = _layer(g, w, f"layers.{i}.", x, config.heads)
    x = _pool(g, x, config.width)
    if not config.pooled:
        x = _norm(g, w, _place(g, w, x))
    for i in range(config.pooled, config.layers):
        x = _layer(g, w, f"layers.{i}.", x, config.heads)
    g.nodes.append(helper.make_node("Identity", [x], ["hidden"]))
    integers = {"ids": [1, "pieces"], "features": [1, "pieces", 4],
                "starts": ["words"], "ends": ["words"]}  # fmt: skip
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, s) for n, s in integers.items()]
    shape = [1, "words", config.width]
    hidden = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, shape)
    graph = helper.make_graph(g.nodes, "encoder", inputs, [hidden], g.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MS, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.save(model, str(path))
    if quantise:
        _quantise(path)
    return path


def _quantise(path: Path) -> None:
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        str(path),
        str(path),
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=True,  # without VNNI, products of full 8-bit numbers overflow 16 bits
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def _table(g: _Graph, name: str, value: NDArray[np.float32], index: str) -> str:
    """Rows of a table kept in 8 bits with a scale per row."""
    scale = np.maximum(np.abs(value).max(1, keepdims=True), 1e-8) / 127
    stored = g.constant(f"{name}.int8", np.round(value / scale).astype(np.int8))
    scales = g.constant(f"{name}.scale", scale.astype(np.float32))
    rows = g.add("Cast", [g.add("Gather", [stored, index])], to=TensorProto.FLOAT)
    return g.add("Mul", [rows, g.add("Gather", [scales, index])])


def _embed(g: _Graph, w: dict[str, NDArray[np.float32]]) -> str:
    x = _table(g, "words", w["words.weight"], "ids")
    columns = []
    for i in range(4):
        at = g.constant(f"column{i}", np.array(i))
        columns.append(g.add("Gather", ["features", at], axis=2))
    for name, column in zip(("word_shape", "piece_shape", "place"), columns, strict=False):
        rows = g.add("Gather", [g.constant(name, w[f"{name}.weight"]), column])
        x = g.add("Add", [x, rows])
    known = _table(g, "lexicon", w["lexicon.weight"], columns[3])
    projected = g.add("MatMul", [known, g.constant("from_lexicon", w["from_lexicon.weight"].T)])
    return g.add("Add", [x, projected])


def _place(g: _Graph, w: dict[str, NDArray[np.float32]], x: str) -> str:
    """Add the vector of each position."""
    zero, one = g.constant("zero", np.array([0])), g.constant("one", np.array([1]))
    length = g.add("Slice", [g.add("Shape", [x]), one, g.constant("two", np.array([2]))])
    table = g.constant("positions", w["positions.weight"])
    return g.add("Add", [x, g.add("Slice", [table, zero, length, zero])])


def _norm(g: _Graph, w: dict[str, NDArray[np.float32]], x: str) -> str:
    scale, shift = g.constant("norm.w", w["norm.weight"]), g.constant("norm.b", w["norm.bias"])
    return g.add("LayerNormalization", [x, scale, shift], axis=-1, epsilon=1e-12)


def _pool(g: _Graph, x: str, width: int) -> str:
    """Mean over the pieces of each word: a difference of running sums."""
    before = g.constant("before", np.zeros((1, 1, width), np.float32))
    axis = g.constant("axis", np.array(1))
    total = g.add("Concat", [before, g.add("CumSum", [x, axis])], axis=1)
    parts = [g.add("Gather", [total, bound], axis=1) for bound in ("ends", "starts")]
    count = g.add("Cast", [g.add("Sub", ["ends", "starts"])], to=TensorProto.FLOAT)
    count = g.add("Unsqueeze", [count, g.constant("last_axis", np.array([1]))])
    return g.add("Div", [g.add("Sub", parts), count])


def _layer(g: _Graph, w: dict[str, NDArray[np.float32]], p: str, x: str, heads: int) -> str:
    def weight(name: str) -> str:
        return g.constant(f"{p}{name}.w", w[f"{p}{name}.weight"].T)

    def bias(name: str) -> str:
        return g.constant(f"{p}{name}.b", w[f"{p}{name}.bias"])

    def norm(number: int, new: str, old: str, added: str) -> str:
        scale = g.constant(f"{p}norm{number}.w", w[f"{p}norm{number}.weight"])
        x = g.add("Add", [g.add("Add", [new, bias(added)]), old])
        return g.add(
            "LayerNormalization", [x, scale, bias(f"norm{number}")], axis=-1, epsilon=1e-12
        )

    a = g.add("Attention", [x, weight("qkv"), bias("qkv")], MS, num_heads=heads)
    x = norm(1, g.add("MatMul", [a, weight("out")]), x, "out")
    up = g.add("BiasGelu", [g.add("MatMul", [x, weight("up")]), bias("up")], MS)
    return norm(2, g.add("MatMul", [up, weight("down")]), x, "down")

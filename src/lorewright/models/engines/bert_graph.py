"""A BERT encoder as an ONNX graph: token ids in, one normalised vector out.

One text at a time, so there is neither a batch axis nor a mask, and the attention needs no
padding. Weights are kept as int8, one scale per output column (per row of the word table);
activations are quantised while it runs. 7 of the 8 bits are used, because CPUs without VNNI add
pairs of products in 16 bits and would saturate: so the same text gives the same vector everywhere.
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Precision = Literal["int8", "fp32"]
Weights = Mapping[str, NDArray[np.float32]]

_LARGEST = 63


def bert_graph(weights: Weights, config: Mapping[str, Any], *, precision: Precision = "int8") -> bytes:
    """Return the serialised graph: `ids` (tokens,) int64 in, `vector` (dimensions,) float32 out.

    `weights` are named as in Hugging Face's BertModel; `config` is its config.json. The vector is
    the mean over all tokens, scaled to length one (Reimers & Gurevych 2019).
    """
    graph = _Graph(weights, precision)
    hidden = _embeddings(graph, config)
    for layer in range(config["num_hidden_layers"]):
        hidden = _layer(graph, hidden, f"encoder.layer.{layer}", config)
    mean = graph.add("ReduceMean", hidden, graph.constant(np.array([0])), keepdims=0)
    graph.add("LpNormalization", mean, output="vector", axis=0, p=2)
    return graph.serialised(n_dimensions=config["hidden_size"])


def _embeddings(graph: "_Graph", config: Mapping[str, Any]) -> str:
    """Return words plus positions, normalised: (tokens, hidden)."""
    words = graph.rows("embeddings.word_embeddings.weight", "ids")
    positions = graph.weights["embeddings.position_embeddings.weight"]
    first_type = graph.weights["embeddings.token_type_embeddings.weight"][0]
    n_tokens = graph.add("Shape", "ids")
    used = graph.add("Slice", graph.constant(positions + first_type), graph.constant(np.array([0])), n_tokens)
    return graph.normalised(graph.add("Add", words, used), "embeddings.LayerNorm", config)


def _layer(graph: "_Graph", hidden: str, name: str, config: Mapping[str, Any]) -> str:
    """Return what one encoder layer makes of (tokens, hidden): the same shape."""
    attended = _attention(graph, hidden, f"{name}.attention.self", config)
    attended = graph.linear(attended, f"{name}.attention.output.dense")
    hidden = graph.normalised(
        graph.add("Add", attended, hidden), f"{name}.attention.output.LayerNorm", config
    )
    inner = graph.add("Gelu", graph.linear(hidden, f"{name}.intermediate.dense"))
    inner = graph.linear(inner, f"{name}.output.dense")
    return graph.normalised(graph.add("Add", inner, hidden), f"{name}.output.LayerNorm", config)


def _attention(graph: "_Graph", hidden: str, name: str, config: Mapping[str, Any]) -> str:
    """Return softmax(q k^T / sqrt(head)) v over all heads: (tokens, hidden)."""
    n_heads, n_hidden = config["num_attention_heads"], config["hidden_size"]
    by_head = graph.constant(np.array([-1, n_heads, n_hidden // n_heads]))
    # One product for the three of them: the activations are quantised once.
    together = graph.linear(hidden, f"{name}.query", f"{name}.key", f"{name}.value")
    query, key, value = (
        graph.add("Reshape", part, by_head) for part in graph.split(together, n_parts=3)
    )  # (tokens, heads, head)
    query = graph.add("Transpose", query, perm=[1, 0, 2])
    key = graph.add("Transpose", key, perm=[1, 2, 0])
    value = graph.add("Transpose", value, perm=[1, 0, 2])
    scale = graph.constant(np.array((n_hidden // n_heads) ** -0.5, dtype=np.float32))
    scores = graph.add("Mul", graph.add("MatMul", query, key), scale)  # (heads, tokens, tokens)
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    mixed = graph.add("Transpose", mixed, perm=[1, 0, 2])
    return graph.add("Reshape", mixed, graph.constant(np.array([-1, n_hidden])))


class _Graph:
    """Nodes and constants in the order they are added."""

    def __init__(self, weights: Weights, precision: Precision) -> None:
        self.weights = weights
        self._precision = precision
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, output: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        output = output or f"value_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output

    def split(self, whole: str, *, n_parts: int) -> list[str]:
        """Cut the columns of `whole` into equal parts."""
        outputs = [f"value_{len(self._nodes)}_{part}" for part in range(n_parts)]
        self._nodes.append(helper.make_node("Split", [whole], outputs, axis=1, num_outputs=n_parts))
        return outputs

    def normalised(self, values: str, name: str, config: Mapping[str, Any]) -> str:
        """Add a layer normalisation with the weights called `name`."""
        gain, shift = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self.add(
            "LayerNormalization",
            values,
            self.constant(gain),
            self.constant(shift),
            epsilon=float(config["layer_norm_eps"]),
        )

    def rows(self, name: str, ids: str) -> str:
        """Add a look-up of the rows `ids` of a table: (ids, columns)."""
        table = self.weights[name]
        if self._precision == "fp32":
            return self.add("Gather", self.constant(table), ids)
        small, scales = _quantised(table, axis=1)
        looked_up = self.add("Cast", self.add("Gather", self.constant(small), ids), to=TensorProto.FLOAT)
        return self.add("Mul", looked_up, self.add("Gather", self.constant(scales), ids))

    def linear(self, values: str, *names: str) -> str:
        """Add `values @ weight.T + bias`; several layers of the same input stand side by side."""
        matrix = np.concatenate([self.weights[f"{name}.weight"] for name in names]).T  # (in, out)
        bias = self.constant(np.concatenate([self.weights[f"{name}.bias"] for name in names]))
        if self._precision == "fp32":
            return self.add("Gemm", values, self.constant(matrix), bias)
        small, scales = _quantised(matrix, axis=0)
        zeros = self.constant(np.zeros(matrix.shape[1], dtype=np.int8))
        return self.add(
            "DynamicQuantizeMatMul",
            values,
            self.constant(small),
            self.constant(scales[0]),
            zeros,
            bias,
            domain="com.microsoft",
        )

    def serialised(self, *, n_dimensions: int) -> bytes:
        """Return the graph as bytes that onnxruntime loads."""
        graph = helper.make_graph(
            self._nodes,
            "bert",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [n_dimensions])],
            self._constants,
        )
        operators = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=9)
        return bytes(model.SerializeToString())


def _quantised(values: NDArray[np.float32], *, axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return whole numbers and scales with `values ~ numbers * scales`, one scale along `axis`."""
    largest = np.abs(values).max(axis=axis, keepdims=True)
    scales = np.where(largest == 0, 1.0, largest / _LARGEST).astype(np.float32)
    return np.rint(values / scales).astype(np.int8), scales

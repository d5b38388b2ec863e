"""Write the trained judge as one int8 ONNX file that carries its tokenizer.

python -m training.judge.export --model FOLDER --out judge.onnx
"""

import argparse
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from lorewright.models.engines import bert_graph as bert


def judge_graph(
    weights: Mapping[str, NDArray[np.float32]],
    config: Mapping[str, Any],
    *,
    tokenizer: str,
    name: str,
    precision: bert.Precision = "int8",
) -> bytes:
    """Return the serialised graph: `ids`, `types` (tokens,) in; `pair` (5,), `token` (tokens, 2) out."""
    trunk = {key.removeprefix("trunk."): value for key, value in weights.items()}
    graph = bert._Graph(trunk, precision)
    words = graph.rows("embeddings.word_embeddings.weight", "ids")
    n_tokens = graph.add("Shape", "ids")
    positions = graph.constant(trunk["embeddings.position_embeddings.weight"][:256])
    used = graph.add("Slice", positions, graph.constant(np.array([0])), n_tokens)
    sides = graph.add("Gather", graph.constant(trunk["embeddings.token_type_embeddings.weight"]), "types")
    hidden = graph.normalised(
        graph.add("Add", graph.add("Add", words, used), sides), "embeddings.LayerNorm", config
    )
    for layer in range(config["num_hidden_layers"]):
        hidden = bert._layer(graph, hidden, f"encoder.layer.{layer}", config)
    first = graph.add("Gather", hidden, graph.constant(np.array([0])), axis=0)
    mean = graph.add("ReduceMean", hidden, graph.constant(np.array([0])), keepdims=1)
    pooled = graph.add("Concat", first, mean, axis=1)  # (1, 2 x hidden)
    pair = graph.add("MatMul", pooled, graph.constant(trunk["pair.weight"].T))
    pair = graph.add("Add", pair, graph.constant(trunk["pair.bias"]))
    graph.add("Reshape", pair, graph.constant(np.array([-1])), output="pair")
    token = graph.add("MatMul", hidden, graph.constant(trunk["token.weight"].T))
    graph.add("Add", token, graph.constant(trunk["token.bias"]), output="token")
    return _serialised(graph, {"tokenizer": tokenizer, "name": name})


def _serialised(graph: "bert._Graph", described: Mapping[str, str]) -> bytes:
    made = helper.make_graph(
        graph._nodes,
        "judge",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"]) for name in ("ids", "types")],
        [
            helper.make_tensor_value_info("pair", TensorProto.FLOAT, [5]),
            helper.make_tensor_value_info("token", TensorProto.FLOAT, ["tokens", 2]),
        ],
        graph._constants,
    )
    operators = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(made, opset_imports=operators, ir_version=9)
    for key, value in described.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def main() -> None:
    """Write the file and say its size and SHA-256, which engines/judge.py must name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, required=True, help="folder that training.judge.train wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="lorewright-judge-2")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    given = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(given.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    made = judge_graph(
        load_file(given.model / "model.safetensors"),
        json.loads((given.model / "config.json").read_text()),
        tokenizer=tokenizer.to_str(),
        name=given.name,
        precision=given.precision,
    )
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(made)
    print(f"{given.out}: {len(made) / 1e6:.1f} MB, SHA-256 {sha256(made).hexdigest()}")


if __name__ == "__main__":
    main()

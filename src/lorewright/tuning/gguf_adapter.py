"""Learned weights as GGUF files: an adapter for the unmodified base, or a whole model."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from lorewright.errors import UnfitBase
from lorewright.models.conversion import find_architecture, halves_to_pairs, pairs_to_halves
from lorewright.tuning.base import BaseFacts
from lorewright.whole_files import sha256_of, unfinished_file

Array = NDArray[Any]


def write_adapter(
    path: Path,
    weights: Mapping[str, tuple[Array, Array]],
    *,
    alpha: float,
    facts: BaseFacts,
    name: str = "",
    dtype: type[np.floating[Any]] = np.float32,
) -> str:
    """Write a LoRA as a GGUF adapter and return its sha256; answers made with it say its `name`.

    `weights` maps a module's name in transformers to A (rank, inputs) and B (outputs, rank).
    """
    with unfinished_file(path) as unfinished:
        writer = gguf.GGUFWriter(unfinished, facts.architecture)
        if name:
            writer.add_name(name)
        writer.add_float32("adapter.lora.alpha", alpha)
        _write_lora(writer, weights, _Names(facts), dtype)
        return sha256_of(unfinished)


def _write_lora(
    writer: Any,
    weights: Mapping[str, tuple[Array, Array]],
    names: "_Names",
    dtype: type[np.floating[Any]],
) -> None:
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    for module, (a, b) in weights.items():
        tensor = names.gguf(f"{module}.weight")
        writer.add_tensor(f"{tensor}.lora_a", np.ascontiguousarray(a, dtype=dtype))
        writer.add_tensor(f"{tensor}.lora_b", np.ascontiguousarray(names.permuted(module, b), dtype=dtype))
    _write_out(writer)


def read_adapter(path: Path, modules: Iterable[str], facts: BaseFacts) -> dict[str, tuple[Array, Array]]:
    """Return the LoRA in a GGUF adapter, as `write_adapter` takes it; it holds weights for all `modules`."""
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    names = _Names(facts)
    weights = {}
    for module in modules:
        name = names.gguf(f"{module}.weight")
        a, b = (_floats(tensors[f"{name}.lora_{matrix}"]) for matrix in "ab")
        weights[module] = (a, names.unpermuted(module, b))
    return weights


def write_model(path: Path, weights: Mapping[str, Array], *, base: Path, facts: BaseFacts) -> str:
    """Write a whole model (F16, vectors F32) with the base's tokenizer and return its sha256.

    `weights` maps a parameter's name in transformers to its value; tensors of the base that no
    parameter learned, such as rope factors, are taken over.
    """
    names = _Names(facts)
    learned = {names.gguf(name): names.permuted(name, value) for name, value in weights.items()}
    with unfinished_file(path) as unfinished:
        _write_model(gguf.GGUFWriter(unfinished, facts.architecture), learned, gguf.GGUFReader(base))
        return sha256_of(unfinished)


def _write_model(writer: Any, learned: Mapping[str, Array], reader: Any) -> None:
    for key, value, kind, item_kind in _metadata(reader):
        writer.add_key_value(key, value, kind, sub_type=item_kind)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    for tensor in reader.tensors:
        array = learned.get(tensor.name)
        if array is None:
            array = gguf.dequantize(tensor.data, tensor.tensor_type)
        kind = np.float32 if array.ndim == 1 else np.float16
        writer.add_tensor(tensor.name, np.ascontiguousarray(array, dtype=kind))
    _write_out(writer)


class _Names:
    """What transformers calls a weight, in GGUF's words."""

    def __init__(self, facts: BaseFacts) -> None:
        architecture = next(
            kind for kind, name in gguf.MODEL_ARCH_NAMES.items() if name == facts.architecture
        )
        self._names = gguf.get_tensor_name_map(architecture, facts.n_layers)
        self._facts = facts

    def gguf(self, name: str) -> str:
        gguf_name = self._names.get_name(name, try_suffixes=(".weight", ".bias"))
        if gguf_name is None:
            raise UnfitBase(f"GGUF has no name for {name!r}.", hint="Use another base with recipe lora.")
        return str(gguf_name)

    def permuted(self, name: str, rows: Array) -> Array:
        """Return the rows of a query or key projection in GGUF's order, any other as they are.

        llama.cpp rotates neighbouring pairs of a head where transformers rotates its two halves;
        files of some architectures carry the rows reordered for that.
        """
        n_heads = self._n_heads(name)
        if not n_heads:
            return rows
        return halves_to_pairs(rows, n_heads)

    def unpermuted(self, name: str, rows: Array) -> Array:
        """Return rows in GGUF's order in that of transformers: what `permuted` undoes."""
        n_heads = self._n_heads(name)
        if not n_heads:
            return rows
        return pairs_to_halves(rows, n_heads)

    def _n_heads(self, name: str) -> int:
        """Return how many heads the rows of a projection are of, 0 where they are not reordered."""
        heads = {"q_proj": self._facts.n_heads, "k_proj": self._facts.n_key_heads}
        n_heads = next((n for projection, n in heads.items() if projection in name), 0)
        kind = find_architecture(self._facts.architecture)
        return n_heads if kind and kind.has_paired_heads else 0


def _floats(tensor: Any) -> Array:
    return np.asarray(gguf.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)


def _metadata(reader: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    written = ("GGUF.version", "GGUF.tensor_count", "GGUF.kv_count", "general.architecture",
               "general.file_type", "general.quantization_version")  # fmt: skip
    for field in reader.fields.values():
        if field.name not in written:
            is_list = field.types[0] == gguf.GGUFValueType.ARRAY
            yield field.name, field.contents(), field.types[0], field.types[-1] if is_list else None


def _write_out(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

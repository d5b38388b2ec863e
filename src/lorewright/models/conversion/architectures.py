"""The kinds of models that llama.cpp runs exactly as transformers does, and how each is written down."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorewright.models.conversion.config import ModelConfig

Array = NDArray[Any]
Fields = dict[str, int | float | bool | str]
"""What a GGUF file says of an architecture, by key, without its prefix."""


def _nothing(_: ModelConfig) -> Fields:
    return {}


def _fits(_: ModelConfig) -> str:
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Architecture:
    """A kind of model; `name` is GGUF's for it.

    llama.cpp rotates neighbouring pairs of a head where transformers rotates its two halves: with
    `has_paired_heads` the rows of query and key projections are reordered for that. `norm_offset`
    is what transformers adds to the weights of a norm, and llama.cpp does not. `fields` says what
    the file holds beyond what every kind has, and `misfit` why a configuration of this kind
    differs in llama.cpp ('' where it does not). With `caps_window` llama.cpp has no sliding window
    for it, so that the context ends where the window does.
    """

    name: str
    has_paired_heads: bool = False
    norm_offset: float = 0.0
    fields: Callable[[ModelConfig], Fields] = _nothing
    misfit: Callable[[ModelConfig], str] = _fits
    caps_window: bool = False


def halves_to_pairs(rows: Array, n_heads: int) -> Array:
    """Return the rows of `n_heads` heads with the two halves of each interleaved."""
    halves = rows.reshape(n_heads, 2, -1, *rows.shape[1:])  # (heads, halves, pairs, …)
    return halves.swapaxes(1, 2).reshape(rows.shape)


def pairs_to_halves(rows: Array, n_heads: int) -> Array:
    """Return what `halves_to_pairs` was given."""
    pairs = rows.reshape(n_heads, -1, 2, *rows.shape[1:])  # (heads, pairs, halves, …)
    return pairs.swapaxes(1, 2).reshape(rows.shape)


def common_fields(config: ModelConfig, architecture: Architecture) -> Fields:
    """Return what the file of any kind says."""
    rope = config.rope()
    fields: Fields = {
        "context_length": context_tokens(config, architecture),
        "embedding_length": config.whole("hidden_size"),
        "block_count": config.n_layers,
        "feed_forward_length": config.whole("intermediate_size"),
        "attention.head_count": config.n_heads,
        "attention.head_count_kv": config.n_key_heads,
        "attention.key_length": config.head_width,
        "attention.value_length": config.head_width,
        "attention.layer_norm_rms_epsilon": config.number("rms_norm_eps", 1e-6),
        "rope.dimension_count": config.rotated_width,
        "rope.freq_base": float(rope.get("rope_theta") or 10_000.0),
    }
    return fields | _scaling_fields(config) | architecture.fields(config)


def context_tokens(config: ModelConfig, architecture: Architecture) -> int:
    """Return the longest prompt that llama.cpp reads as transformers does."""
    trained = config.whole("max_position_embeddings", 2048)
    caps = [trained]
    if architecture.caps_window and config.window:
        caps.append(config.window)
    if config.rope()["rope_type"] == "longrope":  # llama.cpp takes the long factors for the whole chat
        caps.append(_first_context(config))
    return min(caps)


def _first_context(config: ModelConfig) -> int:
    given = config.rope().get("original_max_position_embeddings")
    return int(given or config.whole("original_max_position_embeddings", 4096))


def _scaling_fields(config: ModelConfig) -> Fields:
    rope = config.rope()
    kind = rope["rope_type"]
    if kind == "linear":
        return {"rope.scaling.type": "linear", "rope.scaling.factor": float(rope["factor"])}
    if kind == "yarn":
        return {
            "rope.scaling.type": "yarn",
            "rope.scaling.factor": float(rope["factor"]),
            "rope.scaling.original_context_length": _first_context(config),
        }
    if kind == "longrope":
        first, trained = _first_context(config), config.whole("max_position_embeddings")
        factor = float(rope.get("factor") or trained / first)
        usual = math.sqrt(1 + math.log(factor) / math.log(first)) if factor > 1 else 1.0
        return {
            "rope.scaling.original_context_length": first,
            "rope.scaling.attn_factor": float(rope.get("attention_factor") or usual),
        }
    return {}


def rope_factors(config: ModelConfig) -> Mapping[str, Array]:
    """Return the tensors that stretch the rotation: by name, what each frequency is divided by."""
    rope = config.rope()
    if rope["rope_type"] == "longrope":
        return {
            f"rope_factors_{length}.weight": np.array(rope[f"{length}_factor"], dtype=np.float32)
            for length in ("long", "short")
        }
    if rope["rope_type"] != "llama3":
        return {}
    width, base = config.rotated_width, float(rope.get("rope_theta") or 10_000.0)
    wavelengths = 2 * math.pi * base ** (np.arange(0, width, 2, dtype=np.float64) / width)
    factor, low, high = (float(rope[name]) for name in ("factor", "low_freq_factor", "high_freq_factor"))
    n_turns = _first_context(config) / wavelengths
    smooth = (n_turns - low) / (high - low)
    between = 1 / ((1 - smooth) / factor + smooth)
    factors = np.where(n_turns < low, factor, np.where(n_turns > high, 1.0, between))
    return {"rope_freqs.weight": factors.astype(np.float32)}


def rope_misfit(config: ModelConfig) -> str:
    """Return why llama.cpp would tell places apart otherwise, '' where it does not."""
    rope = config.rope()
    kind = rope["rope_type"]
    if kind not in ("default", "linear", "yarn", "llama3", "longrope"):
        return f"its rope type {kind!r} has no counterpart in GGUF"
    if kind == "yarn" and any(rope.get(name) is not None for name in ("mscale", "mscale_all_dim")):
        return "its yarn scaling sets mscale"
    usual = 0.1 * math.log(float(rope["factor"])) + 1 if kind == "yarn" else 0.0
    given = rope.get("attention_factor")
    if kind == "yarn" and given is not None and abs(float(given) - usual) > 1e-6:
        return f"its yarn scaling sets attention_factor to {given}"
    return ""


def _no_sliding_layers(config: ModelConfig) -> str:
    layers = config.values.get("layer_types") or ()
    is_sliding = config.values.get("use_sliding_window", False) and config.window
    if is_sliding and any(layer == "sliding_attention" for layer in layers):
        return "some of its layers have a sliding window, which llama.cpp does not know for this kind"
    return ""


def _gemma3_fields(config: ModelConfig) -> Fields:
    every = config.whole("sliding_window_pattern", config.whole("_sliding_window_pattern", 6))
    local = config.rope("sliding_attention").get("rope_theta") if config.values.get("rope_parameters") else 0
    return {
        "attention.sliding_window": config.whole("sliding_window", 4096),
        "attention.sliding_window_pattern": every,
        "rope.freq_base_swa": float(local or config.number("rope_local_base_freq", 10_000.0)),
    }


_GEMMA_27B_LAYERS = 62


def _gemma3_misfit(config: ModelConfig) -> str:
    if config.values.get("attn_logit_softcapping") or config.values.get("final_logit_softcapping"):
        return "it caps its logits, which llama.cpp does not do for this kind"
    is_largest = config.n_layers == _GEMMA_27B_LAYERS
    usual = config.whole("hidden_size") / config.n_heads if is_largest else config.head_width
    if config.number("query_pre_attn_scalar", 256) != usual:
        return f"query_pre_attn_scalar is not {usual:.0f}"
    layers = config.values.get("layer_types") or ()
    every = _gemma3_fields(config)["attention.sliding_window_pattern"]
    if any((layer == "full_attention") != ((n + 1) % int(every) == 0) for n, layer in enumerate(layers)):
        return f"its full layers are not every {every}th one"
    return ""


_NO_ROPE_EVERY = 4  # llama.cpp's, for smollm3


def _smollm3_misfit(config: ModelConfig) -> str:
    rotated = config.values.get("no_rope_layers")
    every = config.whole("no_rope_layer_interval", _NO_ROPE_EVERY)
    if rotated is None:
        rotated = [int((n + 1) % every != 0) for n in range(config.n_layers)]
    if any(bool(used) != ((n + 1) % _NO_ROPE_EVERY != 0) for n, used in enumerate(rotated)):
        return "its layers without rotation are not every 4th one"
    return _no_sliding_layers(config)


def _granite_fields(config: ModelConfig) -> Fields:
    return {
        "attention.scale": config.number("attention_multiplier", 1.0),
        "embedding_scale": config.number("embedding_multiplier", 1.0),
        "residual_scale": config.number("residual_multiplier", 1.0),
        "logit_scale": config.number("logits_scaling", 1.0),
    }


_LLAMA = Architecture(name="llama", has_paired_heads=True)
_PHI3 = Architecture(name="phi3", caps_window=True)

ARCHITECTURES: Mapping[str, Architecture] = {
    "llama": _LLAMA,
    "mistral": Architecture(name="llama", has_paired_heads=True, caps_window=True),
    "qwen2": Architecture(name="qwen2", misfit=_no_sliding_layers),
    "qwen3": Architecture(name="qwen3", misfit=_no_sliding_layers),
    "gemma3": Architecture(name="gemma3", norm_offset=1.0, fields=_gemma3_fields, misfit=_gemma3_misfit),
    "gemma3_text": Architecture(name="gemma3", norm_offset=1.0, fields=_gemma3_fields, misfit=_gemma3_misfit),
    "phi3": _PHI3,
    "smollm3": Architecture(name="smollm3", has_paired_heads=True, misfit=_smollm3_misfit),
    "granite": Architecture(name="granite", has_paired_heads=True, fields=_granite_fields),
    "olmo2": Architecture(name="olmo2"),
}
"""By `model_type`: those whose texts were compared token for token (tests/integration/models/conversion)."""


def find_architecture(name: str) -> Architecture | None:
    """Return the first kind that GGUF calls `name`, if there is one."""
    return next((kind for kind in ARCHITECTURES.values() if kind.name == name), None)

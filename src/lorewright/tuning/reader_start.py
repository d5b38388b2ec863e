"""The shipped reader as the start of a run: its GGUF file unpacked into a folder of weights."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from lorewright.models.reader import ALPHA, RANK
from lorewright.tuning.base import read_base
from lorewright.tuning.gguf_adapter import read_adapter
from lorewright.tuning.recipe import Recipe

FOLDER = "reader"
_LINEAR = (
    *("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"),
    *("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"),
)


def can_start_from_reader(recipe: Recipe) -> bool:
    """Whether a recipe learns on the layers, and in the rank, that the reader has."""
    return recipe.name == "lora" and (recipe.rank, recipe.alpha) == (RANK, ALPHA)


def unpack_reader(path: Path, *, base: Path, folder: Path) -> Path:
    """Return the folder, inside `folder`, with the reader's weights as a run starts from them."""
    unpacked = folder / FOLDER
    unpacked.mkdir(parents=True, exist_ok=True)
    facts = read_base(base)
    modules = [f"model.layers.{layer}.{part}" for layer in range(facts.n_layers) for part in _LINEAR]
    weights = {}
    for module, (a, b) in read_adapter(path, modules, facts).items():
        weights[f"base_model.model.{module}.lora_A.weight"] = np.ascontiguousarray(a)
        weights[f"base_model.model.{module}.lora_B.weight"] = np.ascontiguousarray(b)
    save_file(weights, unpacked / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": RANK, "lora_alpha": ALPHA}
    (unpacked / "adapter_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    return unpacked

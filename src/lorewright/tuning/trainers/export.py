"""What was learned, as files: GGUF to run, safetensors to take along."""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lorewright.errors import UnfitBase
from lorewright.models.conversion import convert
from lorewright.models.weights import BESIDE_SAFETENSORS
from lorewright.tuning.base import BaseFacts
from lorewright.tuning.gguf_adapter import write_adapter, write_model
from lorewright.tuning.recipe import Recipe
from lorewright.tuning.trainer import Adapter, TrainingMetrics
from lorewright.tuning.trainers.lora import lora_modules
from lorewright.whole_files import sha256_of

_PREFIX = "base_model.model."  # PEFT's, before every name
_WEIGHTS = "adapter_model.safetensors"


def export(
    model: nn.Module, recipe: Recipe, facts: BaseFacts, *, base: Path, folder: Path, metrics: TrainingMetrics
) -> Adapter:
    """Write what was learned: `adapter.gguf` and a PEFT folder, or for the recipe full `model.gguf`."""
    if recipe.name == "full" and base.is_dir():
        return _export_whole(model, base, folder, metrics)
    if recipe.name == "full":
        path = folder / "model.gguf"
        parameters = dict(model.named_parameters())
        weights = {name: value.detach().float().cpu().numpy() for name, value in parameters.items()}
        sha256 = write_model(path, weights, base=base, facts=facts)
        kept = _save(folder / "model", "model.safetensors", dict(parameters), model.config.to_dict())  # type: ignore[operator,union-attr]
        return Adapter(kind="full", path=path, folder=kept, sha256=sha256, metrics=metrics)
    path = folder / "adapter.gguf"
    learned = {
        name: (part.lora_A.detach().cpu(), part.lora_B.detach().cpu()) for name, part in lora_modules(model)
    }
    arrays = {name: (a.numpy(), b.numpy()) for name, (a, b) in learned.items()}
    kept = _save(folder / "adapter", _WEIGHTS, _peft_weights(learned), _peft_config(recipe, learned, base))
    if not facts.architecture:  # it has no GGUF counterpart: the adapter runs where the base does
        path = kept / _WEIGHTS
        return Adapter(kind="lora", path=path, folder=kept, sha256=sha256_of(path), metrics=metrics)
    sha256 = write_adapter(path, arrays, alpha=recipe.alpha, facts=facts)
    return Adapter(kind="lora", path=path, folder=kept, sha256=sha256, metrics=metrics)


def _export_whole(model: nn.Module, base: Path, folder: Path, metrics: TrainingMetrics) -> Adapter:
    """Write a model learned from a folder with safetensors: a folder like it, and the GGUF made of that."""
    kept, path = folder / "model", folder / "model.gguf"
    _save(kept, "model.safetensors", dict(model.named_parameters()), {})
    for name in BESIDE_SAFETENSORS:
        if (base / name).is_file() and not name.endswith(".index.json"):
            shutil.copyfile(base / name, kept / name)
    convert(kept, path, precision="f16", name=base.name)
    return Adapter(kind="full", path=path, folder=kept, sha256=sha256_of(path), metrics=metrics)


def load_weights(model: nn.Module, folder: Path) -> None:
    """Start from an adapter that was saved as a PEFT folder; raise `UnfitBase` where it does not fit."""
    saved = load_file(folder / _WEIGHTS)
    modules = dict(lora_modules(model))
    expected = {
        f"{_PREFIX}{name}.lora_{matrix}.weight": part for name, part in modules.items() for matrix in "AB"
    }
    if saved.keys() != expected.keys():
        raise UnfitBase(
            f"The adapter in {folder} was trained on other layers than this recipe tunes.",
            hint="Start from an adapter of the same base and recipe, or from none.",
        )
    with torch.no_grad():
        for name, value in saved.items():
            getattr(expected[name], name.removesuffix(".weight").rpartition(".")[2]).copy_(value)


def _peft_weights(learned: dict[str, tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    weights = {}
    for name, (a, b) in learned.items():
        weights[f"{_PREFIX}{name}.lora_A.weight"] = a
        weights[f"{_PREFIX}{name}.lora_B.weight"] = b
    return weights


def _peft_config(recipe: Recipe, learned: dict[str, tuple[Tensor, Tensor]], base: Path) -> dict[str, object]:
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base.name,
        "r": recipe.rank,
        "lora_alpha": recipe.alpha,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": sorted(learned),
        "inference_mode": True,
    }


def _save(folder: Path, name: str, weights: dict[str, Tensor], config: dict[str, object]) -> Path:
    """Write weights and their configuration into a folder, and return it."""
    folder.mkdir(exist_ok=True)
    tensors = {key: value.detach().contiguous().cpu() for key, value in weights.items()}
    save_file(tensors, folder / name, metadata={"format": "pt"})
    written = folder / ("adapter_config.json" if name == _WEIGHTS else "config.json")
    written.write_text(json.dumps(config, indent=1, default=str), encoding="utf-8")
    return folder

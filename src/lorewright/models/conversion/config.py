"""What config.json says of a model, in the spellings of several years."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lorewright.errors import UnknownModel


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A model's configuration; of one that also sees or hears, that of its language model."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number; raise `UnknownModel` where neither it nor a default is there."""
        value = self.values.get(name)
        if value is None:
            value = default
        if value is None:
            raise UnknownModel(f"config.json does not state {name!r}.", hint="Download the model again.")
        return int(value)

    def number(self, name: str, default: float) -> float:
        """Return a number, or the default where it is missing or null."""
        value = self.values.get(name)
        return default if value is None else float(value)

    @property
    def n_layers(self) -> int:
        """How many layers it has."""
        return self.whole("num_hidden_layers")

    @property
    def n_heads(self) -> int:
        """How many query heads a layer has."""
        return self.whole("num_attention_heads")

    @property
    def n_key_heads(self) -> int:
        """How many key heads a layer has."""
        return self.whole("num_key_value_heads", self.n_heads)

    @property
    def head_width(self) -> int:
        """How many numbers a head has."""
        return self.whole("head_dim", self.whole("hidden_size") // self.n_heads)

    @property
    def rotated_width(self) -> int:
        """How many numbers of a head say where a token stands."""
        share = self.rope().get("partial_rotary_factor") or self.number("partial_rotary_factor", 1.0)
        return int(self.head_width * float(share))

    @property
    def window(self) -> int:
        """How many tokens a layer looks back, 0 where it sees all."""
        is_used = self.values.get("use_sliding_window", True)
        return int(self.values.get("sliding_window") or 0) if is_used else 0

    def rope(self, layers: str = "full_attention") -> Mapping[str, Any]:
        """Return how places are told apart in a kind of layers: `rope_theta`, `rope_type`, factors."""
        given = self.values.get("rope_parameters") or {}
        given = given.get(layers, {} if "sliding_attention" in given else given)
        scaling = self.values.get("rope_scaling") or {}
        rope = {"rope_theta": self.values.get("rope_theta"), **scaling, **given}
        rope["rope_type"] = rope.get("rope_type") or rope.get("type") or "default"
        return rope


def read_config(folder: Path) -> ModelConfig:
    """Return the configuration in a model's folder; raise `UnknownModel` where it cannot be read."""
    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = str(values.get("model_type", "?"))
        text = values.get("text_config") or {}
    except (OSError, ValueError, AttributeError) as error:
        raise UnknownModel(
            f"{folder} contains no readable config.json.", hint="Download the model again."
        ) from error
    shared = {name: value for name, value in values.items() if name not in ("text_config", "vision_config")}
    return ModelConfig(kind, {**shared, **text})

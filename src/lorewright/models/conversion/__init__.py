"""Safetensors folders of the Hugging Face kind to GGUF files, without torch."""

from lorewright.models.conversion.architectures import (
    ARCHITECTURES,
    Architecture,
    find_architecture,
    halves_to_pairs,
    pairs_to_halves,
)
from lorewright.models.conversion.config import ModelConfig, read_config
from lorewright.models.conversion.to_gguf import PRECISIONS, Precision, convert, reason_not_convertible
from lorewright.models.conversion.vocabulary import PLAIN_TEMPLATE, text_start

__all__ = [
    "ARCHITECTURES",
    "PLAIN_TEMPLATE",
    "PRECISIONS",
    "Architecture",
    "ModelConfig",
    "Precision",
    "convert",
    "find_architecture",
    "halves_to_pairs",
    "pairs_to_halves",
    "read_config",
    "reason_not_convertible",
    "text_start",
]

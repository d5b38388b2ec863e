"""Which files in a place are a model."""

from dataclasses import dataclass
from pathlib import Path

from lorewright.errors import UnknownModel
from lorewright.models.gguf_file import read_gguf_facts

WEIGHTS = (".gguf", ".safetensors")
BESIDE_SAFETENSORS = (
    "config.json", "generation_config.json", "model.safetensors.index.json",
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    "vocab.txt", "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja",
)  # fmt: skip
"""The data that belongs to weights in safetensors; never code, never pickles."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The files of one model: `path` is a .gguf file, or the folder in which `files` are."""

    path: Path
    files: tuple[str, ...]
    licence: str

    @property
    def folder(self) -> Path:
        """Return the folder in which the files are."""
        return self.path if self.path.is_dir() else self.path.parent


def find_weights(path: Path) -> Weights:
    """Return the model at `path`: a .gguf file, or a folder with one, or one with model.safetensors.

    Raises `UnknownModel` for anything else.
    """
    if path.is_dir():
        ggufs = sorted(path.glob("*.gguf"))
        if len(ggufs) > 1:
            raise UnknownModel(
                f"{path} contains {len(ggufs)} models: {', '.join(gguf.name for gguf in ggufs)}.",
                hint="Name one of these files.",
            )
        if not ggufs:
            return _safetensors(path)
        path = ggufs[0]
    return Weights(path, (path.name,), read_gguf_facts(path).licence)


def _safetensors(folder: Path) -> Weights:
    names = [file.name for file in folder.glob("*.safetensors")]
    if not names or not (folder / "config.json").is_file():
        raise UnknownModel(
            f"{folder} contains no model.",
            hint="A model is a .gguf file, or model.safetensors with config.json and tokenizer.json.",
        )
    beside = [name for name in BESIDE_SAFETENSORS if (folder / name).is_file()]
    return Weights(folder, tuple(sorted({*names, *beside})), "")

"""A model on this machine, and the record of what it was when it came."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lorewright.models.hashing import sha256_of_all
from lorewright.models.weights import Weights

_RECORD = "lorewright.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalModel:
    """A model on this machine; `path` is its .gguf file, or the folder that holds model.safetensors.

    `sha256` is that of the .gguf file; of a folder, one over those of its files.
    """

    uri: str
    path: Path
    sha256: str
    size_bytes: int
    licence: str


def write_record(folder: Path, uri: str, weights: Weights, files: Mapping[str, str], licence: str) -> None:
    """Write down in `folder` what the model is; `files` are its files with their sha256.

    A path inside `folder` is written relative to it, so that the folder may move.
    """
    path, states = weights.path, _states(weights.folder, files)
    body = {
        "uri": uri,
        "path": os.fspath(path.relative_to(folder) if path.is_relative_to(folder) else path),
        "files": dict(files),
        "states": states,
        "sha256": sha256_of_all(files),
        "size_bytes": sum(size for size, _ in states),
        "licence": licence,
    }
    written = folder / f"{_RECORD}.{os.getpid()}"
    written.write_text(json.dumps(body, indent=1), encoding="utf-8")
    written.replace(folder / _RECORD)


def read_record(folder: Path) -> LocalModel | None:
    """Return the model recorded in `folder`, or `None` without one or when its files have changed."""
    try:
        body = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        path = folder / body["path"]
        if _states(path if path.is_dir() else path.parent, body["files"]) != body["states"]:
            return None
        return LocalModel(
            uri=body["uri"],
            path=path,
            sha256=body["sha256"],
            size_bytes=body["size_bytes"],
            licence=body["licence"],
        )
    except (OSError, ValueError, KeyError):
        return None


def _states(folder: Path, files: Mapping[str, str]) -> list[list[int]]:
    """Return size and time of change of every file: what tells that one is still the same."""
    states = [(folder / name).stat() for name in sorted(files)]
    return [[file.st_size, file.st_mtime_ns] for file in states]

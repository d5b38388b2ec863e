"""The finished comparison of the bundled domain, as it is shipped: measured once, before shipping."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

BUNDLED = "lorewright.version_desk"
NAME = "measured.json.gz"


@cache
def measured_file() -> Mapping[str, Any]:
    """Return what is shipped: `comparison`, `makings`, `pairs` of near duplicates, `provenance`, `domain`."""
    with as_file(files(BUNDLED) / NAME) as path:
        body: Mapping[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return body


def find_bundled_making(comparison_id: str, arm: str, question_id: str) -> Any:
    """Return how an answer of the shipped comparison came about, as JSON, or `None`."""
    if not (files(BUNDLED) / NAME).is_file() or measured_file()["comparison"]["id"] != comparison_id:
        return None
    return measured_file()["makings"].get(arm, {}).get(question_id)


def bundled_digest() -> str:
    """Return a digest of the bundled domain: what was measured is this and nothing else."""
    return digest_of(files(BUNDLED) / "domain")


def digest_of(domain: Traversable | Path) -> str:
    """Return a digest of a domain's files: their paths and bytes, without the state folder."""
    return sha256("".join(sorted(_lines(domain, ""))).encode()).hexdigest()


def _lines(place: Traversable | Path, path: str) -> list[str]:
    found: list[str] = []
    for entry in place.iterdir():
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            found += _lines(entry, f"{path}{entry.name}/")
        else:
            found.append(f"{path}{entry.name} {sha256(entry.read_bytes()).hexdigest()}\n")
    return found

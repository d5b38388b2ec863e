"""The finished comparison that comes with the version desk."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.errors import UserError
from lorewright.evaluation import Comparison, comparison_from_json
from lorewright.whole_files import write_whole
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace

_PARTS = ("documents", "questions")


def load_bundled_comparison(workspace: Workspace, caller: Caller) -> Comparison:
    """Return the bundled comparison, saved among those of a version desk's domain.

    It says of itself that it was measured before shipping, when, and not on this machine, and
    advice that rests on it says so too. One that is there already stays as it is. Raises
    `UserError` for any other domain: its figures say nothing about other documents.
    """
    caller.need("evaluate")
    comparison = comparison_from_json(measured_file()["comparison"])
    if comparison.id in workspace.comparisons.ids():
        return workspace.comparisons.get(comparison.id)
    if not _is_version_desk(workspace):
        raise UserError(
            f"{workspace.folder.name} is not the version desk of the precomputed comparison.",
            hint="Create the version desk again, or measure this domain: lorewright compare",
        )
    _remember_pairs(workspace)
    workspace.comparisons.save(comparison)
    audit(workspace, caller, Act.COMPARISON_LOADED, comparison.id)
    return comparison


def _remember_pairs(workspace: Workspace) -> None:
    """Take over which examples are near duplicates, so that no embedding model is needed to advise."""
    folder = workspace.state_folder / "material"
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in measured_file()["pairs"].items():
        if not (folder / name).exists():
            write_whole(folder / name, json.dumps(pairs))


def is_version_desk(workspace: Workspace, caller: Caller) -> bool:
    """Return whether a domain holds exactly the documents and questions of the bundled one."""
    caller.need("read")
    return _is_version_desk(workspace)


def _is_version_desk(workspace: Workspace) -> bool:
    bundled = files(BUNDLED) / "domain"
    return all(
        (workspace.folder / name).is_dir() and digest_of(workspace.folder / name) == digest_of(bundled / name)
        for name in _PARTS
    )


def is_still_measured() -> bool:
    """Return whether the shipped comparison was measured on exactly the domain that is shipped."""
    return bool(measured_file()["domain"] == bundled_digest())


BUNDLED = "lorewright.version_desk"
NAME = "measured.json.gz"


@cache
def measured_file() -> Mapping[str, Any]:
    """Return what is shipped: `comparison`, `makings`, `pairs` of near duplicates, `provenance`, `domain`."""
    with as_file(files(BUNDLED) / NAME) as path:
        body: Mapping[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return body


def find_bundled_evidence(comparison_id: str, arm: str, question_id: str) -> Any:
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
    lines: list[str] = []
    for entry in place.iterdir():
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            lines += _lines(entry, f"{path}{entry.name}/")
        else:
            lines.append(f"{path}{entry.name} {sha256(entry.read_bytes()).hexdigest()}\n")
    return lines

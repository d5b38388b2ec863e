"""The finished comparisons that come with the templates, the version desk among them."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.errors import UserError
from lorewright.evaluation import Comparison, comparison_from_json
from lorewright.whole_files import write_whole
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.folder import DOCUMENTS, EXAMPLES, QUESTIONS
from lorewright.workspace.domain.templates import Template, files_of, get_template, templates
from lorewright.workspace.domain.workspace import Workspace

NAME = "measured.json.gz"
_PARTS = (QUESTIONS, EXAMPLES, DOCUMENTS)


def load_bundled_comparison(workspace: Workspace, caller: Caller) -> Comparison:
    """Return the comparison of the template that a domain was made of, saved among the domain's own.

    It says of itself that it was measured before shipping, when, and not on this machine, and
    advice that rests on it says so too. One that is there already stays as it is. Raises
    `UserError` for any other domain: its figures say nothing about other documents.
    """
    caller.need("evaluate")
    template = _measured_template(workspace)
    if template is None:
        raise UserError(
            f"{workspace.folder.name} does not hold the files of a template that comes with a comparison.",
            hint="Create the template again: lorewright init --template NAME, or measure: lorewright compare",
        )
    comparison = comparison_from_json(measured_file(template.name)["comparison"])
    if comparison.id in workspace.comparisons.ids():
        return workspace.comparisons.get(comparison.id)
    _remember_pairs(workspace, template)
    workspace.comparisons.save(comparison)
    audit(workspace, caller, Act.COMPARISON_LOADED, comparison.id)
    return comparison


def _remember_pairs(workspace: Workspace, template: Template) -> None:
    """Take over which examples are near duplicates, so that no embedding model is needed to advise."""
    folder = workspace.state_folder / "material"
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in measured_file(template.name)["pairs"].items():
        if not (folder / name).exists():
            write_whole(folder / name, json.dumps(pairs))


def has_bundled_comparison(workspace: Workspace, caller: Caller) -> bool:
    """Return whether a domain holds exactly the files of a template that was measured."""
    caller.need("read")
    return _measured_template(workspace) is not None


def _measured_template(workspace: Workspace) -> Template | None:
    """Return the template that was measured and whose documents, examples and questions a domain has."""
    matching = [template for template in templates().values() if is_measured(template.name)]
    for part in _PARTS:  # questions first: they are few, and most domains have others
        digest = digest_of(workspace.folder / part)
        matching = [template for template in matching if _part_digest(template.name, part) == digest]
        if not matching:
            return None
    return matching[0]


@cache
def _part_digest(name: str, part: str) -> str:
    return digest_of(get_template(name).domain / part)


def is_measured(name: str) -> bool:
    """Return whether a template comes with a comparison."""
    return (get_template(name).place / NAME).is_file()


def is_still_measured(name: str) -> bool:
    """Return whether the shipped comparison was measured on exactly the domain that is shipped."""
    return bool(measured_file(name)["domain"] == bundled_digest(name))


@cache
def measured_file(name: str) -> Mapping[str, Any]:
    """Return what is shipped: `comparison`, `makings`, `pairs` of near duplicates, `provenance`, `domain`."""
    packed = (get_template(name).place / NAME).read_bytes()
    body: Mapping[str, Any] = json.loads(gzip.decompress(packed))
    return body


def find_bundled_evidence(comparison_id: str, arm: str, question_id: str) -> Any:
    """Return how an answer of a shipped comparison came about, as JSON, or `None`."""
    name = _names_by_comparison().get(comparison_id)
    return measured_file(name)["makings"].get(arm, {}).get(question_id) if name else None


@cache
def _names_by_comparison() -> Mapping[str, str]:
    return {measured_file(name)["comparison"]["id"]: name for name in templates() if is_measured(name)}


def bundled_digest(name: str) -> str:
    """Return a digest of a bundled domain: what was measured is this and nothing else."""
    return digest_of(get_template(name).domain)


def digest_of(place: Traversable | Path) -> str:
    """Return a digest of a folder's files, their paths and bytes; one that is not there has none."""
    lines = (
        f"{path} {sha256(entry.read_bytes()).hexdigest()}\n"
        for path, entry in (files_of(place) if place.is_dir() else ())
    )
    return sha256("".join(sorted(lines)).encode()).hexdigest()

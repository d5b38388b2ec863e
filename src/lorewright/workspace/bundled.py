"""The bundled domain's finished comparison, brought into a version desk: there to look at in a second."""

import json
from importlib.resources import files

from lorewright.errors import UserError
from lorewright.evaluation import Comparison, comparison_from_json
from lorewright.workspace.measured_file import BUNDLED, bundled_digest, digest_of, measured_file
from lorewright.workspace.workspace import Workspace

_PARTS = ("documents", "questions")


def load_bundled_comparison(workspace: Workspace) -> Comparison:
    """Return the bundled comparison, saved among those of a version desk's domain.

    It says of itself that it was measured before shipping, when, and not on this machine, and
    advice that rests on it says so too. One that is there already stays as it is. Raises
    `UserError` for any other domain: its figures say nothing about other documents.
    """
    comparison = comparison_from_json(measured_file()["comparison"])
    if comparison.id in workspace.comparisons.ids():
        return workspace.comparisons.get(comparison.id)
    if not is_version_desk(workspace):
        raise UserError(
            f"{workspace.folder.name} is not the version desk that was measured.",
            hint="Lay the version desk out anew, or measure this domain: lorewright compare",
        )
    _remember_pairs(workspace)
    workspace.comparisons.save(comparison)
    return comparison


def _remember_pairs(workspace: Workspace) -> None:
    """Take over which examples are near duplicates, so that no embedding model is needed to advise."""
    folder = workspace.state_folder / "material"
    folder.mkdir(parents=True, exist_ok=True)
    for name, pairs in measured_file()["pairs"].items():
        if not (folder / name).exists():
            (folder / name).write_text(json.dumps(pairs), encoding="utf-8")


def is_version_desk(workspace: Workspace) -> bool:
    """Return whether a domain holds exactly the documents and questions of the bundled one."""
    bundled = files(BUNDLED) / "domain"
    return all(
        (workspace.folder / name).is_dir() and digest_of(workspace.folder / name) == digest_of(bundled / name)
        for name in _PARTS
    )


def is_still_measured() -> bool:
    """Return whether the shipped comparison was measured on exactly the domain that is shipped."""
    return bool(measured_file()["domain"] == bundled_digest())

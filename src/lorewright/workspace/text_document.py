"""A text under a name becomes a document of the domain."""

from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from lorewright.errors import BadParameter, InUse
from lorewright.workspace.background import begin, log_path
from lorewright.workspace.outcome import outcome
from lorewright.workspace.workspace import Workspace

SUFFIXES = (".md", ".markdown", ".txt", ".html", ".csv", ".json", ".jsonl", ".rst")
"""What texts may be named."""


def add_text(workspace: Workspace, name: str, text: str, *, is_replacing: bool = False) -> dict[str, Any]:
    """Write a text into the documents folder, add it, and return what changed.

    A name without a suffix becomes Markdown. Raises `BadParameter` for a name that leads out of the
    folder or belongs to no kind of text, and `InUse` for one that is taken unless `is_replacing`.
    """
    path = _path(workspace, name)
    if not text.strip():
        raise BadParameter("text", "The text is empty.")
    if path.exists() and not is_replacing:
        raise InUse(
            f"There is a document {path.relative_to(workspace.documents_folder).as_posix()!r} already.",
            hint="Give another name, or say that it is to be replaced.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.partial")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
    # The hash makes it a job of its own: one that reads an older text already must not stand in for it.
    order = {"paths": [str(path)], "is_sync": False, "text_hash": sha256(text.encode()).hexdigest()}
    adding = begin(workspace, "add", order)
    for _ in adding.events():
        pass
    added = outcome(adding.job(), log_path(workspace))
    return {"document": path.relative_to(workspace.documents_folder).as_posix(), **added}


def _path(workspace: Workspace, name: str) -> Path:
    """Return the file of a document's name, inside the documents folder."""
    asked = PurePosixPath(name.strip())
    parts = asked.parts
    if not parts or asked.is_absolute() or any(part.startswith(".") or "\\" in part for part in parts):
        raise BadParameter("name", f"{name!r} is no name for a document: give one like handbook/leave.md.")
    path = workspace.documents_folder.joinpath(*parts)
    path = path if path.suffix else path.with_name(f"{path.name}.md")
    if path.suffix.lower() not in SUFFIXES:
        raise BadParameter("name", f"{name!r} does not name a text: use {', '.join(SUFFIXES)}.")
    if not path.resolve().is_relative_to(workspace.documents_folder.resolve()):
        raise BadParameter("name", f"{name!r} leads out of the documents folder: give another.")
    return path

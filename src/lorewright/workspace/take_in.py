"""Files that come from elsewhere under names of their own: where they may lie in the domain."""

from pathlib import Path, PurePosixPath

from lorewright.errors import UnreadableDocument
from lorewright.workspace.workspace import Workspace

MAX_NAME = 200


def place_for(workspace: Workspace, name: str) -> Path:
    """Return where a file of this name lies below the documents folder; its folder is made.

    A name may hold folders; parts that would lead out of the folder, or hide the file, are refused
    with `UnreadableDocument`.
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    is_fit = bool(parts) and all(_is_fit(part) for part in parts) and len(name) <= MAX_NAME
    if not is_fit:
        raise UnreadableDocument(f"{name!r} cannot be the name of a document.", hint="Rename the file.")
    target = workspace.documents_folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _is_fit(part: str) -> bool:
    return not part.startswith((".", "/")) and part.isprintable() and ":" not in part

"""Files that documents had before they were replaced here: what brings back more than a text."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from lorewright.storage import Blobs
from lorewright.workspace.document_states import file_hash_of
from lorewright.workspace.kept_texts import keep_few_in
from lorewright.workspace.workspace import Workspace

MAX_BYTES = 1_000_000_000
"""How much all former files take together; of more, those kept first go first."""


def keep_file(workspace: Workspace, document_id: str, path: Path) -> None:
    """Keep a document's file under the hash of its text: another one is about to take its place.

    One that was not read yet belongs to no version and is not kept.
    """
    state = workspace.documents.states().get(document_id)
    if state is None or not path.is_file() or file_hash_of(path) != state.file_hash:
        return
    place = _blobs(workspace).path(state.text_hash)
    if place.is_file():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    _link(path, place)
    keep_few_in(_folder(workspace), max_bytes=MAX_BYTES)


def kept_file(workspace: Workspace, text_hash: str) -> Path | None:
    """Return the file that a document had with this text, or `None` where it is not kept."""
    path = _blobs(workspace).path(text_hash)
    return path if text_hash and path.is_file() else None


def forget_files(workspace: Workspace, text_hashes: Iterable[str]) -> None:
    """Let go of the files that were kept for these texts."""
    for text_hash in text_hashes:
        _blobs(workspace).remove(text_hash)


def _link(path: Path, place: Path) -> None:
    """Have the same bytes at another place, without room for them where the disk can do that."""
    unfinished = place.with_name(f".{uuid4().hex}.partial")
    try:
        # A file with other names may be written through one of them, and then its copy is another.
        if path.is_symlink() or path.stat().st_nlink > 1:
            shutil.copyfile(path, unfinished)
        else:
            try:
                os.link(path, unfinished)
            except OSError:
                shutil.copyfile(path, unfinished)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)


def _folder(workspace: Workspace) -> Path:
    return workspace.state_folder / "former-files"


def _blobs(workspace: Workspace) -> Blobs:
    return Blobs(_folder(workspace))

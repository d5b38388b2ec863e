"""What documents said before: their former texts and files."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from lorewright.documents import Document
from lorewright.storage import Blobs
from lorewright.whole_files import unfinished_file
from lorewright.workspace.documents.states import file_hash_of
from lorewright.workspace.domain.workspace import Workspace

MAX_TEXT_BYTES = 256_000_000
"""How much all former texts take together; of more, those kept first go first."""
_BETWEEN = "\0"


def keep_text(workspace: Workspace, document: Document) -> None:
    """Keep the text of a document under its `text_hash`: another one is about to take its place."""
    content = f"{document.title}{_BETWEEN}{document.text}"
    _texts(workspace).add([content.encode()])


def kept_text(workspace: Workspace, text_hash: str) -> str | None:
    """Return the text with this hash, or `None` where it is not kept."""
    path = _texts(workspace).path(text_hash)
    if not text_hash or not path.is_file():
        return None
    return path.read_text(encoding="utf-8").partition(_BETWEEN)[2]


def kept_document(workspace: Workspace, document_id: str, text_hash: str) -> Document | None:
    """Return a document with the title and the text that have this hash, `None` where they are not kept."""
    path = _texts(workspace).path(text_hash)
    if not text_hash or not path.is_file():
        return None
    title, _, text = path.read_text(encoding="utf-8").partition(_BETWEEN)
    return Document(document_id, title, text)


def is_kept(workspace: Workspace, text_hash: str) -> bool:
    """Return whether the text with this hash is kept."""
    return bool(text_hash) and _texts(workspace).path(text_hash).is_file()


def exclusive_texts(workspace: Workspace, document_ids: Iterable[str]) -> set[str]:
    """Return the hashes of all texts that documents ever had, without those that another one had too."""
    going = set(document_ids)
    changes = workspace.documents.changes()
    others = {change.text_hash for change in changes if change.document_id not in going}
    return {change.text_hash for change in changes if change.document_id in going} - others - {""}


def forget_texts(workspace: Workspace, text_hashes: Iterable[str]) -> None:
    """Let go of the texts with these hashes."""
    for text_hash in text_hashes:
        _texts(workspace).remove(text_hash)
    shutil.rmtree(former_index(workspace), ignore_errors=True)


def former_index(workspace: Workspace) -> Path:
    """Return the folder that indexes of former texts are kept in."""
    return workspace.state_folder / "former-index"


def prune_texts(workspace: Workspace, *, max_bytes: int = MAX_TEXT_BYTES) -> None:
    """Let go of the texts that were kept first, until the others have room."""
    prune_oldest(_text_folder(workspace), max_bytes=max_bytes)


def prune_oldest(folder: Path, *, max_bytes: int) -> None:
    """Let go of the files of a folder that came first, until the others have room."""
    files = [path for path in folder.glob("??/*") if path.is_file()]
    stats = sorted((path.stat().st_ctime_ns, path.stat().st_size, path) for path in files)
    total = sum(size for _, size, _ in stats)
    for _, size, path in stats:
        if total <= max_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size


def _text_folder(workspace: Workspace) -> Path:
    return workspace.state_folder / "texts"


def _texts(workspace: Workspace) -> Blobs:
    return Blobs(_text_folder(workspace))


MAX_FILE_BYTES = 1_000_000_000
"""How much all former files take together; of more, those kept first go first."""


def keep_file(workspace: Workspace, document_id: str, path: Path) -> None:
    """Keep a document's file under the hash of its text: another one is about to take its place.

    One that was not read yet belongs to no version and is not kept.
    """
    state = workspace.documents.state(document_id)
    if state is None or not path.is_file() or file_hash_of(path) != state.file_hash:
        return
    place = _files(workspace).path(state.text_hash)
    if place.is_file():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    _link(path, place)
    prune_oldest(_file_folder(workspace), max_bytes=MAX_FILE_BYTES)


def kept_file(workspace: Workspace, text_hash: str) -> Path | None:
    """Return the file that a document had with this text, or `None` where it is not kept."""
    path = _files(workspace).path(text_hash)
    return path if text_hash and path.is_file() else None


def forget_files(workspace: Workspace, text_hashes: Iterable[str]) -> None:
    """Let go of the files that were kept for these texts."""
    for text_hash in text_hashes:
        _files(workspace).remove(text_hash)


def _link(path: Path, place: Path) -> None:
    """Have the same bytes at another place, without room for them where the disk can do that."""
    with unfinished_file(place) as unfinished:
        # A file with other names may be written through one of them, and then its copy is another.
        if path.is_symlink() or path.stat().st_nlink > 1:
            shutil.copyfile(path, unfinished)
        else:
            try:
                os.link(path, unfinished)
            except OSError:
                shutil.copyfile(path, unfinished)


def _file_folder(workspace: Workspace) -> Path:
    return workspace.state_folder / "former-files"


def _files(workspace: Workspace) -> Blobs:
    return Blobs(_file_folder(workspace))

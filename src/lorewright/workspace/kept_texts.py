"""Texts that documents had before, kept by what they say, as long as there is room."""

from collections.abc import Iterable
from pathlib import Path

from lorewright.documents import Document
from lorewright.storage import Blobs
from lorewright.workspace.workspace import Workspace

MAX_BYTES = 256_000_000
"""How much all former texts take together; of more, those kept first go first."""
_BETWEEN = "\0"


def keep_text(workspace: Workspace, document: Document) -> None:
    """Keep the text of a document under its `text_hash`: another one is about to take its place."""
    said = f"{document.title}{_BETWEEN}{document.text}"
    _blobs(workspace).add([said.encode()])


def kept_text(workspace: Workspace, text_hash: str) -> str | None:
    """Return the text with this hash, or `None` where it is not kept."""
    path = _blobs(workspace).path(text_hash)
    if not text_hash or not path.is_file():
        return None
    return path.read_text(encoding="utf-8").partition(_BETWEEN)[2]


def is_kept(workspace: Workspace, text_hash: str) -> bool:
    """Return whether the text with this hash is kept."""
    return bool(text_hash) and _blobs(workspace).path(text_hash).is_file()


def texts_of_only(workspace: Workspace, document_ids: Iterable[str]) -> set[str]:
    """Return the hashes of all texts that documents ever had, without those that another one had too."""
    going = set(document_ids)
    changes = workspace.documents.changes()
    others = {change.text_hash for change in changes if change.document_id not in going}
    return {change.text_hash for change in changes if change.document_id in going} - others - {""}


def forget_texts(workspace: Workspace, text_hashes: Iterable[str]) -> None:
    """Let go of the texts with these hashes."""
    for text_hash in text_hashes:
        _blobs(workspace).remove(text_hash)


def keep_few(workspace: Workspace, *, max_bytes: int = MAX_BYTES) -> None:
    """Let go of the texts that were kept first, until the others have room."""
    keep_few_in(_folder(workspace), max_bytes=max_bytes)


def keep_few_in(folder: Path, *, max_bytes: int) -> None:
    """Let go of the files of a folder that came first, until the others have room."""
    files = [path for path in folder.glob("??/*") if path.is_file()]
    stats = sorted((path.stat().st_ctime_ns, path.stat().st_size, path) for path in files)
    total = sum(size for _, size, _ in stats)
    for _, size, path in stats:
        if total <= max_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size


def _folder(workspace: Workspace) -> Path:
    return workspace.state_folder / "texts"


def _blobs(workspace: Workspace) -> Blobs:
    return Blobs(_folder(workspace))

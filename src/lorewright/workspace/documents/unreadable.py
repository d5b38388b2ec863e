"""Files that no document could be made of, and why: known until they change or can be read."""

from dataclasses import dataclass
from hashlib import sha256

from lorewright.documents.reading_records import UNREAD
from lorewright.errors import LorewrightError
from lorewright.storage import Records
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """Why the file with these bytes could not be read."""

    file_hash: str
    reason: str
    at: float


def note_unreadable(workspace: Workspace, document_id: str, file_hash: str, error: LorewrightError) -> None:
    """Take note that a file could not be read."""
    reason = f"{error} {error.hint}".strip()
    body = {"document": document_id, "file_hash": file_hash, "reason": reason}
    _records(workspace).put(_id(document_id), lambda _: body)


def unreadable_files(workspace: Workspace) -> dict[str, UnreadFile]:
    """Return what could not be read, by the id that the document would have."""
    return {
        record.body["document"]: UnreadFile(
            record.body["file_hash"], record.body["reason"], record.updated_at
        )
        for record in _records(workspace).all()
    }


def forget_unreadable(workspace: Workspace, document_id: str) -> None:
    """Forget that a file could not be read."""
    records = _records(workspace)
    if records.find(_id(document_id)):
        records.remove(_id(document_id))


def _id(document_id: str) -> str:
    return "unread_" + sha256(document_id.encode()).hexdigest()[:40]


def _records(workspace: Workspace) -> Records:
    return Records(workspace.database, UNREAD)

"""Files that no document could be made of, and why: known until they change or can be read."""

from dataclasses import dataclass

from lorewright.documents.document_records import DocumentRecords
from lorewright.documents.reading_records import UNREAD
from lorewright.errors import LorewrightError
from lorewright.storage import Database


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """Why the file with these bytes could not be read."""

    file_hash: str
    reason: str
    at: float


class UnreadFiles(DocumentRecords[UnreadFile]):
    """The files that could not be read, by the id that the document would have."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database, UNREAD, prefix="unread_",
            read=lambda record: UnreadFile(
                record.body["file_hash"], record.body["reason"], record.updated_at
            ),
        )  # fmt: skip

    def note(self, document_id: str, file_hash: str, error: LorewrightError) -> None:
        """Take note that a file could not be read."""
        self.keep(document_id, {"file_hash": file_hash, "reason": f"{error} {error.hint}".strip()})

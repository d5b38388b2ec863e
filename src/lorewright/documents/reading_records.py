"""What the documents of a domain lack of their files: known until the file changes or is read as a whole."""

from hashlib import sha256

from lorewright.documents.reading import ReadingReport
from lorewright.storage import Database, Records

UNREAD = "unread_document"
"""The kind of records that say why a file could not be read at all."""


class ReadingReports:
    """The reports of those documents that lack something."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, "reading_report")

    def note(self, document_id: str, report: ReadingReport) -> None:
        """Keep what was not read of a document, or forget it where all was."""
        if not report.notices:
            self.forget(document_id)
            return
        body = {"document": document_id, "report": report.as_json()}
        self._records.put(_id(document_id), lambda _: body)

    def all(self) -> dict[str, ReadingReport]:
        """Return the report of every document that lacks something of its file, by the document's id."""
        return {
            record.body["document"]: ReadingReport.from_json(record.body["report"])
            for record in self._records.all()
        }

    def forget(self, document_id: str) -> None:
        """Forget what was not read of a document."""
        if self._records.find(_id(document_id)):
            self._records.remove(_id(document_id))


def _id(document_id: str) -> str:
    return "reading_" + sha256(document_id.encode()).hexdigest()[:40]

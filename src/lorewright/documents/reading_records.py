"""What the documents of a domain lack of their files: known until the file changes or is read as a whole."""

from lorewright.documents.document_records import DocumentRecords
from lorewright.documents.reading import ReadingReport
from lorewright.storage import Database

UNREAD = "unread_document"
"""The kind of records that say why a file could not be read at all."""


class ReadingReports(DocumentRecords[ReadingReport]):
    """The reports of those documents that lack something."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database, "reading_report", prefix="reading_",
            read=lambda record: ReadingReport.from_json(record.body["report"]),
        )  # fmt: skip

    def note(self, document_id: str, report: ReadingReport) -> None:
        """Keep what was not read of a document, or forget it where all was."""
        if report.notices:
            self.keep(document_id, {"report": report.as_json()})
        else:
            self.forget(document_id)

"""Where documents came from that were brought in: a file elsewhere, a web page, a repository, a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lorewright.documents.document_records import DocumentRecords
from lorewright.storage import Database


@dataclass(frozen=True, slots=True)
class Source:
    """A file to bring in: where its bytes are, and what its document is called unless another one is.

    `origin` is the path or the address that it came from; `via` the list that named it, such as a
    sitemap, and `stamp` what tells a server which state of it we have.
    """

    path: Path
    name: PurePosixPath
    origin: str
    via: str = ""
    stamp: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Where a document came from."""

    origin: str
    via: str
    stamp: Mapping[str, str]


class Origins(DocumentRecords[Known]):
    """Where each document came from."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database, "document_source", prefix="source_",
            read=lambda record: Known(
                record.body["source"], record.body.get("via", ""), record.body.get("stamp", {})
            ),
        )  # fmt: skip

    def note(self, document_id: str, source: Source) -> None:
        """Keep where a document came from."""
        self.keep(
            document_id,
            {"source": source.origin, "via": source.via, "stamp": dict(source.stamp or {})},
        )

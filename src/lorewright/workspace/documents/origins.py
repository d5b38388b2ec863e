"""Where documents came from that were brought in: a file elsewhere, a web page, a repository, a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from lorewright.storage import Database, Records


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


class Origins:
    """Where each document came from."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, "document_source")

    def all(self) -> dict[str, Known]:
        """Return where each document came from, by its id."""
        return {record.body["document"]: _known(record.body) for record in self._records.all()}

    def note(self, document_id: str, source: Source) -> None:
        """Keep where a document came from."""
        body = {
            "document": document_id, "source": source.origin, "via": source.via,
            "stamp": dict(source.stamp or {}),
        }  # fmt: skip
        self._records.put(_id(document_id), lambda _: body)

    def forget(self, document_id: str) -> None:
        """Forget where a document came from."""
        if self._records.find(_id(document_id)):
            self._records.remove(_id(document_id))


def _known(body: Mapping[str, Any]) -> Known:
    return Known(body["source"], body.get("via", ""), body.get("stamp", {}))


def _id(document_id: str) -> str:
    return "source_" + sha256(document_id.encode()).hexdigest()[:40]

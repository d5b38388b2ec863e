"""What is kept beside documents: one record for each document that there is something to say of."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Generic, TypeVar

from lorewright.storage import Database, Record, Records

Value = TypeVar("Value")


class DocumentRecords(Generic[Value]):
    """The records of one kind; `read` makes a value of each, `prefix` begins their ids."""

    def __init__(
        self, database: Database, kind: str, *, prefix: str, read: Callable[[Record], Value]
    ) -> None:
        self._records = Records(database, kind)
        self._prefix = prefix
        self._read = read

    def all(self) -> dict[str, Value]:
        """Return what is kept, by the document's id."""
        return {record.body["document"]: self._read(record) for record in self._records.all()}

    def keep(self, document_id: str, body: Mapping[str, Any]) -> None:
        """Keep something of a document, in the place of what was kept of it."""
        kept = {"document": document_id, **body}
        self._records.put(self._id(document_id), lambda _: kept)

    def forget(self, document_id: str) -> None:
        """Keep nothing of a document any more."""
        if self._records.find(self._id(document_id)):
            self._records.remove(self._id(document_id))

    def _id(self, document_id: str) -> str:
        return self._prefix + sha256(document_id.encode()).hexdigest()[:40]

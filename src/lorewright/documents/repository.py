"""Documents in the workspace database: the truth that the index follows."""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from lorewright.access.readable import EVERYTHING, Readable, is_within
from lorewright.documents.document import Document
from lorewright.errors import UnknownName
from lorewright.storage import Database
from lorewright.storage.schema import document as documents
from lorewright.storage.schema import document_change as changes

SaveKind = Literal["new", "changed", "unchanged"]

_LOADED_AT_ONCE = 64
_ASKED_AT_ONCE = 500
_STATE = (documents.c.id, documents.c.file_hash, documents.c.text_hash, documents.c.indexed_hash)
# Word for word as in the index of the table, or every text is passed on the way to it.
_IS_TO_INDEX = text("text_hash != indexed_hash")


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What identifies a document's file, its text, and the text the index holds ('' while missing)."""

    file_hash: str
    text_hash: str
    indexed_hash: str


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One change of a document; `at` is in seconds since 1970, `text_hash` that of the text it has since."""

    document_id: str
    kind: Literal["new", "changed", "removed"]
    at: float
    text_hash: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentOutline:
    """What is known of a document without its text; times are in seconds since 1970."""

    id: str
    title: str
    media_type: str
    n_characters: int
    n_versions: int
    metadata: Mapping[str, str]
    state: DocumentState
    updated_at: float


class DocumentRepository:
    """Every document with its state and its history."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def save(self, document: Document, *, file_hash: str) -> SaveKind:
        """Save a document under its id; return whether its text is new, changed or unchanged."""
        try:
            return self._save(document, file_hash)
        except IntegrityError:  # another process was faster
            return self._save(document, file_hash)

    def _save(self, document: Document, file_hash: str) -> SaveKind:
        values = _values(document, file_hash)
        with self._database.write() as connection:
            now = self._clock()
            same_id = documents.c.id == document.id
            held = connection.execute(select(documents.c.text_hash).where(same_id).with_for_update()).scalar()
            if held is None:
                values |= {"n_versions": 1, "indexed_hash": "", "added_at": now, "updated_at": now}
                connection.execute(insert(documents).values(values))
                kind: SaveKind = "new"
            elif held == document.text_hash:
                connection.execute(update(documents).where(same_id).values(values))
                return "unchanged"
            else:
                values |= {"n_versions": documents.c.n_versions + 1, "updated_at": now}
                connection.execute(update(documents).where(same_id).values(values))
                kind = "changed"
            _record(connection, document.id, kind, document.text_hash, now)
        return kind

    def remove(self, document_id: str) -> None:
        """Remove a document; its history stays. One that is not there is removed already."""
        with self._database.write() as connection:
            if connection.execute(delete(documents).where(documents.c.id == document_id)).rowcount:
                _record(connection, document_id, "removed", "", self._clock())

    def find(self, document_id: str) -> Document | None:
        """Return a document, or `None`."""
        return next(iter(self._load([document_id])), None)

    def get(self, document_id: str) -> Document:
        """Return a document; raise `UnknownName` where there is none."""
        document = self.find(document_id)
        if document is None:
            raise UnknownName(
                f"No document found with id {document_id!r}.",
                hint="The id is the file's path within the documents folder.",
            )
        return document

    def states(self) -> dict[str, DocumentState]:
        """Return the state of every document by its id, without loading a text."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_STATE).order_by(documents.c.id))
            return {row[0]: DocumentState(*row[1:]) for row in rows}

    def states_of(self, ids: Collection[str]) -> dict[str, DocumentState]:
        """Return the states of those documents that are there, however many others there are."""
        wanted = sorted(ids)
        states: dict[str, DocumentState] = {}
        with self._database.read() as connection:
            for first in range(0, len(wanted), _ASKED_AT_ONCE):
                asked = wanted[first : first + _ASKED_AT_ONCE]
                rows = connection.execute(select(*_STATE).where(documents.c.id.in_(asked)))
                states |= {row[0]: DocumentState(*row[1:]) for row in rows}
        return states

    def state(self, document_id: str) -> DocumentState | None:
        """Return the state of a document, or `None`."""
        return self.states_of([document_id]).get(document_id)

    def outlines(self) -> dict[str, DocumentOutline]:
        """Return the outline of every document by its id, in the order of ids."""
        length = func.length(documents.c.text).label("n_characters")
        names = ("id", "title", "media_type", "n_versions", "metadata", "updated_at")
        columns = (documents.c[name] for name in (*names, "file_hash", "text_hash", "indexed_hash"))
        with self._database.read() as connection:
            rows = connection.execute(select(*columns, length).order_by(documents.c.id))
            return {row.id: _outline(row) for row in rows}

    def count(self, readable: Readable = EVERYTHING) -> int:
        """Return the number of documents that may be read."""
        counting = select(func.count()).select_from(documents).where(_may_be_read(readable))
        with self._database.read() as connection:
            return connection.execute(counting).scalar_one()

    def to_index(self) -> Iterator[Document]:
        """Yield every document whose text is not the one the index holds, in the order of ids.

        Documents may be marked as indexed meanwhile.
        """
        with self._database.read() as connection:
            waiting = connection.scalars(
                select(documents.c.id).where(_IS_TO_INDEX).order_by(documents.c.id)
            ).all()
        for first in range(0, len(waiting), _LOADED_AT_ONCE):
            yield from self._load(waiting[first : first + _LOADED_AT_ONCE])

    def n_characters_to_index(self) -> int:
        """Return how long all texts together are that the index does not hold."""
        with self._database.read() as connection:
            total = select(func.coalesce(func.sum(func.length(documents.c.text)), 0)).where(_IS_TO_INDEX)
            return int(connection.execute(total).scalar_one())

    def mark_indexed(self, text_hashes: Mapping[str, str]) -> None:
        """Note which text of each document the index holds now; '' where it holds none."""
        if not text_hashes:
            return
        marking = (
            update(documents)
            .where(documents.c.id == bindparam("marked_id"))
            .values(indexed_hash=bindparam("marked_hash"))
        )
        with self._database.write() as connection:
            connection.execute(
                # In one order: two that wait for each other's rows would never end.
                marking,
                [{"marked_id": known, "marked_hash": text_hashes[known]} for known in sorted(text_hashes)],
            )

    def forget_file_hashes(self) -> None:
        """Have every file read again when files are looked at next, though it did not change."""
        with self._database.write() as connection:
            connection.execute(update(documents).values(file_hash=""))

    def changes(self, since: float = 0.0, *, document_id: str = "") -> list[DocumentChange]:
        """Return what changed since a time (in seconds since 1970), of one document or all, oldest first."""
        query = select(changes.c.document_id, changes.c.kind, changes.c.at, changes.c.text_hash)
        query = query.where(changes.c.at >= since).order_by(changes.c.id)
        if document_id:
            query = query.where(changes.c.document_id == document_id)
        with self._database.read() as connection:
            return [DocumentChange(*row) for row in connection.execute(query)]

    def _load(self, ids: Sequence[str]) -> list[Document]:
        with self._database.read() as connection:
            rows = connection.execute(
                select(documents).where(documents.c.id.in_(ids)).order_by(documents.c.id)
            )
            return [_document(row) for row in rows]


def _values(document: Document, file_hash: str) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "text_hash": document.text_hash,
        "file_hash": file_hash,
        "media_type": document.media_type,
        "page_starts": json.dumps(document.page_starts),
        "metadata": json.dumps(dict(document.metadata), ensure_ascii=False),
    }


def _outline(row: Any) -> DocumentOutline:
    columns = row._mapping
    return DocumentOutline(
        id=row.id, title=row.title, media_type=row.media_type, n_characters=row.n_characters,
        n_versions=row.n_versions, metadata=json.loads(columns["metadata"]), updated_at=row.updated_at,
        state=DocumentState(row.file_hash, row.text_hash, row.indexed_hash),
    )  # fmt: skip


def _document(row: Row[Any]) -> Document:
    columns = row._mapping
    return Document(
        id=columns["id"],
        title=columns["title"],
        text=columns["text"],
        media_type=columns["media_type"],
        page_starts=tuple(json.loads(columns["page_starts"])),
        metadata=json.loads(columns["metadata"]),
    )


def _record(connection: Connection, document_id: str, kind: str, text_hash: str, at: float) -> None:
    connection.execute(insert(changes).values(document_id=document_id, kind=kind, text_hash=text_hash, at=at))


def _may_be_read(readable: Readable) -> ColumnElement[bool]:
    """Return the condition that a document may be read, as `knowledge.reading_filter` has it for chunks."""
    if readable.is_all:
        return true()
    closed = readable.restricted - readable.opened
    rest = [not_(_lies_within(path)) for path in closed]
    regions = [and_(true(), *rest)] if readable.has_rest else []
    for path in readable.opened:
        inner = [not_(_lies_within(other)) for other in closed if is_within(other, path)]
        regions.append(and_(_lies_within(path), *inner))
    return or_(false(), *regions)


def _lies_within(path: str) -> ColumnElement[bool]:
    if not path.endswith("/"):
        return documents.c.id == path
    return func.substr(documents.c.id, 1, len(path)) == path

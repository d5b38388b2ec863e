"""The documents as they were at an earlier time: which versions were in force."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.documents import Document
from lorewright.documents.repository import DocumentChange
from lorewright.errors import InvalidSetting
from lorewright.workspace.documents.former_versions import kept_document
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentsThen:
    """The documents of an earlier time.

    `unchanged` are those that say the same today, `former` the others as they were, with the moment
    since which they said so; the text of `lost` ones is not stored any more.
    """

    unchanged: frozenset[str]
    former: tuple[tuple[Document, float], ...]
    lost: tuple[str, ...]


def documents_as_of(workspace: Workspace, caller: Caller, at: float) -> DocumentsThen:
    """Return the documents that the caller may read as they were at a time, in seconds since 1970."""
    caller.need("read")
    then = _in_force(workspace, readable(workspace, caller), at)
    states = workspace.documents.states()
    unchanged = {
        name for name, change in then.items() if name in states and states[name].text_hash == change.text_hash
    }
    former, lost = [], []
    for name in sorted(then.keys() - unchanged):
        document = kept_document(workspace, name, then[name].text_hash)
        if document is None:
            lost.append(name)
        else:
            former.append((document, then[name].at))
    return DocumentsThen(unchanged=frozenset(unchanged), former=tuple(former), lost=tuple(lost))


def moment(text: str) -> float:
    """Return a date (its end, as UTC has it) or a time in ISO 8601 as seconds since 1970."""
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidSetting(
            f"{text!r} is not a date.", hint="Write it like 2026-03-01 or 2026-03-01T12:00."
        ) from error
    if len(text.strip()) <= len("2026-03-01"):
        told = datetime.combine(told.date(), time.max)
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()


def _in_force(workspace: Workspace, allowed: Readable, at: float) -> dict[str, DocumentChange]:
    """Return the last change of every document that was there at a time, by its id."""
    last: dict[str, DocumentChange] = {}
    for change in workspace.documents.changes():
        if change.at <= at and allowed.holds(change.document_id):
            last[change.document_id] = change
    return {name: change for name, change in last.items() if change.kind != "removed"}

"""What a document said before, and what changed since."""

from dataclasses import dataclass

from lorewright.access import Key
from lorewright.documents import Line, differences
from lorewright.errors import BadParameter
from lorewright.workspace.document_list import need_seen, no_document
from lorewright.workspace.kept_texts import is_kept, kept_text
from lorewright.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a document, counted from 1; `has_text` says whether its text can be read still."""

    number: int
    kind: str
    at: float
    text_hash: str
    is_current: bool
    has_text: bool


def versions_of(workspace: Workspace, caller: Key, document_id: str) -> list[Version]:
    """Return the versions of a document, the newest first; its removals count as versions without text."""
    caller.need("read")
    need_seen(caller, document_id)
    changes = workspace.documents.changes(document_id=document_id)
    if not changes:
        raise no_document(document_id)
    last = len(changes)
    return [
        Version(
            number=number,
            kind=change.kind,
            at=change.at,
            text_hash=change.text_hash,
            is_current=number == last and change.kind != "removed",
            has_text=(number == last and change.kind != "removed") or is_kept(workspace, change.text_hash),
        )
        for number, change in sorted(enumerate(changes, start=1), reverse=True)
    ]


def version_text(workspace: Workspace, caller: Key, document_id: str, number: int) -> str:
    """Return the text of one version; raise `BadParameter` for one that is not kept."""
    version = next((one for one in versions_of(workspace, caller, document_id) if one.number == number), None)
    text: str | None = None
    if version is not None and version.is_current:
        document = workspace.documents.find(document_id)
        text = document.text if document else None
    elif version is not None:
        text = kept_text(workspace, version.text_hash)
    if text is None:
        raise BadParameter("version", f"The text of version {number} of {document_id!r} is not kept.")
    return text


def version_differences(
    workspace: Workspace, caller: Key, document_id: str, old: int, new: int
) -> list[Line]:
    """Return what was taken out and put in between two versions."""
    texts = (version_text(workspace, caller, document_id, number) for number in (old, new))
    return differences(*texts)

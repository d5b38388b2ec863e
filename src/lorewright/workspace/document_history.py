"""What a document said before, and what changed since."""

from dataclasses import dataclass

from lorewright.access import Key
from lorewright.documents import Line, differences
from lorewright.errors import BadParameter
from lorewright.workspace.document_edit import is_editable
from lorewright.workspace.document_list import need_seen, no_document
from lorewright.workspace.kept_files import kept_file
from lorewright.workspace.kept_texts import is_kept, kept_text
from lorewright.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a document, counted from 1.

    `has_text` says whether its text can be read still, `can_return` whether it can be restored.
    """

    number: int
    kind: str
    at: float
    text_hash: str
    is_current: bool
    has_text: bool
    can_return: bool


def versions_of(workspace: Workspace, caller: Key, document_id: str) -> list[Version]:
    """Return the versions of a document, the newest first; its removals count as versions without text."""
    caller.need("read")
    need_seen(caller, document_id)
    changes = workspace.documents.changes(document_id=document_id)
    if not changes:
        raise no_document(document_id)
    last = len(changes)
    is_there = changes[-1].kind != "removed"
    found = []
    for number, change in sorted(enumerate(changes, start=1), reverse=True):
        is_current = is_there and number == last
        has_text = is_kept(workspace, change.text_hash)
        has_file = kept_file(workspace, change.text_hash) is not None
        found.append(
            Version(
                number=number,
                kind=change.kind,
                at=change.at,
                text_hash=change.text_hash,
                is_current=is_current,
                has_text=is_current or has_text,
                can_return=is_there
                and change.text_hash != changes[-1].text_hash
                and (has_file or (has_text and is_editable(document_id))),
            )
        )
    return found


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

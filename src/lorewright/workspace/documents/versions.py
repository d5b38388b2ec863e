"""The versions of a document: their list, their differences, and going back to one."""

from dataclasses import dataclass
from pathlib import Path

from lorewright.access import Caller
from lorewright.access.caller import no_document
from lorewright.documents import DiffLine, differences
from lorewright.documents.readers.markdown import front_matter
from lorewright.encoding import decode
from lorewright.errors import BadParameter, Overtaken
from lorewright.jobs import Job
from lorewright.whole_files import pieces_of
from lorewright.workspace.documents.editing import is_editable
from lorewright.workspace.documents.files import (
    begin_file,
    document_path,
    replace_document_file,
    start_adding,
)
from lorewright.workspace.documents.former_versions import is_kept, kept_file, kept_text
from lorewright.workspace.documents.states import file_hash_of
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_document
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server


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


def versions_of(workspace: Workspace, caller: Caller, document_id: str) -> list[Version]:
    """Return the versions of a document, the newest first; its removals count as versions without text."""
    caller.need("read")
    need_document(workspace, caller, document_id)
    changes = workspace.documents.changes(document_id=document_id)
    if not changes:
        raise no_document(document_id)
    last = len(changes)
    is_there = changes[-1].kind != "removed"
    versions = []
    for number, change in sorted(enumerate(changes, start=1), reverse=True):
        is_current = is_there and number == last
        has_text = is_kept(workspace, change.text_hash)
        has_file = kept_file(workspace, change.text_hash) is not None
        versions.append(
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
    return versions


def version_text(workspace: Workspace, caller: Caller, document_id: str, number: int) -> str:
    """Return the text of one version; raise `BadParameter` for one that is not kept."""
    version = next((one for one in versions_of(workspace, caller, document_id) if one.number == number), None)
    text: str | None = None
    if version is not None and version.is_current:
        document = workspace.documents.find(document_id)
        text = document.text if document else None
    elif version is not None:
        text = kept_text(workspace, version.text_hash)
    if text is None:
        raise BadParameter("version", f"The text of version {number} of {document_id!r} is not stored.")
    return text


def version_differences(
    workspace: Workspace, caller: Caller, document_id: str, old: int, new: int
) -> list[DiffLine]:
    """Return what was taken out and put in between two versions."""
    texts = (version_text(workspace, caller, document_id, number) for number in (old, new))
    return differences(*texts)


_PIECE_BYTES = 1 << 20


def restore_document(
    server: Server, caller: Caller, document_id: str, number: int, *, current: int = 0
) -> Job:
    """Return the job that reads and indexes a document whose file is that of an earlier version again.

    What it says now stays a version. `current` is the version that was current when somebody decided
    this (0: whichever is). Raises `Overtaken` where another one is, or the file was changed and not
    read yet: that text would be lost.
    """
    caller.need("documents")
    workspace = server.workspace
    versions = versions_of(workspace, caller, document_id)
    wanted = _wanted(versions, document_id, number)
    path = document_path(workspace, document_id)
    state = workspace.documents.state(document_id)
    is_read = state is not None and path.is_file() and file_hash_of(path) == state.file_hash
    if not is_read or current not in (0, versions[0].number):
        raise Overtaken(
            f"{document_id!r} was changed in the meantime.",
            hint="Sync, then check the versions before you restore one.",
        )
    former = kept_file(workspace, wanted.text_hash)
    if former is not None:
        pieces = pieces_of(former)
    else:
        pieces = iter([_below_its_head(path, version_text(workspace, caller, document_id, number)).encode()])
    unfinished = begin_file(path)
    try:
        with unfinished.open("wb") as file:
            file.writelines(pieces)
        replace_document_file(workspace, unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    audit(server.workspace, caller, Act.DOCUMENT_RESTORED, document_id)
    return start_adding(server, caller, [document_id])


def _wanted(versions: list[Version], document_id: str, number: int) -> Version:
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise BadParameter("number", f"{document_id!r} has no version {number}.")
    if version.text_hash == versions[0].text_hash:
        raise BadParameter("number", f"{document_id!r} is already identical to version {number}.")
    if not version.can_return:
        kept = "only its text is stored" if version.has_text else "its text is not stored"
        raise BadParameter(
            "number",
            f"Version {number} of {document_id!r} cannot be restored: {kept}. Upload its file again.",
        )
    return version


def _below_its_head(path: Path, text: str) -> str:
    """Return a former text with the front matter that the file has now: texts are kept without theirs."""
    head = front_matter(decode(path.read_bytes())) if path.suffix.lower().startswith(".m") else ""
    whole = text if text.startswith("```yaml\n") else head + text
    return whole if whole.endswith("\n") else f"{whole}\n"

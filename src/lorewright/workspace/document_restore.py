"""An earlier version of a document made the current one again."""

from collections.abc import Iterator
from pathlib import Path

from lorewright.access import Key
from lorewright.documents.encoding import decode
from lorewright.documents.readers.markdown import front_matter
from lorewright.errors import BadParameter, Overtaken
from lorewright.jobs import Job
from lorewright.workspace.audit import audit
from lorewright.workspace.document_files import begin_file, document_path, put_in_place, start_adding
from lorewright.workspace.document_history import Version, version_text, versions_of
from lorewright.workspace.document_states import file_hash_of
from lorewright.workspace.home import Home
from lorewright.workspace.kept_files import kept_file

_PIECE_BYTES = 1 << 20


def restore_document(home: Home, caller: Key, document_id: str, number: int, *, current: int = 0) -> Job:
    """Return the job that reads and indexes a document whose file is that of an earlier version again.

    What it says now stays a version. `current` is the version that was current when somebody decided
    this (0: whichever is). Raises `Overtaken` where another one is, or the file was changed and not
    read yet: that text would be lost.
    """
    caller.need("documents")
    workspace = home.workspace
    versions = versions_of(workspace, caller, document_id)
    wanted = _wanted(versions, document_id, number)
    path = document_path(workspace, document_id)
    state = workspace.documents.states().get(document_id)
    is_read = state is not None and path.is_file() and file_hash_of(path) == state.file_hash
    if not is_read or current not in (0, versions[0].number):
        raise Overtaken(
            f"{document_id!r} was changed in the meantime.",
            hint="Sync, look at the versions again, then restore: so nothing is lost.",
        )
    former = kept_file(workspace, wanted.text_hash)
    if former is not None:
        pieces = _pieces(former)
    else:
        pieces = iter([_below_its_head(path, version_text(workspace, caller, document_id, number)).encode()])
    unfinished = begin_file(path)
    try:
        with unfinished.open("wb") as file:
            file.writelines(pieces)
        put_in_place(workspace, unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    audit(home, caller, "document.restored", document_id)
    return start_adding(home, [document_id])


def _wanted(versions: list[Version], document_id: str, number: int) -> Version:
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise BadParameter("number", f"There is no version {number} of {document_id!r}.")
    if version.text_hash == versions[0].text_hash:
        raise BadParameter("number", f"{document_id!r} says what version {number} says already.")
    if not version.can_return:
        kept = "only its text is kept" if version.has_text else "its text is not kept"
        raise BadParameter(
            "number",
            f"Version {number} of {document_id!r} cannot be restored: {kept}. Upload its file again.",
        )
    return version


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _below_its_head(path: Path, text: str) -> str:
    """Return a former text with the front matter that the file has now: texts are kept without theirs."""
    head = front_matter(decode(path.read_bytes())) if path.suffix.lower().startswith(".m") else ""
    whole = text if text.startswith("```yaml\n") else head + text
    return whole if whole.endswith("\n") else f"{whole}\n"

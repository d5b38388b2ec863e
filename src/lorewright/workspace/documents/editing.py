"""A document's text changed where it stands: in its file, which is read and indexed again."""

from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.access.caller import no_document
from lorewright.encoding import decode
from lorewright.errors import BadParameter, Overtaken
from lorewright.jobs import Job
from lorewright.workspace.documents.files import document_path, start_adding, write_file
from lorewright.workspace.documents.former_versions import keep_file
from lorewright.workspace.documents.states import file_hash_of
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_document
from lorewright.workspace.server.server import Server

EDITABLE = (".md", ".markdown", ".mdx", ".mkd", ".txt", ".text", ".rst", ".adoc", ".org")
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in a document's file, and the hash that says whether it changed since."""

    text: str
    file_hash: str


def is_editable(document_id: str) -> bool:
    """Return whether a document's file is text that people write."""
    return document_id.lower().endswith(EDITABLE) or "." not in document_id.rpartition("/")[2]


def read_source(server: Server, caller: Caller, document_id: str) -> Source:
    """Return what stands in a document's file; raise `BadParameter` for one that is no plain text."""
    caller.need("read")
    need_document(server.workspace, caller, document_id)
    path = document_path(server.workspace, document_id)
    if not path.is_file():
        raise no_document(document_id)
    if not is_editable(document_id):
        raise BadParameter(
            "document", f"{document_id!r} is not plain text. Edit the original file and upload it again."
        )
    if path.stat().st_size > MAX_BYTES:
        raise BadParameter(
            "document", f"{document_id!r} is larger than {MAX_BYTES / 1e6:g} MB. Edit it in an editor."
        )
    file_hash = file_hash_of(path)
    return Source(decode(path.read_bytes()), file_hash)


def edit_document(server: Server, caller: Caller, document_id: str, text: str, *, file_hash: str) -> Job:
    """Return the job that reads and indexes a document again after its file was written.

    Raises `Overtaken` where the file is not the one with `file_hash` any more; nothing is written then.
    """
    caller.need("documents")
    if read_source(server, caller, document_id).file_hash != file_hash:
        raise Overtaken(
            f"The file of {document_id!r} was changed in the meantime.",
            hint="Open it again; you can still copy your text.",
        )
    if not text.strip():
        raise BadParameter("text", "The text is empty. To remove the document, delete it.")
    path = document_path(server.workspace, document_id)
    keep_file(server.workspace, document_id, path)
    write_file(path, [text.encode()])
    audit(server.workspace, caller, Act.DOCUMENT_EDITED, document_id)
    return start_adding(server, caller, [document_id])

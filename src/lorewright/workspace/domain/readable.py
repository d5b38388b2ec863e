"""What a caller may read of the documents: asked at every use, so that a change holds at once."""

from collections.abc import Iterable

from lorewright.access import DOMAIN_STORE, Caller
from lorewright.access.caller import no_document
from lorewright.access.readable import EVERYTHING, Readable, readable_by
from lorewright.errors import NotAllowed
from lorewright.workspace.domain.workspace import Workspace

KIND = "restriction"
"""Records of folders and documents that only some may read; the label is the path."""


def restricted_paths(workspace: Workspace) -> list[str]:
    """Return the folders (`hr/`) and documents (`board.md`) that only some may read, the oldest first."""
    from lorewright.storage import Records  # loads SQLAlchemy

    return [record.label for record in Records(workspace.database, KIND).all()]


def readable(workspace: Workspace, caller: Caller) -> Readable:
    """Return which documents a caller may read now."""
    if caller.is_admin:
        return EVERYTHING
    return readable_by(caller, restricted_paths(workspace))


def need_document(workspace: Workspace, caller: Caller, document_id: str) -> None:
    """Raise `NotFound` for a document that the caller may not read: for them it does not exist."""
    if not readable(workspace, caller).holds(document_id):
        raise no_document(document_id)


def need_place(workspace: Workspace, caller: Caller, document_ids: Iterable[str]) -> None:
    """Raise `NotAllowed` where documents are to be brought in that the caller could not read then."""
    allowed = readable(workspace, caller)
    for document_id in document_ids:
        if not allowed.holds(document_id):
            raise NotAllowed(
                f"The key {caller.name!r} has no access to {document_id!r}.",
                hint="Choose another folder, or ask an administrator for access to this one.",
            )


def need_all_documents(workspace: Workspace, caller: Caller) -> None:
    """Raise `NotAllowed` where the whole documents folder is worked on and some may not be read."""
    allowed = readable(workspace, caller)
    if allowed.is_nothing:
        raise NotAllowed(
            f"The key {caller.name!r} has no access to the domain's documents.",
            hint=f"Ask an administrator for a key with access to the store {DOMAIN_STORE}.",
        )
    if not allowed.is_all:
        raise NotAllowed(
            f"The key {caller.name!r} has access to some of the domain's documents only.",
            hint="Upload files one by one, or ask an administrator to sync the folder.",
        )

"""What people write on documents, besides what their files say: filters find both."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from lorewright.access import Caller
from lorewright.access.caller import no_document
from lorewright.errors import NotFound
from lorewright.knowledge.filters import Attributes
from lorewright.storage import Records
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_document, readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.metadata import checked_attributes

KIND = "document_attributes"


def set_attributes(
    workspace: Workspace, caller: Caller, document_id: str, attributes: Mapping[str, Any]
) -> Attributes:
    """Return what is written on a document now, in the place of what was; filters go by it at once.

    Raises `BadParameter` for too much or for values that are no text, number, true or false.
    """
    caller.need("documents")
    need_document(workspace, caller, document_id)
    wanted = checked_attributes(attributes)
    if workspace.documents.state(document_id) is None:
        raise no_document(document_id)
    if not wanted:
        forget_attributes(workspace, document_id)
    else:
        body = {"document": document_id, "attributes": wanted}
        _records(workspace).put(_id(document_id), lambda _: body)
    audit(workspace, caller, Act.DOCUMENT_CHANGED, document_id, keys=sorted(wanted))
    return wanted


def own_attributes(workspace: Workspace, caller: Caller, document_id: str) -> Attributes:
    """Return what people wrote on a document; nothing for one that nobody wrote on.

    Raises `NotFound` for one that is not there, or not for this caller.
    """
    caller.need("read", "documents")
    need_document(workspace, caller, document_id)
    if document_id not in workspace.documents.states() and not _is_waiting(workspace, document_id):
        raise no_document(document_id)
    return stored_attributes(workspace, document_id)


def known_attributes(workspace: Workspace, caller: Caller) -> dict[str, Attributes]:
    """Return what is known of every document, none for who may not see them."""
    caller.need("read")
    allowed = readable(workspace, caller)
    return {name: held for name, held in all_attributes(workspace).items() if allowed.holds(name)}


def stored_attributes(workspace: Workspace, document_id: str) -> Attributes:
    """Return what people wrote on a document, whoever asks."""
    record = _records(workspace).find(_id(document_id))
    return dict(record.body["attributes"]) if record else {}


def all_attributes(workspace: Workspace) -> dict[str, Attributes]:
    """Return what is known of every document: what its file says, and before that what people wrote."""
    own = {record.body["document"]: record.body["attributes"] for record in _records(workspace).all()}
    return {
        outline.id: {**outline.metadata, **own.get(outline.id, {})}
        for outline in workspace.documents.outlines().values()
    }


def forget_attributes(workspace: Workspace, document_id: str) -> None:
    """Forget what people wrote on a document."""
    records = _records(workspace)
    try:
        records.remove(_id(document_id))
    except NotFound:
        return


def _is_waiting(workspace: Workspace, document_id: str) -> bool:
    """Return whether a document's file is there, though it was not read yet."""
    path = PurePosixPath(document_id)
    is_inside = not path.is_absolute() and ".." not in path.parts
    return is_inside and (workspace.documents_folder / path).is_file()


def _id(document_id: str) -> str:
    return "about_" + sha256(document_id.encode()).hexdigest()[:40]


def _records(workspace: Workspace) -> Records:
    return Records(workspace.database, KIND)

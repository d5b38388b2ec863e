"""Deleting documents: what goes with them is said first."""

from collections.abc import Sequence

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.documents.files import delete_document


async def ask_delete(visit: Visit, names: Sequence[str]) -> bool:
    """Ask whether documents are to go, and let them go; return whether they did."""
    n = len(names)
    title = (
        t("Delete {name}?", name=names[0])
        if n == 1
        else tn("Delete {n} document?", "Delete {n} documents?", n)
    )
    description = t(
        "This deletes the file on disk with its text, chunks, versions and custom metadata. "
        "Existing answers keep their citations, but it will not be retrieved or cited again. "
        "This cannot be undone."
    )
    with visit.client.content:  # the list below may be drawn again meanwhile
        is_wanted = await confirm(title, description, t("Delete"), is_harmful=True)
    if not is_wanted:
        return False
    if not await visit.attempt(_delete, visit, names):
        return False
    tell(tn("{n} document deleted.", "{n} documents deleted.", n))
    return True


def _delete(visit: Visit, names: Sequence[str]) -> bool:
    for name in names:
        delete_document(visit.server.workspace, visit.caller, name)
    return True

"""A model fetched, and what waited for it done: documents in other languages are embedded by theirs."""

from collections.abc import Mapping
from typing import Any

from lorewright.jobs import Steps
from lorewright.models.embedders import E5_SOURCE
from lorewright.storage import Records
from lorewright.workspace.collections.indexing import index_files
from lorewright.workspace.collections.stores import KIND
from lorewright.workspace.documents.add import add
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.models import fetch


def pull(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Fetch the model that the order names by its `uri`, and return what it is.

    The documents of the domain and of its stores that it should embed are indexed again: stopped
    anywhere, that goes on where it was.
    """
    fetched = fetch(workspace, order, steps)
    if order["uri"] == E5_SOURCE:
        if workspace.collection.found_by_words():
            add(workspace, {"paths": [], "is_sync": True}, steps)
        for store in Records(workspace.database, KIND).all():
            index_files(workspace, {"store": store.id}, steps)
    return fetched

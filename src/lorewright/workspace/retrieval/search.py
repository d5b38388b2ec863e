"""Finding chunks."""

from typing import Literal

from lorewright.access import Caller
from lorewright.errors import InvalidSetting
from lorewright.knowledge import Hit
from lorewright.workspace.domain.workspace import Workspace


def search(
    workspace: Workspace,
    caller: Caller,
    query: str,
    *,
    n: int = 5,
    mode: Literal["fused", "text", "dense"] = "fused",
) -> list[Hit]:
    """Return the `n` best hits for a query, best first; none for who may not see the documents.

    Raises `NoDocuments` where nothing was added.
    """
    caller.need("read")
    if not query.strip():
        raise InvalidSetting("The query is empty.", hint="Say what to look for.")
    if n < 1:
        raise InvalidSetting(f"n is {n}.", hint="It must be at least 1.")
    if not caller.sees_documents:
        return []
    return workspace.searchable_collection().search(query, n=n, mode=mode)

"""Finding chunks."""

from typing import Literal

from lorewright.access import Caller
from lorewright.errors import InvalidSetting
from lorewright.knowledge import RERANKERS, Hit, reranked
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace


def search(
    workspace: Workspace,
    caller: Caller,
    query: str,
    *,
    n: int = 5,
    mode: Literal["fused", "text", "dense"] = "fused",
    reranker: str = "",
) -> list[Hit]:
    """Return the `n` best hits for a query, best first, of the documents that the caller may read.

    A reranker, by its name, has the last word on the order of `retrieval.n_candidates` hits. Raises
    `NoDocuments` where nothing was added.
    """
    caller.need("read")
    check_query(query, n)
    collection = workspace.searchable_by(readable(workspace, caller))
    if not reranker:
        return collection.search(query, n=n, mode=mode)
    RERANKERS.load(reranker)  # a wrong name is told before anything is searched
    hits = collection.search(query, n=max(n, workspace.settings.retrieval.n_candidates), mode=mode)
    return reranked(query, hits, reranker, weight=1.0)[:n]


def check_query(query: str, n: int) -> None:
    """Raise `InvalidSetting` for a query that is empty or wants no hit."""
    if not query.strip():
        raise InvalidSetting("The query is empty.", hint="Provide a query.")
    if n < 1:
        raise InvalidSetting(f"n is {n}.", hint="It must be at least 1.")

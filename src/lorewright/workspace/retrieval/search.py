"""Finding chunks."""

from typing import Literal

from lorewright.access import Caller
from lorewright.errors import InvalidSetting
from lorewright.knowledge import RERANKERS, Hit, reranked
from lorewright.workspace.documents.as_of import moment
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.retrieval.former import FormerHits, search_as_of


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
    _check(query, n)
    collection = workspace.searchable_by(readable(workspace, caller))
    if not reranker:
        return collection.search(query, n=n, mode=mode)
    RERANKERS.load(reranker)  # a wrong name is told before anything is searched
    hits = collection.search(query, n=max(n, workspace.settings.retrieval.n_candidates), mode=mode)
    return reranked(query, hits, reranker, weight=1.0)[:n]


def search_then(
    workspace: Workspace,
    caller: Caller,
    query: str,
    *,
    as_of: str,
    n: int = 5,
    mode: Literal["fused", "text", "dense"] = "fused",
    reranker: str = "",
) -> FormerHits:
    """Return the `n` best hits among the documents as they were at a date or time, see `search_as_of`."""
    caller.need("read")
    _check(query, n)
    if reranker:
        raise InvalidSetting("Hits as of a date cannot be reranked.", hint="Leave one of both out.")
    return search_as_of(workspace, caller, query, at=moment(as_of), n=n, mode=mode)


def _check(query: str, n: int) -> None:
    if not query.strip():
        raise InvalidSetting("The query is empty.", hint="Provide a query.")
    if n < 1:
        raise InvalidSetting(f"n is {n}.", hint="It must be at least 1.")

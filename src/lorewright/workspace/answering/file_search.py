"""Files that a flow searches for one answer: the collections that the caller names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lorewright.access import DOMAIN_STORE, Caller
from lorewright.errors import BadParameter
from lorewright.flows import Flow
from lorewright.knowledge import Attributes, Hit
from lorewright.knowledge.filters import Filter
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.collections.search import Ranking, StoreHit, StoresRetriever
from lorewright.workspace.collections.stores import retriever_over
from lorewright.workspace.flows.library import find_arm
from lorewright.workspace.server.server import Server

ARM = "rag"
"""The arm whose flow answers when a model without a flow is to search."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSearchOptions:
    """Which collections are searched, and how; without `n` as many chunks as the flow takes.

    `sampling` are parameters of the generation (`max_tokens`, `temperature`) for a standard arm.
    """

    collections: Sequence[str]
    n: int | None = None
    filters: Filter | None = None
    ranking: Ranking = field(default_factory=Ranking)
    sampling: Mapping[str, Any] = field(default_factory=dict)


class RecordingRetriever:
    """A retriever that remembers what was searched for and found; the same query is searched once."""

    def __init__(self, retriever: StoresRetriever) -> None:
        self._retriever = retriever
        self.version = retriever.version
        self.hits_by_query: dict[str, list[StoreHit]] = {}

    @property
    def domain_documents(self) -> set[str]:
        """The ids of the domain's documents that were found; files of stores are not among them."""
        every = (one for several in self.hits_by_query.values() for one in several)
        return {name for one in every if one.store_id == DOMAIN_STORE for name in one.hit.document_ids}

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first."""
        if query not in self.hits_by_query:
            self.hits_by_query[query] = self._retriever.find(query, n=n)
        return [store_hit.hit for store_hit in self.hits_by_query[query]]

    def attributes(self, document_id: str) -> Attributes:
        """Return the attributes of a file that was found."""
        every = (one for several in self.hits_by_query.values() for one in several)
        return next((dict(one.attributes) for one in every if one.hit.chunk.document_id == document_id), {})

    def filename(self, document_id: str) -> str:
        """Return the name of a file that was found."""
        every = (one for several in self.hits_by_query.values() for one in several)
        return next((one.filename for one in every if one.hit.chunk.document_id == document_id), document_id)


@dataclass(frozen=True, slots=True)
class FileSearch:
    """The flow that answers, and what it searches: `n` chunks at most reach the prompt."""

    flow: Flow
    retriever: RecordingRetriever
    n: int
    results: list[StoreHit] = field(default_factory=list)


def file_search(
    server: Server, caller: Caller, model: str, served: ServedModel, options: FileSearchOptions
) -> FileSearch:
    """Return how the files are searched and the answer is made.

    Raises `BadParameter` for a flow that retrieves nothing, `NotFound` for a collection that is not
    there or not for this caller.
    """
    caller.need("stores")
    flow = served.flow or find_arm(server.workspace, caller, ARM)
    retrieve = next((node for node in flow.nodes if node.kind == "retrieve"), None)
    if retrieve is None:
        raise BadParameter("tools", f"{model} is a flow without retrieval; it does not support file_search.")
    n = options.n or int(retrieve.params.get("n", 3))
    retriever = retriever_over(
        server, caller, list(options.collections), filters=options.filters, ranking=options.ranking, n=n
    )
    return FileSearch(
        _fitted(flow, options, n, is_own=served.flow is not None), RecordingRetriever(retriever), n
    )


def _fitted(flow: Flow, options: FileSearchOptions, n: int, *, is_own: bool) -> Flow:
    """Return the flow as the options want it; a flow that somebody made stays as it is but for `n`."""
    changes: dict[str, dict[str, Any]] = {"retrieve": {"n": n}}
    if not is_own:
        changes |= {"prompt": {"system": "keep"}, "generate": dict(options.sampling)}
    nodes = tuple(replace(node, params={**node.params, **changes.get(node.kind, {})}) for node in flow.nodes)
    return replace(flow, nodes=nodes)

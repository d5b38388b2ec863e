"""The `file_search` tool: an answer of any model that rests on the caller's vector stores, and cites them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, Field

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.flows import Flow
from lorewright.knowledge import Attributes, Citation, Hit, read_filter
from lorewright.workspace.find_flow import find_arm
from lorewright.workspace.home import Home
from lorewright.workspace.requests import read_request
from lorewright.workspace.response_request import LOGPROBS, ResponseRequest, format_of, functions_of
from lorewright.workspace.served import Served
from lorewright.workspace.store_search import Found, Ranking, StoresRetriever
from lorewright.workspace.stores import retriever_over

ARM = "rag"
"""The arm whose flow answers when a model without a flow is to search."""


class HybridSearch(BaseModel):
    """How much meaning and words count."""

    embedding_weight: float = Field(ge=0)
    text_weight: float = Field(ge=0)


class RankingOptions(BaseModel):
    """How hits are ranked; there is one ranker, whatever it is called."""

    ranker: Literal["auto", "default-2024-11-15"] | None = None
    score_threshold: float = Field(default=0.0, ge=0, le=1)
    hybrid_search: HybridSearch | None = None


class FileSearchTool(BaseModel):
    """Which stores are searched, and how."""

    type: Literal["file_search"]
    vector_store_ids: list[str] = Field(min_length=1, max_length=20)
    filters: dict[str, Any] | None = None
    max_num_results: int | None = Field(default=None, ge=1, le=50)
    ranking_options: RankingOptions | None = None


class Searched:
    """A retriever that remembers what was searched for and found; the same query is searched once."""

    def __init__(self, retriever: StoresRetriever) -> None:
        self._retriever = retriever
        self.version = retriever.version
        self.found: dict[str, list[Found]] = {}

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first."""
        if query not in self.found:
            self.found[query] = self._retriever.find(query, n=n)
        return [found.hit for found in self.found[query]]

    def attributes(self, document_id: str) -> Attributes:
        """Return the attributes of a file that was found."""
        every = (one for several in self.found.values() for one in several)
        return next((dict(one.attributes) for one in every if one.hit.chunk.document_id == document_id), {})

    def filename(self, document_id: str) -> str:
        """Return the name of a file that was found."""
        every = (one for several in self.found.values() for one in several)
        return next((one.filename for one in every if one.hit.chunk.document_id == document_id), document_id)


@dataclass(frozen=True, slots=True)
class FileSearch:
    """The flow that answers, and what it searches: `n` chunks at most reach the prompt."""

    flow: Flow
    retriever: Searched
    n: int
    results: list[Found] = field(default_factory=list)


def file_search(
    home: Home, caller: Key, request: ResponseRequest, served: Served, tool: Mapping[str, Any]
) -> FileSearch:
    """Return how the files are searched and the answer is made.

    Raises `BadParameter` for what a searched answer cannot be, `NotFound` for a store that is not
    there or not for this key.
    """
    caller.need("stores")
    wanted = read_request(FileSearchTool, tool)
    if functions_of(request) and served.flow:
        raise BadParameter("tools", f"{request.model} is a flow and calls no functions.")
    if request.includes(LOGPROBS):
        raise BadParameter("include", f"An answer that is checked and cited has no {LOGPROBS}.")
    if format_of(request):
        raise BadParameter(
            "text.format", "An answer over files is a cited text: ask for the form of it in a second request."
        )
    flow = served.flow or find_arm(home.workspace, ARM)
    found = next((node for node in flow.nodes if node.kind == "retrieve"), None)
    if found is None:
        raise BadParameter(
            "tools", f"{request.model} is a flow that retrieves nothing: it takes no file_search."
        )
    n = wanted.max_num_results or int(found.params.get("n", 3))
    retriever = retriever_over(
        home,
        caller,
        wanted.vector_store_ids,
        filters=read_filter(wanted.filters, param="tools.filters") if wanted.filters else None,
        ranking=_ranking(wanted.ranking_options),
        n=n,
    )
    return FileSearch(_fitted(flow, request, n, is_own=served.flow is not None), Searched(retriever), n)


def file_citation(citation: Citation, filename: str) -> dict[str, Any]:
    """Return a citation as an annotation: `index` is where in the text the cited part ends."""
    return {
        "type": "file_citation",
        "file_id": citation.document_id,
        "filename": filename,
        "index": citation.position,
        "quote": citation.quote,
        "page": citation.page,
    }


def shown_results(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return what was found as the results of a `file_search_call`."""
    return [
        {
            "file_id": one.hit.chunk.document_id,
            "filename": one.filename,
            "score": one.hit.score,
            "attributes": dict(one.attributes),
            "text": "\n".join(part for part in (one.hit.chunk.header, one.hit.chunk.text) if part),
        }
        for one in found
    ]


def _fitted(flow: Flow, request: ResponseRequest, n: int, *, is_own: bool) -> Flow:
    """Return the flow as the request wants it; a flow that somebody made stays as it is but for `n`."""
    sampling: dict[str, Any] = {}
    if request.max_output_tokens:
        sampling["max_tokens"] = request.max_output_tokens
    if request.temperature is not None:
        sampling["temperature"] = request.temperature
    changes: dict[str, dict[str, Any]] = {"retrieve": {"n": n}}
    if not is_own:
        changes |= {"prompt": {"system": "keep"}, "generate": sampling}
    nodes = tuple(replace(node, params={**node.params, **changes.get(node.kind, {})}) for node in flow.nodes)
    return replace(flow, nodes=nodes)


def _ranking(options: RankingOptions | None) -> Ranking:
    if options is None:
        return Ranking()
    weights = options.hybrid_search
    if weights is None:
        return Ranking(score_threshold=options.score_threshold)
    total = weights.embedding_weight + weights.text_weight
    if not total:
        raise BadParameter(
            "tools.ranking_options.hybrid_search", "embedding_weight and text_weight cannot both be 0."
        )
    return Ranking(score_threshold=options.score_threshold, dense_weight=weights.embedding_weight / total)

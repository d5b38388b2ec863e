"""The `file_search` tool: an answer of any model that rests on the caller's vector stores, and cites them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.knowledge import Citation, read_filter
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.file_search import FileSearch, FileSearchOptions, file_search
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.collections.ranking_options import RankingOptions, ranking_of
from lorewright.workspace.collections.search import StoreHit
from lorewright.workspace.openai.responses.request import LOGPROBS, ResponseRequest
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server


class FileSearchTool(RequestBody):
    """Which stores are searched, and how."""

    type: Literal["file_search"]
    vector_store_ids: list[str] = Field(min_length=1, max_length=20)
    filters: dict[str, Any] | None = None
    max_num_results: int | None = Field(default=None, ge=1, le=50)
    ranking_options: RankingOptions | None = None


def file_search_for(
    server: Server, caller: Caller, request: ResponseRequest, served: ServedModel, tool: Mapping[str, Any]
) -> FileSearch:
    """Return how the files are searched and the answer is made.

    Raises `BadParameter` for what a searched answer cannot be, `NotFound` for a store that is not
    there or not for this caller.
    """
    wanted = read_request(FileSearchTool, tool)
    if request.includes(LOGPROBS):
        raise BadParameter("include", f"An answer with citations does not support {LOGPROBS}.")
    options = FileSearchOptions(
        collections=wanted.vector_store_ids,
        n=wanted.max_num_results,
        filters=read_filter(wanted.filters, param="tools.filters") if wanted.filters else None,
        ranking=ranking_of(wanted.ranking_options, param="tools.ranking_options"),
        sampling=_sampling(request),
    )
    return file_search(server, caller, request.model, served, options)


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


def results_json(hits: Sequence[StoreHit]) -> list[dict[str, Any]]:
    """Return what was found as the results of a `file_search_call`."""
    return [
        {
            "file_id": store_hit.hit.chunk.document_id,
            "filename": store_hit.filename,
            "score": store_hit.hit.score,
            "attributes": dict(store_hit.attributes),
            "text": "\n".join(
                part for part in (store_hit.hit.chunk.header, store_hit.hit.chunk.text) if part
            ),
        }
        for store_hit in hits
    ]


def _sampling(request: ResponseRequest) -> dict[str, Any]:
    sampling: dict[str, Any] = {}
    if request.max_output_tokens:
        sampling["max_tokens"] = request.max_output_tokens
    if request.temperature is not None:
        sampling["temperature"] = request.temperature
    return sampling

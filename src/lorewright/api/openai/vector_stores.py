"""`/v1/vector_stores`: collections of files, searched by words and by meaning."""

from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter
from openai.types import VectorStore, VectorStoreDeleted, VectorStoreSearchResponse
from pydantic import Field

from lorewright.access import Caller
from lorewright.api.http.answers import ListOf, PageOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.errors import BadParameter
from lorewright.knowledge import read_filter
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.collections.changes import create_store, delete_store, update_store
from lorewright.workspace.collections.ranking_options import RankingOptions, ranking_of
from lorewright.workspace.collections.search import Rewritten, StoreHit, rewrite
from lorewright.workspace.collections.stores import (
    expires_at_of,
    facts_of_store,
    find_store,
    list_stores,
    search_store,
)
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import page_of

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"])


class SearchPage(PageOf[VectorStoreSearchResponse]):
    """What a search found."""

    object: Literal["vector_store.search_results.page"]


class ExpiresAfter(RequestBody):
    """When an unused store expires."""

    anchor: Literal["last_active_at"]
    days: int = Field(ge=1, le=365)


class NewStore(RequestBody):
    """A request for a store."""

    name: str = Field("", max_length=256)
    description: str | None = Field(None, max_length=512)
    file_ids: list[str] = Field([], max_length=500)
    metadata: dict[str, Any] | None = None
    expires_after: ExpiresAfter | None = None
    chunking_strategy: dict[str, Any] | None = None


class StoreChange(RequestBody):
    """A request to change a store; fields that are not given stay unchanged."""

    name: str | None = Field(None, max_length=256)
    metadata: dict[str, Any] | None = None
    expires_after: ExpiresAfter | None = None


class Search(RequestBody):
    """A request for the best chunks for a query, or for several."""

    query: str | list[str]
    filters: dict[str, Any] | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()
    rewrite_query: bool = False


@router.post("", responses=answers(VectorStore))
def create(body: NewStore, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a store; its files are indexed in the background."""
    return shown_store(server, caller, create_store(server, caller, **body.model_dump()))


@router.get("", responses=answers(ListOf[VectorStore]))
def get_all(
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List stores, the newest first; the domain's own is the oldest."""
    page = page_of(list_stores(server, caller), limit=limit, after=after, before=before, order=order)
    return listed(page, lambda store: shown_store(server, caller, store))


@router.get("/{store_id}", responses=answers(VectorStore))
def get(store_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one store."""
    return shown_store(server, caller, find_store(server, caller, store_id))


@router.post("/{store_id}", responses=answers(VectorStore))
def change(store_id: str, body: StoreChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the name, the metadata or the expiry of a store."""
    changes = body.model_dump(exclude_unset=True)
    return shown_store(server, caller, update_store(server, caller, store_id, changes))


@router.delete("/{store_id}", responses=answers(VectorStoreDeleted))
def delete(store_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a store; its files are kept."""
    delete_store(server, caller, store_id)
    return {"id": store_id, "object": "vector_store.deleted", "deleted": True}


@router.post("/{store_id}/search", responses=answers(SearchPage))
def search(store_id: str, body: Search, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the best chunks, best first; scores are comparable within one search only."""
    filters = read_filter(body.filters) if body.filters else None
    retriever = search_store(
        server, caller, store_id, filters=filters, ranking=ranking_of(body.ranking_options)
    )
    queries = _queries(server, caller, body)
    results = [retriever.find(one.query, n=body.max_num_results) for one in queries]
    reasons = [one.kept_because for one in queries if one.kept_because]
    return {
        "object": "vector_store.search_results.page",
        "search_query": [one.query for one in queries],
        **({"lorewright": {"not_rewritten": reasons}} if reasons else {}),
        "data": [_shown_hit(hit) for hit in _best(results, body.max_num_results)],
        "has_more": False,
        "next_page": None,
    }


def shown_store(server: Server, caller: Caller, store: Record) -> dict[str, Any]:
    """Return a vector store object."""
    body, facts = store.body, facts_of_store(server, caller, store)
    return {
        "id": store.id,
        "object": "vector_store",
        "created_at": int(store.created_at),
        "name": body["name"],
        "description": body.get("description"),
        "usage_bytes": facts.usage_bytes,
        "file_counts": dict(facts.counts),
        "status": facts.status,
        "expires_after": body["expires_after"],
        "expires_at": expires_at_of(store),
        "last_active_at": body["last_active_at"],
        "metadata": body["metadata"],
    }


def _queries(server: Server, caller: CallerOf, body: Search) -> list[Rewritten]:
    queries = [body.query] if isinstance(body.query, str) else body.query
    if not queries or not all(query.strip() for query in queries):
        raise BadParameter("query", "query must be a non-empty string or a list of non-empty strings.")
    return [rewrite(server, caller, query) if body.rewrite_query else Rewritten(query) for query in queries]


def _best(results: Sequence[Sequence[StoreHit]], n: int) -> list[StoreHit]:
    """Return the hits of all queries, each chunk once with its best score."""
    best: dict[tuple[str, str], StoreHit] = {}
    for hit in sorted((one for several in results for one in several), key=lambda one: -one.hit.score):
        best.setdefault((hit.store_id, hit.hit.chunk.id), hit)
    return list(best.values())[:n]


def _shown_hit(hit: StoreHit) -> dict[str, Any]:
    chunk = hit.hit.chunk
    return {
        "file_id": chunk.document_id,
        "filename": hit.filename,
        "score": hit.hit.score,
        "attributes": dict(hit.attributes),
        "content": [{"type": "text", "text": "\n".join(part for part in (chunk.header, chunk.text) if part)}],
    }

"""`/v1/rerank`: documents in the order of how well they answer a query, as Cohere and Jina do."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.workspace.retrieval.rerank import RerankRequest, rerank

router = APIRouter(prefix="/v1", tags=["embeddings"])


@router.post("/rerank")
def create_rerank(body: RerankRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Put documents in order, the best first."""
    return rerank(server, caller, body)

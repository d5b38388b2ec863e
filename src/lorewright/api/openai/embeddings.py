"""`/v1/embeddings`: vectors of the domain's embedding model."""

from typing import Any

from fastapi import APIRouter
from openai.types import CreateEmbeddingResponse

from lorewright.api.http.answers import answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.workspace.openai.embeddings import EmbeddingRequest, embed_texts

router = APIRouter(prefix="/v1", tags=["embeddings"])


@router.post("/embeddings", responses=answers(CreateEmbeddingResponse))
def create_embeddings(body: EmbeddingRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one vector per text, in order."""
    return embed_texts(server, caller, body)

"""Documents of a request in the order of how well they answer its query."""

import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.documents import Chunk
from lorewright.errors import BadParameter, NotFound
from lorewright.knowledge import RERANKERS, Hit, reranked
from lorewright.knowledge.ranking import rank
from lorewright.knowledge.word_ranking import word_scores
from lorewright.models import EmbeddingModel
from lorewright.models.long_texts import embed_whole
from lorewright.request_body import RequestBody
from lorewright.workspace.server.server import Server

MAX_DOCUMENTS = 1000
_HALF = 0.5  # words and meaning count the same, as in a search


class RerankRequest(RequestBody):
    """A request in the words of Cohere and Jina: a query, and the documents to put in order."""

    model_config = ConfigDict(extra="ignore")

    model: str = "default"
    query: str = Field(min_length=1)
    documents: list[str | dict[str, Any]] = Field(min_length=1, max_length=MAX_DOCUMENTS)
    top_n: int | None = Field(default=None, ge=1)
    return_documents: bool = False


def rerank(server: Server, caller: Caller, request: RerankRequest) -> dict[str, Any]:
    """Return the documents' places, the best first, with a score from 0 to 1.

    The embedding model scores by words and by meaning, as a search does; another model is a
    reranker of an installed package.
    """
    caller.need("embed")
    texts = [_text_of(document, place) for place, document in enumerate(request.documents)]
    embedder = server.workspace.embedder
    is_ours = request.model in {"default", embedder.name, server.workspace.settings.models.embedding}
    if not is_ours and request.model not in RERANKERS.names():
        raise NotFound(
            f"The reranker {request.model!r} does not exist.",
            hint=f"Available: {', '.join([embedder.name, *RERANKERS.names()])}.",
            param="model",
            code="model_not_found",
        )
    server.ledger.admit(caller.id)
    started = time.perf_counter()
    hits = _hits(texts)
    if is_ours:
        hits, n_tokens = _by_words_and_meaning(embedder, request.query, hits)
        server.ledger.note_embedding(
            caller.id, embedder.name, n_tokens=n_tokens, seconds=time.perf_counter() - started
        )
    else:
        hits, n_tokens = reranked(request.query, hits, request.model, weight=1.0), 0
    results = [_result(hit, texts, with_text=request.return_documents) for hit in hits[: request.top_n]]
    return {
        "id": f"rerank-{uuid4().hex}",
        "object": "list",
        "model": request.model,
        "results": results,
        "usage": {"prompt_tokens": n_tokens, "total_tokens": n_tokens},
        "meta": {"billed_units": {"search_units": 1}},
    }


def _by_words_and_meaning(embedder: EmbeddingModel, query: str, hits: Sequence[Hit]) -> tuple[list[Hit], int]:
    chunks = [hit.chunk for hit in hits]
    vectors, n_tokens = embed_whole(embedder, [chunk.text for chunk in chunks])
    cosines = vectors @ embedder.embed_query(query)
    words = word_scores(query, hits)
    ranked = rank(
        query,
        zip(chunks, words, strict=True),
        zip(chunks, (float(cosine) for cosine in cosines), strict=True),
        dense_weight=_HALF,
    )
    return ranked, n_tokens + len(embedder.token_offsets(query))


def _hits(texts: Sequence[str]) -> list[Hit]:
    return [
        Hit(Chunk(str(place), str(place), "", 0, len(text), text), 0.0, place + 1)
        for place, text in enumerate(texts)
    ]


def _text_of(document: str | Mapping[str, Any], place: int) -> str:
    text = document if isinstance(document, str) else document.get("text")
    if not isinstance(text, str) or not text:
        raise BadParameter(
            f"documents.{place}", f"documents.{place} must be a string or an object with text."
        )
    return text


def _result(hit: Hit, texts: Sequence[str], *, with_text: bool) -> dict[str, Any]:
    place = int(hit.chunk.id)
    result: dict[str, Any] = {"index": place, "relevance_score": min(1.0, max(0.0, hit.score))}
    return {**result, "document": {"text": texts[place]}} if with_text else result

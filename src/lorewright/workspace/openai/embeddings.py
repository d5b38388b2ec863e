"""Vectors of texts, of the domain's embedding model."""

import base64
import time
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.models import Stopped, never
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

MAX_INPUTS = 2048


class EmbeddingRequest(BaseModel):
    """A request for the vectors of one or several texts."""

    model_config = ConfigDict(extra="ignore")

    model: str
    input: str | list[str] | list[int] | list[list[int]]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


def embed(
    server: Server,
    caller: Caller,
    body: Mapping[str, Any],
    *,
    stopped: Stopped = never,  # noqa: ARG001
) -> dict[str, Any]:
    """Return the vectors that a request in OpenAI's words asks for; it is soon over and never stopped."""
    return embed_texts(server, caller, read_request(EmbeddingRequest, body))


def embed_texts(server: Server, caller: Caller, body: EmbeddingRequest) -> dict[str, Any]:
    """Return one vector per text, in order."""
    caller.need("embed")
    embedder = server.workspace.embedder
    if body.model not in {embedder.name, server.workspace.settings.models.embedding, "default"}:
        raise NotFound(
            f"The embedding model {body.model!r} does not exist.", hint=f"There is {embedder.name!r}."
        )
    texts = _texts(body.input)
    if body.dimensions not in (None, embedder.n_dimensions):
        raise BadParameter(
            "dimensions", f"dimensions is {body.dimensions}; {embedder.name} gives {embedder.n_dimensions}."
        )
    server.ledger.admit(caller.id)
    begun = time.perf_counter()
    vectors = embedder.embed(texts)
    n_tokens = sum(len(embedder.token_offsets(text)) for text in texts)
    server.ledger.note_embedding(
        caller.id, embedder.name, n_tokens=n_tokens, seconds=time.perf_counter() - begun
    )
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": _encoded(vector, body.encoding_format)}
            for index, vector in enumerate(vectors)
        ],
        "model": body.model,
        "usage": {"prompt_tokens": n_tokens, "total_tokens": n_tokens},
    }


def _texts(given: Any) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise BadParameter("input", "input is a text or a list of texts, none of them empty; no token ids.")
    if len(texts) > MAX_INPUTS:
        raise BadParameter("input", f"input has {len(texts)} texts; at most {MAX_INPUTS} are taken at once.")
    return list(texts)


def _encoded(vector: Any, form: str) -> Any:
    if form == "base64":
        return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
    return [float(number) for number in vector]

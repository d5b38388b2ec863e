"""Vectors of texts, of the domain's embedding model."""

import base64
import time
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from pydantic import ConfigDict

from lorewright.access import Caller
from lorewright.errors import BadParameter, MissingExtra, NotFound
from lorewright.models import EmbeddingModel, Stopped, never
from lorewright.models.long_texts import ReadsTokens, embed_whole, max_input_tokens
from lorewright.models.openai_tokens import openai_text
from lorewright.request_body import RequestBody
from lorewright.workspace.server.models import has_embedding_model
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

MAX_INPUTS = 2048
ALIASES = ("text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002")
"""OpenAI's names, which programs ask for without being told; they mean the domain's own model."""


class EmbeddingRequest(RequestBody):
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
    """Return one vector per text, in order; a long text's is the mean of those of its parts."""
    caller.need("embed")
    embedder = find_embedder(server, body.model)
    if body.dimensions not in (None, embedder.n_dimensions):
        raise BadParameter(
            "dimensions", f"dimensions is {body.dimensions}; {embedder.name} has {embedder.n_dimensions}."
        )
    texts = _texts(body, embedder)
    server.ledger.admit(caller.id)
    started = time.perf_counter()
    vectors, n_tokens = embed_whole(embedder, texts)
    server.ledger.note_embedding(
        caller.id, embedder.name, n_tokens=n_tokens, seconds=time.perf_counter() - started
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


def find_embedder(server: Server, name: str) -> EmbeddingModel:
    """Return the domain's embedding model by its name, OpenAI's for one, or `default`."""
    embedder = server.workspace.embedder
    if name not in {embedder.name, server.workspace.settings.models.embedding, "default", *ALIASES}:
        raise NotFound(
            f"The embedding model {name!r} does not exist.",
            hint=f"Available: {embedder.name!r}.",
            code="model_not_found",
        )
    return embedder


def embedding_models(server: Server, caller: Caller) -> list[dict[str, Any]]:
    """Return the embedding model as a list of models shows it, once it is on this machine."""
    if not (caller.may("embed") and has_embedding_model(server.workspace)):
        return []
    embedder = server.workspace.embedder
    if not caller.may_use_model(embedder.name):
        return []
    return [
        {
            "id": embedder.name,
            "object": "model",
            "created": 0,
            "owned_by": "lorewright",
            "kind": "embedding",
            "aliases": ["default", *ALIASES],
            "dimensions": embedder.n_dimensions,
            "max_input_tokens": max_input_tokens(embedder),
        }
    ]


def _texts(body: EmbeddingRequest, embedder: EmbeddingModel) -> list[str]:
    given: Any = body.input
    several = given if isinstance(given, list) and not _is_tokens(given) else [given]
    if not several or not all(several):
        raise BadParameter("input", "input must be a non-empty string, or a list of strings or token ids.")
    if len(several) > MAX_INPUTS:
        raise BadParameter("input", f"input has {len(several)} texts; the limit is {MAX_INPUTS}.")
    is_ours = body.model not in ALIASES
    return [one if isinstance(one, str) else _text_of(one, embedder, is_ours=is_ours) for one in several]


def _is_tokens(given: list[Any]) -> bool:
    return bool(given) and isinstance(given[0], int)


def _text_of(tokens: list[int], embedder: EmbeddingModel, *, is_ours: bool) -> str:
    """Return the text of tokens: of the model's own vocabulary, or OpenAI's under one of its names."""
    way_out = "Send strings; in LangChain: check_embedding_ctx_length=False."
    if not is_ours:
        try:
            return openai_text(tokens)
        except MissingExtra as error:
            raise BadParameter("input", f"{error} {way_out}") from error
        except ValueError as error:
            raise BadParameter("input", f"input has an unknown token: {error}.") from error
    try:
        if isinstance(embedder, ReadsTokens):
            return embedder.text_of(tokens)
    except ValueError as error:
        raise BadParameter("input", f"{error}. {way_out}") from error
    raise BadParameter("input", f"{embedder.name} does not support token ids. {way_out}")


def _encoded(vector: Any, form: str) -> Any:
    if form == "base64":
        return base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
    return [float(number) for number in vector]

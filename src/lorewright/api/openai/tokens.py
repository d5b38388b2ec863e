"""`/tokenize` and `/detokenize`: the tokens of a model, as vLLM and llama.cpp tell them."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.workspace.answering.tokens import DetokenizeRequest, TokenizeRequest, detokenize, tokenize

router = APIRouter(tags=["models"])


@router.post("/tokenize")
def create_tokens(body: TokenizeRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the tokens of a text, or the number of tokens of a chat."""
    return tokenize(server, caller, body)


@router.post("/detokenize")
def create_text(body: DetokenizeRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the text of tokens."""
    return detokenize(server, caller, body)

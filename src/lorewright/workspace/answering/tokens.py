"""The tokens of a model: of a text, of a chat, and back."""

from typing import Any

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.models import PooledEngine
from lorewright.models.chat_request import check_chat
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.server.server import Server


class TokenizeRequest(RequestBody):
    """A request for the tokens of a text, in the words of vLLM (`prompt`) or llama.cpp (`content`)."""

    model_config = ConfigDict(extra="ignore")

    model: str = ""
    prompt: str | None = None
    content: str | None = None
    messages: list[dict[str, Any]] | None = None
    tools: list[dict[str, Any]] | None = None


class DetokenizeRequest(RequestBody):
    """A request for the text of tokens."""

    model_config = ConfigDict(extra="ignore")

    model: str = ""
    tokens: list[int] = Field(max_length=1_000_000)


def tokenize(server: Server, caller: Caller, request: TokenizeRequest) -> dict[str, Any]:
    """Return the tokens of a text, or how many the prompt of a chat takes."""
    engine = _engine(server, caller, request.model)
    room = server.workspace.settings.models.context_tokens
    if request.messages is not None:
        chat = {"messages": request.messages, **({"tools": request.tools} if request.tools else {})}
        check_chat(chat)
        return {"count": engine.count_chat(chat), "max_model_len": room}
    text = request.prompt if request.prompt is not None else request.content
    if text is None:
        raise BadParameter("prompt", "Nothing to tokenize. Provide prompt, content or messages.")
    tokens = engine.tokens(text)
    return {"count": len(tokens), "max_model_len": room, "tokens": tokens}


def detokenize(server: Server, caller: Caller, request: DetokenizeRequest) -> dict[str, Any]:
    """Return the text of tokens."""
    try:
        text = _engine(server, caller, request.model).text_of(request.tokens)
        text.encode()  # half of a letter is no text
    except (ValueError, OverflowError) as error:
        raise BadParameter("tokens", f"{error}.") from error
    return {"prompt": text, "content": text}


def _engine(server: Server, caller: Caller, name: str) -> PooledEngine:
    """Return a model by its name, or the domain's own; behind a flow stands the domain's."""
    caller.need("chat")
    served = find_served(server, name or server.workspace.settings.models.chat, caller)
    return PooledEngine(server.pool, served.engine or server.engine_key(), who=caller.id)

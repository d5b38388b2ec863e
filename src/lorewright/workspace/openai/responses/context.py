"""How long what is said may be: counted, cut at its beginning, or made into a summary."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.messages import Message
from lorewright.models import PooledEngine, Sampling, Stopped, Usage, never
from lorewright.workspace.openai.responses.items import n_leading, new_id, sealed, user_item
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.request import functions_of
from lorewright.workspace.openai.responses.shape import usage_from
from lorewright.workspace.server.server import Server

TOKENS_A_TURN = 8  # what a chat template adds to a turn, at most
ANSWER_TOKENS = 256
SUMMARY_TOKENS = 512
CHARACTERS_A_TOKEN = 2  # fewer than there are: a piece must fit whatever the language
INSTRUCTION = (
    "Summarise the conversation below for somebody who has to continue it. Keep names, numbers, dates, "
    "decisions and open questions. Answer with the summary alone."
)

Turns = Sequence[Mapping[str, Any]]


def engine_for(server: Server, caller: Caller, pending: PendingResponse) -> PooledEngine:
    """Return the model that reads what is asked; for a flow the domain's own."""
    return PooledEngine(server.pool, pending.served.engine or server.engine_key(), who=caller.id)


def count_input(server: Server, caller: Caller, pending: PendingResponse) -> int:
    """Return how many tokens the input of a response takes, with all that came before and its functions."""
    caller.need("chat")
    texts = texts_of(pending.messages)
    functions = functions_of(pending.request)
    if functions:
        texts.insert(0, Message("system", json.dumps(functions)))
    return engine_for(server, caller, pending).count_tokens(texts)


def fitting(turns: Turns, count: Callable[[Sequence[Message]], int], *, room: int) -> list[dict[str, Any]]:
    """Return the turns without the oldest ones, so that they fit into `room` tokens.

    What stands before the conversation stays, and the last turn of the user with all after it.
    """
    n = n_leading(turns)
    every = [dict(turn) for turn in turns]
    leading, rest = every[:n], every[n:]
    starts = [place for place, turn in enumerate(rest) if turn["role"] == "user" and place]
    kept = [*leading, *rest]
    for start in starts:
        if _fits(texts_of(kept), count, room):
            break
        kept = [*leading, *rest[start:]]
    return kept


def compacted(
    server: Server, caller: Caller, pending: PendingResponse, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return all that users said and one item with a summary by the model, to go on from instead."""
    caller.need("chat")
    if not any(turn["role"] == "user" for turn in pending.messages):
        raise BadParameter("input", "Nothing to compact: the conversation has no user message.")
    engine = engine_for(server, caller, pending)
    room = server.workspace.settings.models.context_tokens - 2 * SUMMARY_TOKENS
    summary, usage = "", Usage()
    for piece in _pieces(pending.messages, max(room, SUMMARY_TOKENS) * CHARACTERS_A_TOKEN):
        reply, used = _summarised(engine, f"{summary}\n{piece}".strip(), stopped)
        summary = reply or summary
        usage = Usage(
            usage.prompt_tokens + used.prompt_tokens, usage.completion_tokens + used.completion_tokens
        )
    counted = {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response.compaction",
        "created_at": pending.response["created_at"],
        "output": [
            *(user_item(turn["content"]) for turn in pending.messages if turn["role"] == "user"),
            {"id": new_id("compaction"), "type": "compaction", "encrypted_content": sealed(summary)},
        ],
        "usage": usage_from(counted),
    }


def texts_of(turns: Turns) -> list[Message]:
    """Return turns with their texts alone, those of calls among them."""
    return [
        Message(turn["role"] if turn["role"] in ("system", "assistant") else "user", _text(turn))
        for turn in turns
    ]


def _summarised(engine: PooledEngine, text: str, stopped: Stopped) -> tuple[str, Usage]:
    messages = [Message("system", INSTRUCTION), Message("user", text)]
    reply, usage = "", Usage()
    for piece in engine.stream(messages, sampling=Sampling(max_tokens=SUMMARY_TOKENS), stopped=stopped):
        reply, usage = reply + piece.text, piece.usage or usage
    return reply.strip(), usage


def _pieces(turns: Turns, size: int) -> list[str]:
    """Return what was said as pieces of at most `size` characters."""
    text = "\n".join(f"{turn['role']}: {_text(turn)}" for turn in turns)
    return [text[start : start + size] for start in range(0, len(text), size)]


def _text(turn: Mapping[str, Any]) -> str:
    content = turn.get("content") or ""
    text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    calls = turn.get("tool_calls")
    return f"{text}{json.dumps(calls)}" if calls else text


def _fits(texts: Sequence[Message], count: Callable[[Sequence[Message]], int], room: int) -> bool:
    n_bytes = sum(len(turn.content.encode()) + TOKENS_A_TURN for turn in texts)
    # A token has at least one byte: most prompts need no counting, which needs a loaded model.
    return n_bytes <= room or count(texts) <= room

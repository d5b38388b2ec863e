"""The chunks of a chat completion, joined."""

from collections.abc import Mapping, Sequence
from typing import Any


def join_chunks(chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return choices, usage and extras of the completion that the chunks are pieces of."""
    choices: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for piece in chunk["choices"]:
            choice = choices.setdefault(piece["index"], _empty_choice(piece["index"]))
            _join(choice, piece)
    extras = next((extras_of(chunk) for chunk in chunks if "lorewright" in chunk), {})
    return {"choices": list(choices.values()), "usage": chunks[-1]["usage"], **extras}


def extras_of(chunk: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chunk holds besides what OpenAI's API knows."""
    return {"lorewright": chunk["lorewright"]} if "lorewright" in chunk else {}


def _empty_choice(index: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": None, "refusal": None}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": "stop"}


def _join(choice: dict[str, Any], piece: Mapping[str, Any]) -> None:
    """Take one piece of a choice into it."""
    delta, message = piece.get("delta") or {}, choice["message"]
    if delta.get("content") is not None:
        message["content"] = (message["content"] or "") + delta["content"]
    if delta.get("refusal"):  # in place of whatever was told
        message |= {"content": None, "refusal": delta["refusal"]}
    if "annotations" in delta:
        message["annotations"] = delta["annotations"]
    for call in delta.get("tool_calls") or ():
        _join_call(message.setdefault("tool_calls", []), call)
    if piece.get("logprobs"):
        kept = choice["logprobs"] or {"content": [], "refusal": None}
        kept["content"] += piece["logprobs"].get("content") or []
        choice["logprobs"] = kept
    choice["finish_reason"] = piece.get("finish_reason") or choice["finish_reason"]


def _join_call(calls: list[dict[str, Any]], piece: Mapping[str, Any]) -> None:
    index = piece.get("index", 0)
    while len(calls) <= index:
        calls.append({"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
    call, function = calls[index], piece.get("function") or {}
    call["id"] = piece.get("id") or call["id"]
    call["function"]["name"] += function.get("name") or ""
    call["function"]["arguments"] += function.get("arguments") or ""

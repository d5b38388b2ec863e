"""Turns that call tools, as texts: they are read before an answer, and never learned as one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

CALLING, TELLING = ("function_call", "tool_call"), ("tool", "function", "observation", "tool_response")
"""How data sets name the turn that calls, and the turn that brings the result."""
TOOLS = ("tools", "functions")


def is_call(turn: object) -> bool:
    """Return whether a turn of the assistant calls tools and says nothing else."""
    if not isinstance(turn, Mapping):
        return False
    said = turn.get("content", turn.get("value"))
    return _role(turn) in CALLING or (bool(_calls(turn)) and not said)


def uses_tools(row: Mapping[str, Any], turns: Sequence[object]) -> bool:
    """Return whether a row offers tools, or calls one in a turn."""
    offered = any(row.get(name) not in (None, "", "[]", []) for name in TOOLS)
    return offered or any(
        isinstance(turn, Mapping) and (_calls(turn) or _role(turn) in (*CALLING, *TELLING)) for turn in turns
    )


def as_text(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a turn with calls and results written out, in the form that most templates give them."""
    role, said = _role(turn), turn.get("content", turn.get("value"))
    if role in TELLING:
        return {"role": "user", "content": _marked("tool_response", _plain(said))}
    if role in CALLING:
        return {"role": "assistant", "content": _marked("tool_call", _plain(said))}
    if calls := _calls(turn):
        texts = [_marked("tool_call", json.dumps(call, ensure_ascii=False)) for call in calls]
        return {"role": "assistant", "content": "\n".join(filter(None, [_plain(said), *texts]))}
    return turn


def _calls(turn: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = turn.get("tool_calls") or []
    functions = [call.get("function") for call in listed if isinstance(call, Mapping)]
    functions.append(turn.get("function_call"))
    return [
        {"name": one.get("name"), "arguments": one.get("arguments")}
        for one in functions
        if isinstance(one, Mapping)
    ]


def _role(turn: Mapping[str, Any]) -> str:
    return str(turn.get("role", turn.get("from")))


def _plain(said: object) -> str:
    if said is None or isinstance(said, str):
        return said or ""
    return json.dumps(said, ensure_ascii=False)


def _marked(name: str, text: str) -> str:
    return f"<{name}>\n{text}\n</{name}>"

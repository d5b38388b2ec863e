"""Conversations that grow step by step, kept without writing the same turns down again at each step."""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

Turn = dict[str, Any]
Item = list[int] | Turn
"""A turn as it is, or the place of the first and behind the last of some that are known already."""


def packed(turns: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Return turns as references to those that are known, and as they are where they are new."""
    places: dict[str, int] = {}
    for place, turn in enumerate(known):
        places.setdefault(_text(turn), place)
    items: list[Item] = []
    for turn in turns:
        last = items[-1] if items else None
        text = _text(turn)
        if isinstance(last, list) and last[1] < len(known) and _text(known[last[1]]) == text:
            last[1] += 1
        elif text in places:
            items.append([places[text], places[text] + 1])
        else:
            items.append(dict(turn))
    return items


def unpacked(items: Sequence[Any], known: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """Return the turns that were packed; those that are as they are need nothing known."""
    turns: list[Turn] = []
    for item in items:
        if isinstance(item, Mapping):
            turns.append(dict(item))
        else:
            turns += [dict(turn) for turn in known[item[0] : item[1]]]
    return turns


def whole_spans(spans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps of agents with whole prompts: each may name turns of the step before it.

    Spans that are whole already stay as they are.
    """
    turns: dict[Any, list[Turn]] = {}
    tools: dict[Any, Any] = {}
    whole = []
    for span in spans:
        who = (span.get("node"), span.get("agent"))
        turns[who] = unpacked(span["messages"], turns.get(who, ()))
        tools[who] = span.get("tools", tools.get(who, []))
        whole.append({**span, "messages": turns[who], "tools": tools[who]})
    return whole


def whole_outputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trace, or what a node put out, with the whole prompts of its agent, where there is one."""
    return {**outputs, "spans": whole_spans(outputs["spans"])} if outputs.get("spans") else dict(outputs)


def digest_of(turns: Sequence[Mapping[str, Any]]) -> str:
    """Identify turns: what is put together again can be told from what was sent."""
    return blake2b(_text(list(turns)).encode(), digest_size=8).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)

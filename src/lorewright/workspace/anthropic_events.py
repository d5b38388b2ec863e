"""The events of a stream in the words of Anthropic's API, and the message that they make up."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

Event = dict[str, Any]


class Blocks:
    """The blocks of a message as they come: one is open at a time."""

    def __init__(self) -> None:
        self._index = -1
        self._open: object = None
        self.n_calls = 0

    def text(self, piece: str) -> Iterator[Event]:
        """Yield the events of a piece of text."""
        if piece:
            yield from self._begin("text", {"type": "text", "text": "", "citations": None})
            yield self._delta({"type": "text_delta", "text": piece})

    def cited(self, text: str, citations: Sequence[Mapping[str, Any]]) -> Iterator[Event]:
        """Yield the events of a text of its own with its citations."""
        yield from self.close()
        yield from self._begin("cited", {"type": "text", "text": "", "citations": [] if citations else None})
        yield self._delta({"type": "text_delta", "text": text})
        for citation in citations:
            yield self._delta({"type": "citations_delta", "citation": dict(citation)})

    def call(self, piece: Mapping[str, Any]) -> Iterator[Event]:
        """Yield the events of a piece of a call, given as in a chunk of a chat completion."""
        function = piece.get("function") or {}
        place = ("call", piece.get("index", 0))
        if self._open != place:
            self.n_calls += 1
            begun = {"id": piece.get("id") or f"toolu_{uuid4().hex}", "name": function.get("name") or ""}
            yield from self._begin(place, {"type": "tool_use", **begun, "input": {}})
        if function.get("arguments"):
            yield self._delta({"type": "input_json_delta", "partial_json": function["arguments"]})

    def close(self) -> Iterator[Event]:
        """Yield the end of the block that is open, if one is."""
        if self._open is not None:
            self._open = None
            yield {"type": "content_block_stop", "index": self._index}

    def _begin(self, what: object, block: Event) -> Iterator[Event]:
        if self._open == what:
            return
        yield from self.close()
        self._open = what
        self._index += 1
        yield {"type": "content_block_start", "index": self._index, "content_block": block}

    def _delta(self, delta: Event) -> Event:
        return {"type": "content_block_delta", "index": self._index, "delta": delta}


def joined(events: Iterable[Event]) -> dict[str, Any]:
    """Return the message that the events of a stream make up."""
    message: dict[str, Any] = {}
    arguments: dict[int, str] = {}
    for told in events:
        if told["type"] == "message_start":
            message = {**told["message"], "content": []}
        elif told["type"] == "content_block_start":
            message["content"].append(dict(told["content_block"]))
        elif told["type"] == "content_block_delta":
            _join(message["content"][told["index"]], told["delta"], arguments, told["index"])
        elif told["type"] == "message_delta":
            message |= told["delta"] | {"usage": message["usage"] | told["usage"]}
            message |= {name: told[name] for name in ("lorewright",) if name in told}
    for index, text in arguments.items():
        message["content"][index]["input"] = _input(text)
    return message


def _join(block: dict[str, Any], delta: Mapping[str, Any], arguments: dict[int, str], index: int) -> None:
    if delta["type"] == "text_delta":
        block["text"] += delta["text"]
    elif delta["type"] == "citations_delta":
        block["citations"] = [*block["citations"], delta["citation"]]
    else:
        arguments[index] = arguments.get(index, "") + delta["partial_json"]


def _input(text: str) -> dict[str, Any]:
    """Return the input of a call; what was cut off, or is no JSON, as Anthropic's guide says."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"INVALID_JSON": text}

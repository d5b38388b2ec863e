"""An answer as Anthropic's content blocks, whole or as events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from lorewright.flows import Answer
from lorewright.json_text import read_json
from lorewright.knowledge import Citation
from lorewright.knowledge.words import sentences


def cited_blocks(answer: Answer) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the texts that make up an answer's text, each with the citations that support it.

    A sentence with citations is a block of its own. Documents are numbered as they are cited.
    """
    numbers: dict[str, int] = {}
    for citation in answer.citations:
        numbers.setdefault(citation.document_id, len(numbers))
    blocks: list[tuple[str, list[dict[str, Any]]]] = []
    start_of_block = 0
    for start, end in sentences(answer.text):
        cited = [one for one in answer.citations if start < one.position <= end]
        if cited:
            blocks += [(answer.text[start_of_block:start], [])] if start_of_block < start else []
            blocks.append((answer.text[start:end], [_location(one, numbers) for one in cited]))
            start_of_block = end
    return (
        [*blocks, (answer.text[start_of_block:], [])]
        if start_of_block < len(answer.text) or not blocks
        else blocks
    )


def _location(citation: Citation, numbers: dict[str, int]) -> dict[str, Any]:
    """Return where in a document a citation is: character offsets into its text."""
    return {
        "type": "char_location",
        "cited_text": citation.quote,
        "document_index": numbers[citation.document_id],
        "document_title": citation.title or citation.document_id,
        "file_id": None,
        "start_char_index": citation.start,
        "end_char_index": citation.end,
        "lorewright": {
            "document": citation.document_id,
            "url": f"/lorewright/v1/documents/{citation.document_id}#{citation.start}-{citation.end}",
            "page": citation.page,
        },
    }


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

    def cite(self, citations: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
        """Yield what supports the text that is open."""
        for citation in citations:
            yield self._delta({"type": "citations_delta", "citation": dict(citation)})

    def call(self, piece: Mapping[str, Any]) -> Iterator[Event]:
        """Yield the events of a piece of a call, given as in a chunk of a chat completion."""
        function = piece.get("function") or {}
        place = ("call", piece.get("index", 0))
        if self._open != place:
            self.n_calls += 1
            block = {"id": piece.get("id") or f"toolu_{uuid4().hex}", "name": function.get("name") or ""}
            yield from self._begin(place, {"type": "tool_use", **block, "input": {}})
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
    for event in events:
        if event["type"] == "message_start":
            message = {**event["message"], "content": []}
        elif event["type"] == "content_block_start":
            message["content"].append(dict(event["content_block"]))
        elif event["type"] == "content_block_delta":
            _join(message["content"][event["index"]], event["delta"], arguments, event["index"])
        elif event["type"] == "message_delta":
            message |= event["delta"] | {"usage": message["usage"] | event["usage"]}
            message |= {name: event[name] for name in ("lorewright",) if name in event}
    for index, text in arguments.items():
        message["content"][index]["input"] = _input(text)
    return message


def _join(block: dict[str, Any], delta: Mapping[str, Any], arguments: dict[int, str], index: int) -> None:
    if delta["type"] == "text_delta":
        block["text"] += delta["text"]
    elif delta["type"] == "citations_delta":
        block["citations"] = [*(block["citations"] or ()), delta["citation"]]
    else:
        arguments[index] = arguments.get(index, "") + delta["partial_json"]


def _input(text: str) -> dict[str, Any]:
    """Return the input of a call; what was cut off, or is no JSON, as Anthropic's guide says."""
    try:
        value = read_json(text)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"INVALID_JSON": text}

"""A response that grows: its items, and the events that tell of every piece."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from lorewright.tools import Tool
from lorewright.workspace.openai.responses.items import Item, new_id, output_text

Event = dict[str, Any]
_ARGUMENTS: Mapping[str, str] = {
    "function_call": "function_call_arguments", "mcp_call": "mcp_call_arguments",
}  # fmt: skip
BEGUN: Event = {}
"""Tells nobody anything but that the work has begun."""


class Output:
    """What a model puts out, item by item; every method yields the events that tell of it."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.usage: dict[str, Any] | None = None
        self.extras: dict[str, Any] = {}
        self.cut_by = ""
        """Why the output ends too early, in OpenAI's words, or ''."""
        self._message: int | None = None
        self._calls: dict[int, int] = {}
        self._open: set[int] = set()
        self._offered: Mapping[str, Callable[[], Item]] = {}

    @property
    def text(self) -> str:
        """What was said so far."""
        contents = [item["content"] for item in self.items if item["type"] == "message"]
        return "".join(part.get("text", "") for parts in contents for part in parts)

    @property
    def calling(self) -> list[int]:
        """Where the calls stand that servers have not answered yet."""
        return [place for place in sorted(self._open) if self.items[place].get("status") == "calling"]

    def begin_turn(self, offered: Mapping[str, Callable[[], Item]]) -> None:
        """Let the model speak again; `offered` makes the items of calls that are no functions'."""
        self._calls, self._offered = {}, offered

    def say(self, text: str, *, logprobs: Sequence[Mapping[str, Any]] = ()) -> Iterator[Event]:
        """Take in a piece of text."""
        if self._message is None:
            yield from self._begin_message()
        part = self._part()
        part["text"] += text
        part["logprobs"] += logprobs
        tokens = [dict(one) for one in logprobs]
        yield self._message_event("output_text.delta", delta=text, logprobs=tokens)

    def annotate(self, annotations: Sequence[Mapping[str, Any]]) -> Iterator[Event]:
        """Take in what the text rests on."""
        if self._message is None:
            yield from self._begin_message()
        for annotation in annotations:
            noted = self._part()["annotations"]
            noted.append(dict(annotation))
            yield self._message_event(
                "output_text.annotation.added",
                annotation=dict(annotation),
                annotation_index=len(noted) - 1,
            )

    def withdraw(self, refusal: str) -> Iterator[Event]:
        """Take back what was said, and refuse instead."""
        if self._message is None:
            yield from self._begin_message()
        self._part()["text"] = ""
        assert self._message is not None
        part = {"type": "refusal", "refusal": ""}
        yield self._message_event("content_part.added", part=dict(part)) | {"content_index": 1}
        yield self._message_event("refusal.delta", delta=refusal) | {"content_index": 1}
        self.items[self._message]["content"].append(part | {"refusal": refusal})

    def call(self, index: int, piece: Mapping[str, Any]) -> Iterator[Event]:
        """Take in a piece of the call of a function, as a chat completion's delta has it."""
        function = piece.get("function") or {}
        if index not in self._calls:
            self._calls[index] = yield from self.server_call(self._begun_call(piece))
        elif function.get("name"):
            self.items[self._calls[index]]["name"] += function["name"]
        place = self._calls[index]
        arguments = function.get("arguments") or ""
        if arguments:
            self.items[place]["arguments"] += arguments
            yield from self._arguments_event("delta", place, delta=arguments)

    def server_call(self, item: Item) -> Generator[Event, None, int]:
        """Take in a call, and return its place."""
        place = yield from self._begin(item)
        if item["type"] == "mcp_call":
            yield self._state_event(place, "in_progress")
        return place

    def called(self, place: int, *, text: str | None = None, error: str = "") -> Iterator[Event]:
        """Tell what came of the call of a server's tool."""
        content = [{"type": "text", "text": error}]
        self.items[place] |= {
            "status": "failed" if error else "completed", "output": text,
            "error": {"type": "mcp_tool_execution_error", "content": content} if error else None,
        }  # fmt: skip
        yield self._state_event(place, self.items[place]["status"])
        yield self._done(place)

    def list_tools(self, label: str) -> Generator[Event, None, int]:
        """Tell that a server is asked what it offers, and return the place of the list."""
        item: Item = {
            "id": new_id("mcp_list_tools"), "type": "mcp_list_tools", "server_label": label, "tools": [],
            "error": None,
        }  # fmt: skip
        place = yield from self._begin(item)
        yield self._state_event(place, "in_progress")
        return place

    def tools_listed(self, place: int, tools: Sequence[Tool], *, error: str = "") -> Iterator[Event]:
        """Tell what a server offers, or why it does not say."""
        self.items[place] |= {
            "tools": [
                {
                    "name": tool.name, "description": tool.description, "input_schema": dict(tool.schema),
                    "annotations": None,
                }
                for tool in tools
            ],
            "error": error or None,
        }  # fmt: skip
        yield self._state_event(place, "failed" if error else "completed")
        yield self._done(place)

    def search(self, queries: Sequence[str]) -> Iterator[Event]:
        """Tell that files are searched."""
        item = {
            "id": new_id("file_search_call"), "type": "file_search_call", "status": "in_progress",
            "queries": list(queries), "results": None,
        }  # fmt: skip
        place = yield from self._begin(item)
        yield self._state_event(place, "in_progress")
        item["status"] = "searching"
        yield self._state_event(place, "searching")

    def search_done(self, results: Sequence[Mapping[str, Any]] | None) -> Iterator[Event]:
        """Tell that the search is over; its results where they are wanted."""
        place = next(place for place, item in enumerate(self.items) if item["type"] == "file_search_call")
        self.items[place] |= {"status": "completed", "results": None if results is None else list(results)}
        yield self._state_event(place, "completed")
        yield self._done(place)

    def close(self, status: str = "completed") -> Iterator[Event]:
        """Tell that every item is over that is not yet; calls that are complete wait for their servers."""
        for place in sorted(self._open):
            item = self.items[place]
            if item["type"] == "message":
                yield from self._close_message(item)
            if item["type"] in _ARGUMENTS and item["status"] == "in_progress":
                named = {"name": item["name"]} if item["type"] == "function_call" else {}
                yield from self._arguments_event("done", place, arguments=item["arguments"], **named)
            if item["type"] == "mcp_call" and status == "completed":
                item["status"] = "calling"
                continue
            if "status" in item:
                item["status"] = status
            yield self._done(place)
        self._message = None

    def _close_message(self, item: Item) -> Iterator[Event]:
        part = item["content"][0]
        logprobs = [dict(one) for one in part["logprobs"]]
        yield self._message_event("output_text.done", text=part["text"], logprobs=logprobs)
        yield self._message_event("content_part.done", part=_copy(part))
        for refusal in item["content"][1:]:
            yield self._message_event("refusal.done", refusal=refusal["refusal"]) | {"content_index": 1}
            yield self._message_event("content_part.done", part=_copy(refusal)) | {"content_index": 1}

    def _begun_call(self, piece: Mapping[str, Any]) -> Item:
        """Return the item that the call of a function begins, or of a server's tool."""
        name = str((piece.get("function") or {}).get("name") or "")
        if name in self._offered:
            return self._offered[name]()
        return {
            "id": new_id("function_call"), "type": "function_call", "status": "in_progress",
            "call_id": piece.get("id") or f"call_{new_id('function_call')[3:]}", "name": name,
            "arguments": "",
        }  # fmt: skip

    def _begin_message(self) -> Iterator[Event]:
        item: Item = {
            "id": new_id("message"), "type": "message", "role": "assistant", "status": "in_progress",
            "content": [],
        }  # fmt: skip
        self._message = yield from self._begin(item)
        item["content"].append(output_text(""))
        yield self._message_event("content_part.added", part=output_text(""))

    def _begin(self, item: Item) -> Generator[Event, None, int]:
        """Yield the end of the item before and the event of a new one, and return its place."""
        yield from self.close()
        self.items.append(item)
        place = len(self.items) - 1
        self._open.add(place)
        yield self._item_event("added", place)
        return place

    def _part(self) -> Item:
        assert self._message is not None
        part: Item = self.items[self._message]["content"][0]
        return part

    def _message_event(self, what: str, **rest: Any) -> Event:
        assert self._message is not None
        return {
            "type": f"response.{what}", "item_id": self.items[self._message]["id"],
            "output_index": self._message, "content_index": 0, **rest,
        }  # fmt: skip

    def _item_event(self, what: str, place: int) -> Event:
        item = self.items[place]
        return {"type": f"response.output_item.{what}", "output_index": place, "item": _copy(item)}

    def _done(self, place: int) -> Event:
        self._open.discard(place)
        return self._item_event("done", place)

    def _arguments_event(self, what: str, place: int, **rest: Any) -> Iterator[Event]:
        item = self.items[place]
        if item["type"] in _ARGUMENTS:  # what is asked of the caller comes whole
            kind = f"response.{_ARGUMENTS[item['type']]}.{what}"
            yield {"type": kind, "item_id": item["id"], "output_index": place, **rest}

    def _state_event(self, place: int, state: str) -> Event:
        item = self.items[place]
        return {"type": f"response.{item['type']}.{state}", "item_id": item["id"], "output_index": place}


def _copy(value: Any) -> Any:
    """Return a value that later pieces do not change."""
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value

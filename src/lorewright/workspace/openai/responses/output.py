"""A response that grows: its items, and the events that tell of every piece."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from lorewright.workspace.openai.responses.items import Item, new_id, output_text

Event = dict[str, Any]
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

    @property
    def text(self) -> str:
        """What was said so far."""
        contents = [item["content"] for item in self.items if item["type"] == "message"]
        return "".join(part.get("text", "") for parts in contents for part in parts)

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
            item = {
                "id": new_id("function_call"), "type": "function_call", "status": "in_progress",
                "call_id": piece.get("id") or f"call_{new_id('function_call')[3:]}",
                "name": function.get("name") or "", "arguments": "",
            }  # fmt: skip
            self._calls[index] = yield from self._begin(item)
        elif function.get("name"):
            self.items[self._calls[index]]["name"] += function["name"]
        place = self._calls[index]
        arguments = function.get("arguments") or ""
        if arguments:
            self.items[place]["arguments"] += arguments
            yield {
                "type": "response.function_call_arguments.delta", "item_id": self.items[place]["id"],
                "output_index": place, "delta": arguments,
            }  # fmt: skip

    def search(self, queries: Sequence[str]) -> Iterator[Event]:
        """Tell that files are searched."""
        item = {
            "id": new_id("file_search_call"), "type": "file_search_call", "status": "in_progress",
            "queries": list(queries), "results": None,
        }  # fmt: skip
        place = yield from self._begin(item)
        yield self._searched(place, "in_progress")
        item["status"] = "searching"
        yield self._searched(place, "searching")

    def search_done(self, results: Sequence[Mapping[str, Any]] | None) -> Iterator[Event]:
        """Tell that the search is over; its results where they are wanted."""
        place = next(place for place, item in enumerate(self.items) if item["type"] == "file_search_call")
        self.items[place] |= {"status": "completed", "results": None if results is None else list(results)}
        yield self._searched(place, "completed")
        yield self._item_event("done", place)

    def close(self, status: str = "completed") -> Iterator[Event]:
        """Tell that every item is over that is not yet."""
        for place, item in enumerate(self.items):
            if item["status"] not in ("in_progress", "searching"):
                continue
            if item["type"] == "message":
                part = item["content"][0]
                logprobs = [dict(one) for one in part["logprobs"]]
                yield self._message_event("output_text.done", text=part["text"], logprobs=logprobs)
                yield self._message_event("content_part.done", part=_copy(part))
                for refusal in item["content"][1:]:
                    yield self._message_event("refusal.done", refusal=refusal["refusal"]) | {
                        "content_index": 1
                    }
                    yield self._message_event("content_part.done", part=_copy(refusal)) | {"content_index": 1}
            if item["type"] == "function_call":
                yield {
                    "type": "response.function_call_arguments.done", "item_id": item["id"],
                    "output_index": place, "arguments": item["arguments"], "name": item["name"],
                }  # fmt: skip
            item["status"] = status
            yield self._item_event("done", place)
        self._message = None

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

    def _searched(self, place: int, state: str) -> Event:
        return {
            "type": f"response.file_search_call.{state}", "item_id": self.items[place]["id"],
            "output_index": place,
        }  # fmt: skip


def _copy(value: Any) -> Any:
    """Return a value that later pieces do not change."""
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value

"""The text of calls, as it comes, in the deltas of a chat completion."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any
from uuid import uuid4

from lorewright.models.tool_calling import head_of

Delta = dict[str, Any]


class CallReader:
    """Reads what a model writes under the grammar of its functions: calls, one a line, or a text."""

    def __init__(self, names: Sequence[str]) -> None:
        self.n_calls = 0
        self._heads = {head_of(name): name for name in names}
        self._waiting = ""
        self._is_text = False
        self._arguments: _Arguments | None = None

    def hear(self, piece: str) -> Iterator[Delta]:
        """Yield what a piece of the text adds."""
        if self._is_text:
            yield from _text(piece)
            return
        self._waiting += piece
        while self._waiting:
            if self._arguments is None and not (yield from self._begin()):
                return
            if self._arguments is not None:
                yield from self._go_on(self._arguments)

    def rest(self) -> Iterator[Delta]:
        """Yield what was held back, once nothing more comes."""
        if not self.n_calls:
            yield from _text(self._waiting)
        self._waiting = ""

    def _begin(self) -> Generator[Delta, None, bool]:
        """Begin a call whose head is there; return whether to go on."""
        waiting = self._waiting.lstrip("\n")
        name = next((name for head, name in self._heads.items() if waiting.startswith(head)), None)
        if name is not None:
            self._waiting = waiting[len(head_of(name)) :]
            self._arguments = _Arguments(self.n_calls)
            self.n_calls += 1
            yield self._arguments.begun(name)
            return True
        if not self.n_calls and not any(head.startswith(waiting) for head in self._heads):
            self._is_text = True
            text, self._waiting = self._waiting, ""
            yield from _text(text)
        return False

    def _go_on(self, arguments: "_Arguments") -> Iterator[Delta]:
        n_taken = arguments.take(self._waiting)
        if n_taken:
            yield arguments.delta(self._waiting[:n_taken])
        self._waiting = self._waiting[n_taken:]
        if arguments.is_over and self._waiting:
            self._waiting = self._waiting.removeprefix("}")
            self._arguments = None


class _Arguments:
    """The arguments of one call: a JSON object, whose end is where its first brace is closed."""

    def __init__(self, index: int) -> None:
        self.is_over = False
        self._index = index
        self._depth = 0
        self._in_text = self._is_escaped = False

    def begun(self, name: str) -> Delta:
        """Return the delta that begins the call."""
        function = {"name": name, "arguments": ""}
        call = {"index": self._index, "id": f"call_{uuid4().hex[:24]}", "type": "function"}
        return {"tool_calls": [call | {"function": function}]}

    def delta(self, text: str) -> Delta:
        """Return the delta of a piece of the arguments."""
        return {"tool_calls": [{"index": self._index, "function": {"arguments": text}}]}

    def take(self, text: str) -> int:
        """Return how many characters of a text belong to the arguments."""
        for place, letter in enumerate(text):
            if self.is_over:
                return place
            if self._in_text:
                self._in_text = letter != '"' or self._is_escaped
                self._is_escaped = letter == "\\" and not self._is_escaped
            elif letter == '"':
                self._in_text = True
            else:
                self._depth += (letter in "{[") - (letter in "}]")
                self.is_over = not self._depth
        return len(text)


def _text(piece: str) -> Iterator[Delta]:
    if piece:
        yield {"content": piece}

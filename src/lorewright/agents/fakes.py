"""Drivers without weights: scripted ones, and ones that say again what was recorded."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lorewright.models import Stopped, never

Turn = Mapping[str, Any]
Said = str | Sequence[tuple[str, Any]]
"""A text, or calls: names with their arguments, as an object or, to be broken, as a text."""


class ScriptedDriver:
    """Says one thing after the other, or what a function of the turns says; `seen` holds every request."""

    def __init__(
        self, script: Sequence[Said] | Callable[[Sequence[Turn]], Said], *, name: str = "scripted"
    ) -> None:
        self.name = name
        self.seen: list[Mapping[str, Any]] = []
        self._script = script

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        """Yield what the script says as the chunks of a chat completion; the last of a script is repeated."""
        self.seen.append(request)
        turns = request["messages"]
        if callable(self._script):
            said = self._script(turns)
        else:
            n_answers = sum(turn["role"] == "assistant" for turn in turns)
            said = self._script[min(n_answers, len(self._script) - 1)]
        yield from _chunks(said, turns)


class RecordedDriver:
    """Says what was said before to the same request; raises `LookupError` for any other one."""

    def __init__(self, recorded: Mapping[str, Said], *, name: str = "recorded") -> None:
        self.name = name
        self._recorded = recorded

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        """Yield what was recorded."""
        yield from _chunks(self._recorded[self.key(request["messages"])], request["messages"])

    @staticmethod
    def key(turns: Sequence[Turn]) -> str:
        """Return what names a conversation: who spoke and what, without the ids of calls."""
        return json.dumps([[turn["role"], turn.get("content") or ""] for turn in turns], ensure_ascii=False)


def _chunks(said: Said, turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    delta: dict[str, Any] = {"role": "assistant"}
    n_words = 1
    if isinstance(said, str):
        delta["content"], n_words = said, len(said.split())
    else:
        n_before = len(turns)
        delta["tool_calls"] = [
            {
                "index": index,
                "id": f"call_{n_before}_{index}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for index, (name, given) in enumerate(said)
        ]
    yield {"choices": [{"index": 0, "delta": delta, "finish_reason": "stop"}]}
    n_read = sum(len(str(turn.get("content") or "").split()) for turn in turns)
    yield {"choices": [], "usage": {"prompt_tokens": n_read, "completion_tokens": n_words}}

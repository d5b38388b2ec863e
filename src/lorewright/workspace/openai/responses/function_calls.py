"""A model that has found files and may call functions: what it says of the files is checked and cited."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lorewright.flows import Flow
from lorewright.flows.prompts import RULE
from lorewright.messages import Conversation, Message
from lorewright.models import Engine, Piece, Sampling, Stopped, Usage, never
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.answering.served_models import ServedParts

FUNCTIONS_RULE = f"Call a function where one can tell what is asked. Else: {RULE}"

Turns = Sequence[Mapping[str, Any]]


class CallingEngine:
    """An engine that may call functions besides: `calls` are the pieces of those it has called.

    `since` are the turns after the user's last one; `options` say how the model is asked, as those
    of a chat completion.
    """

    def __init__(self, engine: Engine, since: Turns, options: Mapping[str, Any]) -> None:
        self._engine = engine
        self._since = since
        self._options = options
        self.name = engine.name
        self.fingerprint = engine.fingerprint
        self.calls: list[Mapping[str, Any]] = []

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the text piece by piece; the functions that are called are kept."""
        turns = [*(message.to_json() for message in messages), *self._since]
        asked = {"max_completion_tokens": sampling.max_tokens, "temperature": sampling.temperature}
        usage, ended_by = Usage(), "stop"
        for chunk in self._engine.chat({**asked, **self._options, "messages": turns}, stopped=stopped):
            counted = chunk.get("usage") or {}
            if counted:
                usage = Usage(counted.get("prompt_tokens") or 0, counted.get("completion_tokens") or 0)
            for choice in chunk.get("choices") or ():
                delta = choice.get("delta") or {}
                self.calls += delta.get("tool_calls") or ()
                ended_by = choice.get("finish_reason") or ended_by
                yield Piece(delta.get("content") or "")
        yield Piece("", usage, ended_by)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion, without functions of ours."""
        return self._engine.chat(request, stopped=stopped)

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes."""
        return self._engine.count_tokens(messages)

    def close(self) -> None:
        """Leave the engine to those it belongs to."""


class CallingParts(ServedParts):
    """What a flow runs on whose model may call functions; `since` and `options` as its engine has them."""

    since: Turns = ()
    options: Mapping[str, Any] = {}
    calling: CallingEngine | None = None

    def engine(self, adapter: str) -> Engine:
        """Return the one engine."""
        if self.calling is None:
            self.calling = CallingEngine(super().engine(adapter), self.since, self.options)
        return self.calling


def with_functions(flow: Flow, since: Turns) -> Flow:
    """Return a searching flow that asks its model whatever was found.

    A text that rests on what functions gave back is cited where it can be, and never refused.
    """
    changes: Mapping[str, Mapping[str, Any]] = {
        "prompt": {"rule": FUNCTIONS_RULE},
        "ground": {"uncovered": "ask"} | ({"policy": "flag"} if since else {}),
    }
    nodes = (replace(node, params={**node.params, **changes.get(node.kind, {})}) for node in flow.nodes)
    return replace(flow, nodes=tuple(nodes))


def spoken(messages: Turns) -> Conversation:
    """Return what was said up to the user's last turn, without functions and what they gave back."""
    upto = len(messages) - len(since_question(messages))
    turns = [turn for turn in messages[:upto] if turn["role"] != "tool" and turn.get("content")]
    return conversation_from(turns, param="input")


def since_question(messages: Turns) -> Turns:
    """Return the turns after the user's last one: calls of functions and what they gave back."""
    last = max((place for place, turn in enumerate(messages) if turn["role"] == "user"), default=-1)
    return messages[last + 1 :]

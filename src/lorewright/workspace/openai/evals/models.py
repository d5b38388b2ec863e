"""The models that an evaluation asks, and the tokens they take."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lorewright.access import Caller
from lorewright.errors import Cancelled
from lorewright.evaluation.graders import GraderReply, Means
from lorewright.json_text import read_json
from lorewright.models import Stopped, never
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.openai.chat_completions import chat
from lorewright.workspace.server.server import Server

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens")


class EvalModels:
    """Asks served models on behalf of a key, and counts what each one took since `begin_row`."""

    def __init__(self, server: Server, caller: Caller, *, stopped: Stopped = never) -> None:
        self._server = server
        self._caller = caller
        self._stopped = stopped
        self._usage: dict[str, dict[str, int]] = {}
        self.means = Means(ask=self._ask, cosine=self._cosine)

    @property
    def defaults(self) -> dict[str, Any]:
        """How a model is asked where nothing else is said."""
        return {
            "temperature": 0.0, "top_p": 1.0, "seed": 0,
            "max_completion_tokens": self._server.workspace.settings.models.context_tokens,
        }  # fmt: skip

    def begin_row(self) -> None:
        """Count from zero."""
        self._usage = {}

    def usage(self) -> dict[str, dict[str, int]]:
        """Return calls and tokens by model."""
        return self._usage

    def complete(
        self, model: str, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return a chat completion; `options` are its parameters besides these."""
        request = {**options, "model": model, "messages": [dict(message) for message in messages]}
        completion = chat(self._server, self._caller, request, stopped=self._stopped, is_kept=False)
        if self._stopped():
            raise Cancelled("The caller no longer waits for this.")  # the text may have been cut short
        self._count(model, completion["usage"])
        return completion

    def _ask(
        self, model: str, messages: Sequence[Mapping[str, str]], options: Mapping[str, Any]
    ) -> GraderReply:
        if find_served(self._server, model, self._caller).flow:  # a flow writes texts, not JSON by a schema
            options = {name: value for name, value in options.items() if name != "response_format"}
        scope = scope_of(self.complete(model, messages, options))
        return GraderReply(
            scope["output_text"], sample_of({"input": messages, **scope}, {**self.defaults, **options})
        )

    def _cosine(self, text: str, reference: str) -> float:
        first, second = self._server.workspace.embedder.embed([text, reference])
        lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
        return float(first @ second) / lengths if lengths else 0.0

    def _count(self, model: str, usage: Mapping[str, Any]) -> None:
        counted = self._usage.setdefault(model, dict.fromkeys(("invocation_count", *_COUNTS), 0))
        counted["invocation_count"] += 1
        for name in _COUNTS:
            counted[name] += int(usage.get(name) or 0)


def scope_of(completion: Mapping[str, Any]) -> dict[str, Any]:
    """Return a completion as templates see it: `output_text`, `output_json` where it is JSON, and more."""
    message = completion["choices"][0]["message"] if completion["choices"] else {}
    text = message.get("content") or ""
    scope = {
        "model": completion["model"], "output_text": text, "choices": completion["choices"],
        "output_tools": message.get("tool_calls") or [], "usage": completion["usage"],
    }  # fmt: skip
    return {**scope, **parsed(text)}


def parsed(text: str) -> dict[str, Any]:
    """Return `output_json` where a text is JSON, else nothing."""
    try:
        return {"output_json": read_json(text)}
    except ValueError:
        return {}


def sample_of(scope: Mapping[str, Any], sampling: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sample as clients see it: how the model was asked, what it said, the tokens it took."""
    choices = scope.get("choices") or []
    usage = scope.get("usage") or {}
    text = scope.get("output_text")
    return {
        "input": [
            {"role": str(turn.get("role", "user")), "content": _text(turn.get("content"))}
            for turn in scope.get("input", [])
        ],
        "output": [] if text is None else [_output(text, scope.get("output_tools"))],
        "finish_reason": (choices[0].get("finish_reason") if choices else None) or "stop",
        "model": str(scope.get("model", "")),
        "usage": {name: int(usage.get(name) or 0) for name in _COUNTS},
        "temperature": float(sampling["temperature"]),
        "top_p": float(sampling["top_p"]),
        "seed": int(sampling["seed"]),
        "max_completion_tokens": int(sampling["max_completion_tokens"]),
        "error": None,
    }


def _output(text: Any, calls: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": _text(text)}
    return {**message, "tool_calls": calls} if calls else message


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)

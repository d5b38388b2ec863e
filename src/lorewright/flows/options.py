"""How who asks wants an answer to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lorewright.models import Sampling

Turn = Mapping[str, Any]
_SAID_OTHERWISE = ("max_tokens", "max_completion_tokens", "temperature", "seed", "stop")
_NEED_CHAT = ("tools", "response_format")


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """Parameters of a chat completion that the writing of an answer keeps to; the rest is the flow's.

    `since` are the turns after the user's last one: calls of functions, and what they gave back.
    """

    params: Mapping[str, Any] = field(default_factory=dict)
    since: Sequence[Turn] = ()

    @property
    def needs_chat(self) -> bool:
        """Whether the model is to be asked for more than a text."""
        return bool(self.since) or self.is_structured or bool(self.params.get("tools"))

    @property
    def is_structured(self) -> bool:
        """Whether the text is to be JSON."""
        form: Mapping[str, Any] = self.params.get("response_format") or {}
        return bool(form.get("type", "text") != "text")

    @property
    def is_form_alone(self) -> bool:
        """Whether the text is to be JSON, and no function was or may be called."""
        return self.is_structured and not self.since and not self.params.get("tools")

    def sampling(self, own: Sampling) -> Sampling:
        """Return how the next token is drawn: as is asked, or else as a node has it."""
        params = {name: value for name, value in self.params.items() if value is not None}
        stop = params.get("stop", own.stop)
        more = {name: params[name] for name in params if name not in (*_SAID_OTHERWISE, *_NOT_SAMPLING)}
        return replace(
            own,
            max_tokens=params.get("max_completion_tokens", params.get("max_tokens", own.max_tokens)),
            temperature=params.get("temperature", own.temperature),
            stop=(stop,) if isinstance(stop, str) else tuple(stop),
            more={**own.more, **more},
        )

    def chat(self, messages: Sequence[Turn], sampling: Sampling) -> dict[str, Any]:
        """Return the chat completion that asks for it."""
        return {
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            **{name: value for name, value in self.params.items() if value is not None and name != "seed"},
            "max_completion_tokens": sampling.max_tokens,
            "messages": [*messages, *self.since],
        }


_NOT_SAMPLING = (*_NEED_CHAT, "tool_choice", "parallel_tool_calls")

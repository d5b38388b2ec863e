"""Any driver as the model of a pydantic-ai agent."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RequestUsage

from lorewright.agents.context import Turn
from lorewright.agents.driver import Reply
from lorewright.agents.steering import LIMITS, Halt
from lorewright.models import Stopped, never

_LOOK_EVERY_SECONDS = 0.5
"""How often whoever waits for a thread looks whether it is stopped."""


class EngineModel(Model[Any]):
    """The model of an agent: what it is asked goes to `ask` as a chat completion in OpenAI's words."""

    def __init__(
        self,
        name: str,
        ask: Callable[[dict[str, Any]], Reply],
        *,
        seconds_left: Callable[[], float],
        stopped: Stopped = never,
    ) -> None:
        super().__init__()
        self._name = name
        self._ask = ask
        self._seconds_left = seconds_left
        self._stopped = stopped

    @property
    def model_name(self) -> str:
        """The driver's name."""
        return self._name

    @property
    def system(self) -> str:
        """Who offers the model."""
        return "lorewright"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Return the driver's answer."""
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        tools = [*parameters.declared_function_tools, *parameters.output_tools]
        request: dict[str, Any] = {"messages": turns_of(self.prepare_messages(messages))}
        if tools:
            request |= {
                "tools": [_function(tool) for tool in tools],
                "tool_choice": "auto" if parameters.allow_text_output else "required",
            }
        seconds = max(0.1, self._seconds_left())
        try:
            reply = await in_thread(lambda: self._ask(request), seconds=seconds, stopped=self._stopped)
        except TimeoutError as error:
            raise Halt(LIMITS["seconds"], limit="seconds") from error
        parts: list[TextPart | ToolCallPart] = [TextPart(reply.text)] if reply.text else []
        parts += _call_parts(reply.calls, _call_ids(messages))
        usage = RequestUsage(
            input_tokens=reply.usage.prompt_tokens, output_tokens=reply.usage.completion_tokens
        )
        return ModelResponse(parts=parts, usage=usage, model_name=self._name)


async def in_thread(work: Callable[[], Any], *, seconds: float, stopped: Stopped = never) -> Any:
    """Return what `work` returns, done in a thread; raise `TimeoutError` where that takes too long.

    Raises `Halt` once it is `stopped`. Whoever hangs is left behind: the thread does not keep the process
    alive.
    """
    future: Future[Any] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - raised where the result is awaited
            with suppress(InvalidStateError):  # nobody waits any more
                future.set_exception(error)
        else:
            with suppress(InvalidStateError):
                future.set_result(result)

    threading.Thread(target=run, daemon=True, name="agent").start()
    waiting, until = asyncio.wrap_future(future), time.monotonic() + seconds
    try:
        while not waiting.done():
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            await asyncio.wait({waiting}, timeout=min(left, _LOOK_EVERY_SECONDS))
            if not waiting.done() and stopped():
                raise Halt("It was stopped.")
        return waiting.result()
    finally:
        waiting.cancel()  # nobody waits for it any more


def turns_of(messages: Sequence[ModelMessage]) -> list[Turn]:
    """Return a conversation of pydantic-ai in OpenAI's words."""
    turns: list[Turn] = []
    for message in messages:
        turns += _request_turns(message) if isinstance(message, ModelRequest) else [_response_turn(message)]
    return turns


def _request_turns(message: ModelRequest) -> list[Turn]:
    turns: list[Turn] = []
    for part in message.parts:
        if isinstance(part, SystemPromptPart):
            turns.append({"role": "system", "content": part.content})
        elif isinstance(part, ToolReturnPart):
            text = part.model_response_str()
            turns.append(
                {"role": "tool", "tool_call_id": part.tool_call_id, "name": part.tool_name, "content": text}
            )
        elif isinstance(part, UserPromptPart):
            turns.append({"role": "user", "content": str(part.content)})
    return turns


def _response_turn(message: ModelResponse) -> Turn:
    text = "".join(part.content for part in message.parts if isinstance(part, TextPart))
    calls = [
        {
            "id": part.tool_call_id,
            "type": "function",
            "function": {"name": part.tool_name, "arguments": _arguments_text(part)},
        }
        for part in message.parts
        if isinstance(part, ToolCallPart)
    ]
    return {"role": "assistant", "content": text or None} | ({"tool_calls": calls} if calls else {})


def _arguments_text(part: ToolCallPart) -> str:
    return part.args if isinstance(part.args, str) else part.args_as_json_str()


def _call_ids(messages: Sequence[ModelMessage]) -> set[str]:
    parts = (part for message in messages for part in message.parts)
    return {part.tool_call_id for part in parts if isinstance(part, ToolCallPart)}


def _call_parts(calls: Sequence[Mapping[str, Any]], taken: set[str]) -> list[ToolCallPart]:
    """Return the calls of an answer under ids that no earlier one has: some servers count anew each time."""
    parts: list[ToolCallPart] = []
    for place, call in enumerate(calls):
        function, given = call["function"], str(call.get("id") or f"call_{place}")
        call_id = given if given not in taken else f"{given}_{len(taken)}"
        taken.add(call_id)
        parts.append(ToolCallPart(str(function["name"]), str(function["arguments"] or "{}"), call_id))
    return parts


def _function(tool: ToolDefinition) -> dict[str, Any]:
    about = {
        "name": tool.name,
        "description": tool.description or "",
        "parameters": dict(tool.parameters_json_schema),
    }
    return {"type": "function", "function": about}

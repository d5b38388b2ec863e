"""A response object in OpenAI's shape."""

import time
from collections.abc import Mapping
from typing import Any

from lorewright.models import OWN_TEMPERATURE, OWN_TOP_P
from lorewright.workspace.answering.served_models import ServedModel
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.server.metadata import checked_metadata


def blank_response(response_id: str, request: ResponseRequest, served: ServedModel) -> dict[str, Any]:
    """Return the response to a request before anything was said; it tells how the text will be drawn."""
    own_temperature, own_top_p = _drawn_by(served)
    conversation = request.conversation_id
    return {
        "id": response_id,
        "object": "response",
        "created_at": int(time.time()),
        "completed_at": None,
        "status": "queued" if request.background else "in_progress",
        "background": bool(request.background),
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": request.max_tool_calls,
        "model": request.model,
        "output": [],
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": request.previous_response_id,
        "conversation": {"id": conversation} if conversation else None,
        "prompt_cache_key": request.prompt_cache_key,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": request.safety_identifier,
        "service_tier": "default",
        "store": request.is_stored,
        "presence_penalty": request.presence_penalty or 0.0,
        "frequency_penalty": request.frequency_penalty or 0.0,
        "temperature": own_temperature if request.temperature is None else request.temperature,
        "text": {"format": (request.text or {}).get("format") or {"type": "text"}},
        "tool_choice": request.tool_choice,
        "tools": [_tool(tool) for tool in request.tools],
        "top_logprobs": request.top_logprobs or 0,
        "top_p": own_top_p if request.top_p is None else request.top_p,
        "truncation": request.truncation or "disabled",
        "usage": None,
        "user": request.user,
        "metadata": checked_metadata(request.metadata),
    }


def _drawn_by(served: ServedModel) -> tuple[float, float]:
    """Return the temperature and the `top_p` of a model that is not told any."""
    if served.flow is not None:
        own = (node.params.get("temperature", 0.0) for node in served.flow.nodes if node.kind == "generate")
        return float(next(own, 0.0)), 1.0
    if served.engine is not None and not served.engine.is_remote:
        return OWN_TEMPERATURE, OWN_TOP_P
    return 1.0, 1.0  # OpenAI's own; what else is at the other end says nothing of it


def usage_from(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chat completion's usage as a response's."""
    prompt, completion = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
    prompt_details, completion_details = (
        usage.get("prompt_tokens_details") or {},
        usage.get("completion_tokens_details") or {},
    )
    return {
        "input_tokens": prompt,
        "input_tokens_details": {
            "cached_tokens": int(prompt_details.get("cached_tokens") or 0), "cache_write_tokens": 0,
        },
        "output_tokens": completion,
        "output_tokens_details": {"reasoning_tokens": int(completion_details.get("reasoning_tokens") or 0)},
        "total_tokens": prompt + completion,
    }  # fmt: skip


def total_usage(before: Mapping[str, Any] | None, usage: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the usage of two turns together."""
    if before is None or usage is None:
        return dict(before or usage or {}) or None
    return {
        name: total_usage(before[name], value) if isinstance(value, Mapping) else before[name] + value
        for name, value in usage.items()
    }


def error_of(status: int, error: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error body as the error of a response that failed."""
    code = {429: "rate_limit_exceeded", 400: "invalid_prompt"}.get(status, "server_error")
    return {"code": code, "message": error["message"]}


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    if tool["type"] == "function":
        return {"description": None, "parameters": None, "strict": None, **tool}
    return {name: value for name, value in tool.items() if name != "authorization"}

"""Errors as clients of Anthropic's API are told of them."""

from collections.abc import Mapping
from typing import Any

PATH = "/v1/messages"
OVERLOADED = 529

_BY_CODE: Mapping[str, str] = {
    "invalid_api_key": "authentication_error",
    "insufficient_permissions": "permission_error",
    "not_found": "not_found_error",
    "model_not_found": "not_found_error",
    "insufficient_quota": "rate_limit_error",
    "overloaded": "overloaded_error",
    "request_too_large": "request_too_large",
}
_BY_TYPE: Mapping[str, str] = {"rate_limit_error": "rate_limit_error", "server_error": "api_error"}


def speaks_anthropic(path: str) -> bool:
    """Return whether errors of a path are told in Anthropic's shape."""
    return path == PATH or path.startswith(f"{PATH}/")


def anthropic_error(body: Mapping[str, Any], request_id: str = "") -> dict[str, Any]:
    """Return an error's body in OpenAI's shape in Anthropic's."""
    error = body["error"]
    kind = _BY_CODE.get(error.get("code") or "") or _BY_TYPE.get(error["type"], "invalid_request_error")
    param, message = error.get("param") or "", error["message"]
    # There is no field for the name of what is wrong, so the message has to tell it.
    answer = {
        "type": "error",
        "error": {"type": kind, "message": message if param in message else f"{param}: {message}"},
    }
    return {**answer, "request_id": request_id} if request_id else answer


def anthropic_status(status: int, body: Mapping[str, Any]) -> int:
    """Return the status that Anthropic's API has for an error in OpenAI's shape."""
    return OVERLOADED if body["error"].get("code") == "overloaded" else status

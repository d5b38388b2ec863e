"""One line of a batch answered, as its line in the file of answers or of failures."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from lorewright.access import Key
from lorewright.errors import BadParameter, Cancelled, Transient
from lorewright.models import Stopped
from lorewright.workspace.batch_lines import Line
from lorewright.workspace.home import Home
from lorewright.workspace.told import body_of

_PAUSES_SECONDS = (0.5, 5.0, 20.0)
"""How long to wait before a line is tried again whose failure may pass."""


def answer_line(
    home: Home, key: Key, line: Line, answer: Callable[..., dict[str, Any]], *, stopped: Stopped
) -> dict[str, Any]:
    """Return `failed`, and the line for the file of answers or failures; raise `Cancelled` when stopped."""
    if stopped():
        raise Cancelled("The batch is cancelled.")
    try:
        status, body = 200, _answered(home, key, line.body, answer, stopped)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - a line that goes wrong must not take the others along
        status, body = body_of(error)
    response = {"status_code": status, "request_id": f"req_{uuid4().hex}", "body": body}
    return {"failed": status != 200, "line": _line(line, response=response)}


def expired(line: Line) -> dict[str, Any]:
    """Return the failure of a line that the batch did not come to in its time."""
    error = {
        "code": "batch_expired",
        "message": "This request could not be executed before the completion window expired.",
    }
    return {"failed": True, "line": _line(line, error=error)}


def usage_of(answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the tokens of all answers together."""
    given = given_cached = made = reasoned = 0
    for answer in answers:
        usage = answer["line"]["response"]["body"].get("usage") or {}
        given += usage.get("prompt_tokens", usage.get("input_tokens", 0))
        made += usage.get("completion_tokens", usage.get("output_tokens", 0))
        given_cached += (usage.get("input_tokens_details") or {}).get("cached_tokens", 0)
        reasoned += (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0)
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": given_cached},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": reasoned},
        "total_tokens": given + made,
    }


def _answered(
    home: Home, key: Key, body: Mapping[str, Any], answer: Callable[..., dict[str, Any]], stopped: Stopped
) -> dict[str, Any]:
    """Return what the endpoint answers; what may pass by itself is tried again."""
    if body.get("stream"):
        raise BadParameter("stream", "A batch is not streamed: leave stream out.")
    pauses = list(_PAUSES_SECONDS)
    while True:
        try:
            answered = answer(home, key, body, stopped=stopped)
        except Transient:
            if not pauses:
                raise
            time.sleep(pauses.pop(0))
        else:
            if stopped():  # it may have been cut short
                raise Cancelled("The batch is cancelled.")
            return answered


def _line(
    line: Line, *, response: Mapping[str, Any] | None = None, error: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": f"batch_req_{uuid4().hex}", "custom_id": line.custom_id, "response": response, "error": error,
    }  # fmt: skip

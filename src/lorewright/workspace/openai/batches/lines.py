"""The lines of a batch: read, checked, and answered."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pydantic import Field, ValidationError

from lorewright.access import Caller
from lorewright.errors import BadParameter, Cancelled, Transient
from lorewright.models import Stopped
from lorewright.request_body import RequestBody
from lorewright.workspace.openai.errors import status_and_body
from lorewright.workspace.server.server import Server

MAX_LINES = 50_000
MAX_ERRORS = 100


class Line(RequestBody):
    """One request of a batch."""

    custom_id: str = Field(min_length=1)
    method: Literal["POST"]
    url: str
    body: dict[str, Any]


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the requests of a file that was checked, in order."""
    for _, line in _numbered(path):
        yield Line.model_validate_json(line)


def check_lines(path: Path, endpoint: str) -> dict[str, Any]:
    """Return how many requests a file holds, which model they all ask, and what is wrong, by line."""
    errors: list[dict[str, Any]] = []
    line_of_id: dict[str, int] = {}
    models: set[str] = set()
    n_lines = 0
    for number, text in _numbered(path):
        n_lines += 1
        wrong = _wrong(number, text, endpoint, line_of_id, models)
        if wrong is not None:
            errors.append(wrong)
        if len(errors) == MAX_ERRORS or n_lines > MAX_LINES:
            break
    if n_lines == 0:
        errors.append(_error("empty_file", "The file contains no requests.", None))
    if n_lines > MAX_LINES:
        errors.append(_error("too_many_tasks", f"A batch can have at most {MAX_LINES} requests.", None))
    return {"n_lines": n_lines, "model": models.pop() if len(models) == 1 else None, "errors": errors}


def _wrong(
    number: int, text: bytes, endpoint: str, line_of_id: dict[str, int], models: set[str]
) -> dict[str, Any] | None:
    """Return what is wrong with a line, or take note of its id and its model."""
    try:
        line = Line.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        param = ".".join(map(str, first["loc"])) or None
        return _error("invalid_request", f"{param or 'The line'}: {first['msg']}.", number, param)
    except (ValueError, RecursionError):
        return _error("invalid_json_line", "This line is not valid JSON.", number)
    if line.url != endpoint:
        message = f"url is {line.url!r}; all requests of this batch must go to {endpoint}."
        return _error("mismatched_url", message, number, "url")
    if line.custom_id in line_of_id:
        message = f"custom_id {line.custom_id!r} is already used in line {line_of_id[line.custom_id]}."
        return _error("duplicate_custom_id", message, number, "custom_id")
    line_of_id[line.custom_id] = number
    models.add(str(line.body.get("model")))
    return None


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _error(code: str, message: str, line: int | None, param: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "line": line, "param": param}


_PAUSES_SECONDS = (0.5, 5.0, 20.0)
"""How long to wait before a line is tried again whose failure may pass."""


def answer_line(
    server: Server, caller: Caller, line: Line, answer: Callable[..., dict[str, Any]], *, stopped: Stopped
) -> dict[str, Any]:
    """Return `failed`, and the line for the file of answers or failures; raise `Cancelled` when stopped."""
    if stopped():
        raise Cancelled("The batch was cancelled.")
    try:
        status, body = 200, _answered(server, caller, line.body, answer, stopped)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - a line that goes wrong must not take the others along
        status, body = status_and_body(error)
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
    given = given_cached = n_output = reasoned = 0
    for answer in answers:
        usage = answer["line"]["response"]["body"].get("usage") or {}
        given += usage.get("prompt_tokens", usage.get("input_tokens", 0))
        n_output += usage.get("completion_tokens", usage.get("output_tokens", 0))
        given_cached += (usage.get("input_tokens_details") or {}).get("cached_tokens", 0)
        reasoned += (usage.get("output_tokens_details") or {}).get("reasoning_tokens", 0)
    return {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": given_cached},
        "output_tokens": n_output,
        "output_tokens_details": {"reasoning_tokens": reasoned},
        "total_tokens": given + n_output,
    }


def _answered(
    server: Server,
    caller: Caller,
    body: Mapping[str, Any],
    answer: Callable[..., dict[str, Any]],
    stopped: Stopped,
) -> dict[str, Any]:
    """Return what the endpoint answers; what may pass by itself is tried again."""
    if body.get("stream"):
        raise BadParameter("stream", "Batches do not support streaming. Omit stream.")
    pauses = list(_PAUSES_SECONDS)
    while True:
        try:
            answered = answer(server, caller, body, stopped=stopped)
        except Transient:
            if not pauses:
                raise
            time.sleep(pauses.pop(0))
        else:
            if stopped():  # it may have been cut short
                raise Cancelled("The batch was cancelled.")
            return answered


def _line(
    line: Line, *, response: Mapping[str, Any] | None = None, error: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": f"batch_req_{uuid4().hex}", "custom_id": line.custom_id, "response": response, "error": error,
    }  # fmt: skip

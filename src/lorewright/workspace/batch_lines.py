"""The lines of a batch: requests, each with an id that its answer carries."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

MAX_LINES = 50_000
MAX_ERRORS = 100


class Line(BaseModel):
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
    seen: dict[str, int] = {}
    models: set[str] = set()
    n_lines = 0
    for number, text in _numbered(path):
        n_lines += 1
        wrong = _wrong(number, text, endpoint, seen, models)
        if wrong is not None:
            errors.append(wrong)
        if len(errors) == MAX_ERRORS or n_lines > MAX_LINES:
            break
    if n_lines == 0:
        errors.append(_error("empty_file", "The file holds no requests.", None))
    if n_lines > MAX_LINES:
        errors.append(_error("too_many_tasks", f"A batch has at most {MAX_LINES} requests.", None))
    return {"n_lines": n_lines, "model": models.pop() if len(models) == 1 else None, "errors": errors}


def _wrong(
    number: int, text: bytes, endpoint: str, seen: dict[str, int], models: set[str]
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
        told = f"url is {line.url!r}; all requests of this batch go to {endpoint}."
        return _error("mismatched_url", told, number, "url")
    if line.custom_id in seen:
        told = f"custom_id {line.custom_id!r} is that of line {seen[line.custom_id]} already."
        return _error("duplicate_custom_id", told, number, "custom_id")
    seen[line.custom_id] = number
    models.add(str(line.body.get("model")))
    return None


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _error(code: str, message: str, line: int | None, param: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "line": line, "param": param}

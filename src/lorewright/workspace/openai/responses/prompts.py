"""A request that names a kept prompt, filled in."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.workspace.openai.prompts import SETTINGS, filled_text, get_prompt_version, variables_in
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.server.server import Server


def filled_in(
    server: Server, caller: Caller, request: ResponseRequest
) -> tuple[ResponseRequest, dict[str, Any] | None]:
    """Return a request with all that its prompt says, and which prompt that was, `None` for none.

    What the request says itself goes before what the prompt says; its input comes after the prompt's.
    """
    if request.prompt is None:
        if not request.model:
            raise BadParameter("model", "model is missing: name one, or a prompt that names one.")
        return request, None
    named = request.prompt
    prompt_id, version = str(named.get("id") or ""), str(named.get("version") or "")
    try:
        stored = get_prompt_version(server, caller, prompt_id, version)
    except NotFound as error:
        raise BadParameter(error.param or "prompt.id", str(error)) from error
    values = _values(named.get("variables") or {}, variables_in(stored.body))
    texts = {
        name: _filled(stored.body[name], values) for name in ("instructions", "input") if name in stored.body
    }
    changes: dict[str, Any] = {
        name: stored.body[name]
        for name in SETTINGS
        if name in stored.body and (name not in request.model_fields_set or not getattr(request, name))
    }
    if "input" in texts:
        changes["input"] = [*_items(texts["input"]), *_items(request.input)]
    if "instructions" in texts and request.instructions is None:
        changes["instructions"] = texts["instructions"]
    merged = request.model_dump(exclude_none=True) | changes
    merged.pop("prompt")
    if not merged.get("model"):
        raise BadParameter("model", f"The prompt {prompt_id!r} names no model: name one in the request.")
    filled = ResponseRequest.model_validate(merged)
    return filled, {"id": prompt_id, "version": stored.id.rpartition("/")[2], "variables": values or None}


def _values(given: Any, wanted: list[str]) -> dict[str, str]:
    """Return the value of each variable; raise `BadParameter` for one too few or too many."""
    if not isinstance(given, Mapping):
        raise BadParameter(
            "prompt.variables", "prompt.variables is an object: the name of each and its value."
        )
    for name in wanted:
        if name not in given:
            raise BadParameter(f"prompt.variables.{name}", f"The prompt needs a value for {name!r}.")
    for name in given:
        if name not in wanted:
            raise BadParameter(f"prompt.variables.{name}", f"The prompt has no variable {name!r}.")
    return {name: _text(name, given[name]) for name in wanted}


def _text(name: str, value: Any) -> str:
    if isinstance(value, Mapping) and value.get("type") == "input_text":
        value = value.get("text")
    if not isinstance(value, str):
        raise BadParameter(f"prompt.variables.{name}", f"{name!r} must be a text.")
    return value


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return what a prompt says with its variables filled in, once: a value is never read again."""
    if isinstance(value, str):
        return filled_text(value, values)
    if isinstance(value, Mapping):
        return {
            name: _filled(part, values) if name in ("content", "text") else part
            for name, part in value.items()
        }
    return [_filled(part, values) for part in value] if isinstance(value, list | tuple) else value


def _items(given: Any) -> list[Any]:
    if isinstance(given, str):
        return [{"role": "user", "content": given}] if given else []
    return list(given) if isinstance(given, list | tuple) else [given]

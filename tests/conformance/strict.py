"""Whether a response is what the SDK's types say: the SDK itself takes what comes."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

PAGE_KEYS: Mapping[str, tuple[str, ...]] = {
    "/models": (),
    "/fine_tuning/jobs": ("has_more",),
    "/vector_stores/{}/search": ("search_query", "has_more", "next_page"),
    "/vector_stores/{}/files/{}/content": ("has_more", "next_page"),
}
"""What lists hold besides `object` and `data`, where it is not what most of them hold."""
MOST = ("first_id", "last_id", "has_more")

BEYOND = (("error", None), ("finish_reason", None), ("status", "paused"), ("role", "user"))
"""Fields and values with which OpenAI's own API goes beyond its SDK's types.

`error` of an eval's run that has none, `finish_reason` of a text completion that goes on, `status`
of a fine-tuning job that was paused, `role` of the messages that a stored completion answers.
"""


def problems(body: Any, made: Any, shape: str) -> list[str]:
    """Return what is wrong with a response's JSON, given what the SDK made of it."""
    if made is None or isinstance(made, str | bytes):
        return []
    if isinstance(body, dict) and hasattr(made, "has_next_page"):
        missing = [key for key in ("object", "data", *PAGE_KEYS.get(shape, MOST)) if key not in body]
        found = [f"{key} is missing" for key in missing]
        for raw, item in zip(body.get("data") or (), made.data, strict=True):
            found += mismatches(type(item), raw)
        return found
    return mismatches(type(made), body)


def mismatches(kind: Any, raw: Any) -> list[str]:
    """Return where JSON does not fit a type of the SDK: fields that are missing, or of another type."""
    try:
        TypeAdapter(kind).validate_json(json.dumps(_without_users_messages(raw)), strict=True)
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
            for found in error.errors()
            if (found["loc"][-1], found["input"]) not in BEYOND
        ][:3]
    return []


def _without_users_messages(raw: Any) -> Any:
    """Return a compaction without the user's messages that it keeps: its type knows models' alone."""
    if not isinstance(raw, dict) or raw.get("object") != "response.compaction":
        return raw
    return {**raw, "output": [item for item in raw["output"] if item.get("role") != "user"]}

"""What every check of a client shares: where the server is, what is asked of it, and how it is reported.

Only the standard library: this file runs in the environment of each client.
"""

import json
import os
import traceback
from collections.abc import Callable
from typing import Any

URL = os.environ["LOREWRIGHT_URL"]
KEY = os.environ["LOREWRIGHT_KEY"]
MODEL = os.environ["LOREWRIGHT_MODEL"]
RAG = os.environ["LOREWRIGHT_RAG"]
EMBEDDING = os.environ["LOREWRIGHT_EMBEDDING"]
STORE = "vs_domain"

GREETING = "Say hello in one short sentence."
QUESTION = "How long is the notice period?"
WANTED = "3 months"
ABOUT_A_TOWN = "Paris is a town in France with two million people. Describe the town as JSON."
TOWN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 40},
        "n_people": {"type": "integer", "minimum": 0, "maximum": 100000000},
    },
    "required": ["name", "n_people"],
    "additionalProperties": False,
}
ABOUT_THE_WEATHER = "What is the weather in Paris? Use the tool."
WEATHER = "It is 21 degrees and sunny."
WEATHER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"town": {"type": "string", "maxLength": 40}},
    "required": ["town"],
    "additionalProperties": False,
}


class NotApplicable(Exception):
    """The client has no such thing; the message says so."""


def need(held: Any, told: str) -> None:
    """Fail with `told` unless something held."""
    if not held:
        raise AssertionError(told)


def need_town(value: Any) -> None:
    """Fail unless a value is what the schema of a town allows."""
    need(isinstance(value, dict) and set(value) == {"name", "n_people"}, f"not the schema: {value!r}")
    need(isinstance(value["n_people"], int), f"n_people is no integer: {value!r}")


def absent(reason: str) -> Callable[[], None]:
    """Return a check of what a client does not have."""

    def check() -> None:
        raise NotApplicable(reason)

    return check


def report(**checks: Callable[[], None]) -> None:
    """Run each check and print how it went, one JSON object on a line."""
    only = os.environ.get("LOREWRIGHT_ONLY")
    for capability, check in checks.items():
        if only and capability != only:
            continue
        outcome, detail = "ok", ""
        try:
            check()
        except NotApplicable as reason:
            outcome, detail = "not applicable", str(reason)
        except Exception as error:
            outcome, detail = "failed", f"{type(error).__name__}: {error}"
            traceback.print_exc()
        print("\n" + json.dumps({"capability": capability, "outcome": outcome, "detail": detail}), flush=True)

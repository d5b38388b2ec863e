"""JSON as people and programs send it."""

import json
from typing import Any


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text; raise `json.JSONDecodeError` for every text that is none.

    So it is for what is nested deeper than the parser can follow, which raises a `RecursionError`
    that callers would have to know of.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deeply", "", 0) from error

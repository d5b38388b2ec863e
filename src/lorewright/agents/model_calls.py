"""Tasks for a model of the settings: a marked text, and words that say what is to be done with it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.agents.values import words_of

_QUOTED = re.compile(r"[“„«\"](?P<text>[^“”„«»\"]{3,})[”“»\"]|:\s*\n+(?P<below>.{3,})\Z", re.DOTALL)
_LEAST_SHARED = 2
"""How many words of its description a task must share with a model."""


def model_call(task: str, tools: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]] | None:
    """Return the call of the model whose description has most to do with a task, `None` where none has.

    Only a text that the task marks is handed on: in quotation marks, or below a line that ends in a colon.
    """
    match = _QUOTED.search(task)
    if match is None:
        return None
    text = (match["text"] or match["below"]).strip()
    wanted = words_of(f"{task[: match.start()]} {task[match.end() :]}")
    scored = [
        (len(wanted & words_of(f"{name.replace('_', ' ')} {function.get('description', '')}")), -place, name)
        for place, function in enumerate(tool["function"] for tool in tools)
        if (name := str(function["name"])).startswith("model_")
    ]
    score, _, name = max(scored, default=(0, 0, ""))
    return (name, {"text": text}) if score >= _LEAST_SHARED else None

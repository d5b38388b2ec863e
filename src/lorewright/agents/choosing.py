"""Few tools at a time: those whose descriptions have most to do with what is to be done."""

import math
from collections.abc import Sequence

from lorewright.agents.tool import AgentTool
from lorewright.knowledge.words import content_words

MOST_SHOWN = 8


def chosen_tools(
    tools: Sequence[AgentTool], task: str, *, always: Sequence[str] = (), n: int = MOST_SHOWN
) -> list[AgentTool]:
    """Return at most `n` tools in their order: those that are `always` shown, and the closest to the task.

    A tool that is not shown can still be called by its name: only the prompt gets shorter.
    """
    if len(tools) <= n:
        return list(tools)
    wanted = set(content_words(task))
    scores = {tool.name: _score(tool, wanted) for tool in tools}
    ranked = sorted(tools, key=lambda tool: (tool.name not in always, -scores[tool.name]))
    kept = {tool.name for tool in ranked[:n]}
    return [tool for tool in tools if tool.name in kept]


def _score(tool: AgentTool, wanted: set[str]) -> float:
    words = set(content_words(f"{tool.name.replace('_', ' ')} {tool.description}"))
    return len(words & wanted) / math.sqrt(len(words) or 1)

"""The tools with which an agent organises its work: the plan, and sub-agents."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lorewright.agents.outcome import Outcome
from lorewright.agents.plan import plan_from, render_plan
from lorewright.agents.setting import Setting
from lorewright.agents.tool import AgentTool, tool_from

MOST_SUB_AGENTS = 5
RunOne = Callable[..., Outcome]
"""Runs one agent of a run: `run_one(task, setting, agent=..., tools=...)`."""


def plan_tool(setting: Setting, agent: str) -> AgentTool:
    """Return the tool with which an agent makes its plan and keeps it up to date."""

    def plan(items: list[Any]) -> str:
        """Write the plan of your work down, or replace it by a newer one.

        Args:
            items: What to do, in order: texts, or objects with text and state: open, doing, done or dropped.
        """
        made = plan_from(items)
        setting.write("plan", agent, by="agent", items=[item.to_json() for item in made])
        return render_plan(made)

    return tool_from(plan)


def delegate_tool(setting: Setting, tools: Sequence[AgentTool], run_one: RunOne) -> AgentTool:
    """Return the tool with which an agent gives parts of its task to others.

    A sub-agent has tools of its agent, fewer if it is told so, and none that waits for a person.
    """

    def delegate(tasks: list[str], tools: list[str] | None = None) -> str:
        """Give independent parts of the task to sub-agents, which work at the same time; get their results.

        Args:
            tasks: One complete task for each sub-agent; it knows nothing else.
            tools: The names of the tools that they need; without it all of yours.
        """
        return _delegated(setting, given, tasks, tools, run_one)

    given = tuple(tool for tool in tools if not tool.needs_approval)
    return tool_from(delegate, timeout_seconds=setting.seconds_left, alone=True)


def _delegated(
    setting: Setting,
    given: Sequence[AgentTool],
    tasks: Sequence[str],
    names: Sequence[str] | None,
    run_one: RunOne,
) -> str:
    known = {tool.name for tool in given}
    unknown = [name for name in names or () if name not in known]
    chosen = [tool for tool in given if not names or tool.name in names]
    left_out = (
        [f"{len(tasks) - MOST_SUB_AGENTS} tasks were left out."] if len(tasks) > MOST_SUB_AGENTS else []
    )
    if unknown:
        left_out.append(f"Not available to sub-agents: {', '.join(unknown)}.")

    def work(numbered: tuple[int, str]) -> str:
        number, task = numbered
        agent = str(number)
        entries = setting.journal.entries()
        ended = next((e for e in entries if e["kind"] == "sub_end" and e["agent"] == agent), None)
        if ended is not None:
            return str(ended["text"])
        if not any(entry["kind"] == "sub" and entry["agent"] == agent for entry in entries):
            setting.write("sub", agent, text=task, tools=[tool.name for tool in chosen])
        outcome = run_one(task, setting, agent=agent, tools=chosen)
        setting.write("sub_end", agent, text=outcome.text, state=outcome.state, reason=outcome.reason)
        return outcome.text

    todo = list(enumerate(tasks[:MOST_SUB_AGENTS], start=_first_number(setting, tasks)))
    with ThreadPoolExecutor(max_workers=MOST_SUB_AGENTS) as pool:
        results = list(pool.map(work, todo))
    parts = [f"{task}\n{result}" for (_, task), result in zip(todo, results, strict=True)]
    return "\n\n".join([*parts, *left_out])


def _first_number(setting: Setting, tasks: Sequence[str]) -> int:
    """Return the number of the first sub-agent: those of a call that was interrupted keep theirs."""
    begun = [entry for entry in setting.journal.entries() if entry["kind"] == "sub"]
    for place, entry in enumerate(begun):
        if entry["text"] == tasks[0] and not _has_result(setting, int(entry["agent"])):
            return place + 1
    return len(begun) + 1


def _has_result(setting: Setting, number: int) -> bool:
    """Return whether the call that started a sub-agent was finished."""
    entries = setting.journal.entries()
    started = next(i for i, e in enumerate(entries) if e["kind"] == "sub" and e["agent"] == str(number))
    return any(e["kind"] == "call" and e["tool"] == "delegate" for e in entries[started:])

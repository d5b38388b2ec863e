"""The tools with which an agent organises its work: the plan, and sub-agents."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from lorewright.agents.outcome import Outcome
from lorewright.agents.plan import plan_from, render_plan
from lorewright.agents.setting import Setting
from lorewright.agents.tool import AgentTool, tool_from
from lorewright.errors import BadParameter

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
        return _delegated(setting, given, tasks, tools, (), run_one)

    def delegate_to(tasks: list[str], tools: list[str] | None = None, agents: list[str] | None = None) -> str:
        """Give independent parts of the task to sub-agents, which work at the same time; get their results.

        Args:
            tasks: One complete task for each sub-agent; it knows nothing else.
            tools: The names of the tools that they need; without it all of yours.
            agents: For each task in order the name of the sub-agent that does it, "" for one like you.
        """
        return _delegated(setting, given, tasks, tools, agents or (), run_one)

    given = tuple(tool for tool in tools if not tool.needs_approval)
    traits: dict[str, Any] = {"name": "delegate", "timeout_seconds": setting.seconds_left, "alone": True}
    if not setting.sub_drivers:
        return tool_from(delegate, **traits)
    tool = tool_from(delegate_to, **traits)
    named = (
        f"{name}: {own.description}" if own.description else name for name, own in setting.sub_drivers.items()
    )
    return replace(tool, description="\n".join([tool.description, "Sub-agents by name:", *named]))


def _delegated(
    setting: Setting,
    given: Sequence[AgentTool],
    tasks: Sequence[str],
    names: Sequence[str] | None,
    agents: Sequence[str],
    run_one: RunOne,
) -> str:
    _check(setting, tasks, agents)
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
        agent, name = str(number), by_number.get(number, "")
        entries = setting.journal.entries()
        ended = next((e for e in entries if e["kind"] == "sub_end" and e["agent"] == agent), None)
        if ended is not None:
            return str(ended["text"])
        if not any(entry["kind"] == "sub" and entry["agent"] == agent for entry in entries):
            setting.write("sub", agent, text=task, name=name, tools=[tool.name for tool in chosen])
        outcome = run_one(task, setting.driven_by(name), agent=agent, tools=chosen)
        setting.write("sub_end", agent, text=outcome.text, state=outcome.state, reason=outcome.reason)
        return outcome.text

    todo = list(enumerate(tasks[:MOST_SUB_AGENTS], start=_first_number(setting, tasks)))
    by_number = {number: name for (number, _), name in zip(todo, agents, strict=False)}
    with ThreadPoolExecutor(max_workers=MOST_SUB_AGENTS) as pool:
        results = list(pool.map(work, todo))
    parts = [f"{task}\n{result}" for (_, task), result in zip(todo, results, strict=True)]
    return "\n\n".join([*parts, *left_out])


def _check(setting: Setting, tasks: Sequence[str], agents: Sequence[str]) -> None:
    """Raise `BadParameter` where there is no part, or one would go to a sub-agent that is not there."""
    known = setting.sub_drivers
    unknown = [name for name in agents if name and name not in known]
    if unknown:
        raise BadParameter(
            "agents", f"There is no sub-agent {unknown[0][:60]!r}. Sub-agents: {', '.join(known) or 'none'}."
        )
    if not tasks:
        raise BadParameter("tasks", "tasks is empty. Give one task for each sub-agent.")
    if len(agents) > len(tasks):
        raise BadParameter("agents", f"agents names {len(agents)} sub-agents for {len(tasks)} tasks.")


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

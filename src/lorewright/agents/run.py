"""A run: a driver in a loop of tool calls, until it answers, waits for a person, or a limit is reached."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import anyio

from lorewright.agents.answering import answered, early_answer
from lorewright.agents.budget import Budget, Meter, Spent
from lorewright.agents.driver import Driver
from lorewright.agents.journal import STEPS, Entry, Journal
from lorewright.agents.loop import Loop
from lorewright.agents.outcome import Outcome
from lorewright.agents.setting import Setting
from lorewright.agents.sources import chunk_from
from lorewright.agents.steering import Halt
from lorewright.agents.tool import AgentTool, without_twins
from lorewright.errors import Cancelled, LorewrightError


def run_agent(
    task: str,
    *,
    driver: Driver,
    tools: Sequence[AgentTool],
    journal: Journal,
    budget: Budget | None = None,
    **more: Any,
) -> Outcome:
    """Return what a task came to; `more` are further fields of `Setting`.

    A journal that holds entries already is gone on with: finished answers and calls are not repeated.
    """
    entries = journal.entries()
    setting = Setting(
        driver=driver, tools=without_twins(tools), journal=journal,
        meter=Meter(budget or Budget(), before=spent_in(entries)), **more,
    )  # fmt: skip
    for entry in entries:
        for chunk in entry.get("chunks", ()):
            setting.sources.number(chunk_from(chunk))
    if not any(entry["kind"] == "task" for entry in entries):
        setting.write("task", "", text=task, driver=driver.name)
    outcome = run_one(task, setting)
    outcome = replace(outcome, spent=setting.meter.spent)
    body = outcome.to_json()
    setting.write("waiting" if outcome.state == "waiting" else "end", "", **body)
    return outcome


def spent_in(entries: Sequence[Entry]) -> Spent:
    """Return what a journal says was taken."""
    paid = [entry for entry in entries if entry["kind"] in (*STEPS, "call")]
    return Spent(
        steps=sum(entry["kind"] in STEPS for entry in paid),
        tokens=sum(int(entry.get("tokens", 0)) for entry in paid),
        usd=sum(float(entry.get("usd", 0.0)) for entry in paid),
        seconds=sum(float(entry.get("ms", 0.0)) for entry in paid) / 1000,
    )


def run_one(
    task: str, setting: Setting, *, agent: str = "", tools: Sequence[AgentTool] | None = None
) -> Outcome:
    """Return what one agent of a run comes to: the first one (''), or a sub-agent with tools of its own."""
    given = setting.tools if tools is None else tuple(tools)
    loop = Loop(task, setting, agent, given, run_one)
    try:
        said = anyio.run(loop.run)
    except Halt as halt:
        return early_answer(task, setting, agent, halt)
    except Cancelled:
        return early_answer(task, setting, agent, Halt("It was stopped."))
    except LorewrightError as error:
        return early_answer(task, setting, agent, Halt(f"The driver failed: {error}"))
    if isinstance(said, list):
        return Outcome(state="waiting", approvals=tuple(said), reason="It waits for approval.")
    if agent and isinstance(said, str):
        return Outcome(state="finished", text=setting.redact(said))  # its markers are its agent's to use
    return answered(task, setting, said)

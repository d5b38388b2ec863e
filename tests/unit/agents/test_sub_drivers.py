"""Sub-agents with drivers of their own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lorewright.agents.budget import Budget
from lorewright.agents.fakes import Said, ScriptedDriver
from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import Entry, MemoryJournal
from lorewright.agents.outcome import Outcome
from lorewright.agents.run import run_agent
from lorewright.agents.setting import SubDriver
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.agents.tools.files import WorkingFiles, file_tools
from lorewright.documents import Chunk

LEAVE = Chunk("leave.md#0", "leave.md", "Leave", 0, 24, "Leave is 28 days a year.")


def search(query: str) -> ToolOutput:  # noqa: ARG001
    """Find passages.

    Args:
        query: What to look for.
    """
    return ToolOutput(chunks=(LEAVE,))


def delegating(*calls: Mapping[str, Any], then: str = "In all 28 days [1].") -> ScriptedDriver:
    """Return a driver that hands parts on, call after call, and then answers."""
    return ScriptedDriver([*[[("delegate", dict(call))] for call in calls], then], name="first")


def work(
    driver: ScriptedDriver, sub_drivers: Mapping[str, SubDriver], **more: Any
) -> tuple[Outcome, list[Entry]]:
    """Return what a task comes to, and the entries of its journal."""
    journal = more.pop("journal", MemoryJournal())
    outcome = run_agent(
        "How much leave is there?", driver=driver, tools=[tool_from(search)], journal=journal,
        sub_drivers=sub_drivers, **more,
    )  # fmt: skip
    return outcome, list(journal.entries())


def test_a_part_goes_to_the_driver_that_is_named_for_it() -> None:
    """A tuned model does what it was tuned for, beside one that does the rest."""
    clerk = ScriptedDriver([[("search", {"query": "leave"})], "28 days [1]."], name="clerk-model")

    def first(turns: Sequence[Mapping[str, Any]]) -> Said:
        task = next(turn["content"] for turn in turns if turn["role"] == "user")
        if task == "part two":
            return "Nothing."
        if any(turn["role"] == "tool" for turn in turns):
            return "In all 28 days [1]."
        return [("delegate", {"tasks": ["part one", "part two"], "agents": ["clerk", ""]})]

    outcome, entries = work(ScriptedDriver(first, name="first"), {"clerk": SubDriver(driver=clerk)})

    assert outcome.text == "In all 28 days."
    asked = {(entry["agent"], entry["model"]) for entry in entries if entry["kind"] == "answer"}
    assert asked == {("", "first"), ("1", "clerk-model"), ("2", "first")}
    assert clerk.seen[0]["messages"][-1]["content"] == "part one"
    begun = {entry["agent"]: entry["name"] for entry in entries if entry["kind"] == "sub"}
    assert begun == {"1": "clerk", "2": ""}


def test_a_sub_agent_of_a_name_has_the_tools_of_its_agent_and_no_other() -> None:
    """Another model is not another right."""
    clerk = ScriptedDriver([[("run_shell", {})], "I could not."])
    work(delegating({"tasks": ["part"], "agents": ["clerk"]}), {"clerk": SubDriver(driver=clerk)})

    shown = {tool["function"]["name"] for request in clerk.seen for tool in request["tools"]}
    assert shown == {"search", "plan"}
    assert "delegate" not in shown


def test_what_a_sub_agent_takes_counts_at_the_price_of_its_own_model() -> None:
    """A limit of money holds for all that a run asks, whomever it asks."""
    clerk = ScriptedDriver([[("search", {"query": "leave"})], "28 days [1]."])
    outcome, entries = work(
        delegating({"tasks": ["part"], "agents": ["clerk"]}),
        {"clerk": SubDriver(driver=clerk, price=lambda *_: 0.25)},
        price=lambda *_: 0.01,
    )

    by_agent = {
        agent: sum(entry["usd"] for entry in entries if entry["kind"] == "answer" and entry["agent"] == agent)
        for agent in ("", "1")
    }
    assert by_agent == {"": 0.02, "1": 0.5}
    assert (outcome.spent.steps, round(outcome.spent.usd, 6)) == (4, 0.52)


def test_a_dear_sub_agent_ends_the_run_at_its_limit() -> None:
    """Handing work on must not be a way around the limit."""
    clerk = ScriptedDriver([[("search", {"query": f"leave {n}"})] for n in range(9)])
    outcome, _ = work(
        delegating({"tasks": ["part"], "agents": ["clerk"]}),
        {"clerk": SubDriver(driver=clerk, price=lambda *_: 0.25)},
        budget=Budget(usd=0.6),
    )

    assert (outcome.state, outcome.reason) == ("stopped", "It reached its limit of money.")
    assert len(clerk.seen) == 3


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    """A driver can only do better if it reads what it may write."""
    driver = delegating(
        {"tasks": ["part"], "agents": ["lawyer"]}, {"tasks": [], "agents": []},
        {"tasks": ["part"], "agents": ["clerk", "clerk"]},
    )  # fmt: skip
    _, entries = work(driver, {"clerk": SubDriver(driver=ScriptedDriver(["Done."]))})

    errors = [entry["error"] for entry in entries if entry["kind"] == "call"]
    assert errors == [
        "There is no sub-agent 'lawyer'. Sub-agents: clerk.",
        "tasks is empty. Give one task for each sub-agent.",
        "agents names 2 sub-agents for 1 tasks.",
    ]
    assert not any(entry["kind"] == "sub" for entry in entries)


def test_the_driver_reads_which_sub_agents_there_are() -> None:
    """What nobody is told of is never used."""
    driver = ScriptedDriver(["Nothing [1]."])
    work(driver, {"clerk": SubDriver(driver=driver, description="Fills in forms.")})
    plain = ScriptedDriver(["Nothing [1]."])
    work(plain, {})

    def delegate(one: ScriptedDriver) -> Mapping[str, Any]:
        tools = [tool["function"] for tool in one.seen[0]["tools"]]
        return next(tool for tool in tools if tool["name"] == "delegate")

    assert delegate(driver)["description"].endswith("Sub-agents by name:\nclerk: Fills in forms.")
    assert "agents" in delegate(driver)["parameters"]["properties"]
    assert "agents" not in delegate(plain)["parameters"]["properties"]


def test_a_sub_agent_may_follow_fixed_steps() -> None:
    """A model that is too small to decide does its part as it would as a driver."""
    fixed = SubDriver(driver=FixedPlan("small"), n_shown=1000)
    outcome, entries = work(
        delegating({"tasks": ["How much leave is there?"], "agents": ["small"]}), {"small": fixed}
    )

    assert outcome.state == "finished"
    calls = [(entry["agent"], entry["tool"]) for entry in entries if entry["kind"] == "call"]
    assert ("1", "search") in calls


def test_a_run_that_goes_on_asks_the_same_sub_agent_again() -> None:
    """After a crash the part is not done by another model than before."""

    def made() -> tuple[ScriptedDriver, ScriptedDriver]:
        clerk = ScriptedDriver([[("search", {"query": "leave"})], "28 days [1]."], name="clerk-model")
        return delegating({"tasks": ["part"], "agents": ["clerk"]}), clerk

    first, clerk = made()
    _, entries = work(first, {"clerk": SubDriver(driver=clerk)})
    for n_kept in range(1, len(entries)):
        first, clerk = made()
        journal = MemoryJournal(entries[:n_kept])
        outcome, after = work(first, {"clerk": SubDriver(driver=clerk)}, journal=journal)

        assert outcome.text == "In all 28 days."
        models = {entry["model"] for entry in after if entry["kind"] == "answer" and entry["agent"] == "1"}
        assert models == {"clerk-model"}
        assert sum(entry["kind"] == "answer" for entry in after) == 4


def test_two_sub_agents_that_write_one_file_lose_nothing(tmp_path: Path) -> None:
    """The last text stands in the file, the other beside it, and the trace tells of both."""
    journal = MemoryJournal()

    def on_file(path: str, size: int) -> None:
        journal.add({"kind": "file", "agent": "", "at": 0.0, "path": path, "bytes": size})

    def script(turns: Sequence[Mapping[str, Any]]) -> Said:
        task = str(next(turn["content"] for turn in turns if turn["role"] == "user"))
        is_first = not any(turn["role"] == "tool" for turn in turns)
        if task.startswith("part"):
            return [("write_file", {"path": "notes.md", "text": task})] if is_first else "Written."
        return [("delegate", {"tasks": ["part one", "part two"]})] if is_first else "Both are written."

    outcome = run_agent(
        "Note it.", driver=ScriptedDriver(script), journal=journal,
        tools=file_tools(WorkingFiles(tmp_path / "run"), on_file),
    )  # fmt: skip

    assert outcome.text == "Both are written."
    kept = sorted(path.read_text() for path in (tmp_path / "run").rglob("*") if path.is_file())
    assert kept == ["part one", "part two"]
    entries = journal.entries()
    assert [entry["path"] for entry in entries if entry["kind"] == "file"] == ["notes.md"] * 2
    said = sorted(entry["output"] for entry in entries if entry["kind"] == "call" and entry["agent"])
    assert said == ["Wrote notes.md.", "Wrote notes.md. Its former text is kept (1 former)."]

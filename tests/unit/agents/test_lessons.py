"""What a driver can learn from a run: the steps that went well, as it will see them again."""

import json
from typing import Any

from lorewright.agents.fakes import Said, ScriptedDriver
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.lessons import as_chat, held_out, lessons_of
from lorewright.agents.run import run_agent
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.documents import Chunk
from lorewright.errors import NotFound
from lorewright.tuning.chat_rows import chat_rows

LEAVE = Chunk("leave.md#0", "leave.md", "Leave", 0, 24, "Leave is 28 days a year.")


def search(query: str) -> ToolOutput:
    """Find passages.

    Args:
        query: What to look for.
    """
    if "nothing" in query:
        raise NotFound("There is no such thing.")
    return ToolOutput(chunks=(LEAVE,))


def lessons(script: list[Said]) -> list[Any]:
    """Return what can be learned from a run under a script."""
    journal = MemoryJournal()
    run_agent(
        "How much leave?", driver=ScriptedDriver(script), tools=[tool_from(search)], journal=journal
    )  # fmt: skip
    return lessons_of(journal.entries())


def test_every_step_is_learned_with_what_was_seen_before_it() -> None:
    """A driver learns what to do next, not what to say at the end."""
    call, text = lessons([[("search", {"query": "leave"})], "There are 28 days [1]."])

    assert (call.name, call.arguments) == ("search", '{"query": "leave"}')
    assert [turn["role"] for turn in call.turns] == ["system", "user"]
    assert "search" in {tool["function"]["name"] for tool in call.tools}
    assert (text.name, text.text) == ("", "There are 28 days [1].")


def test_several_calls_of_one_answer_are_learned_one_after_the_other() -> None:
    """A small model makes one call at a time: what a large one did at once is cut for it."""
    first, second, _ = lessons([[("search", {"query": "leave"}), ("search", {"query": "days"})], "28 [1]."])

    assert len(second.turns) == len(first.turns) + 2
    assert second.turns[-1]["role"] == "tool"


def test_what_failed_is_not_learned() -> None:
    """A call that does not exist, or found an error, is no example to follow."""
    learned = lessons(
        [[("erase", {})], [("search", {"query": "nothing"})], [("search", {"query": "leave"})], "28 [1]."]
    )

    assert [(one.name, one.text) for one in learned] == [("search", ""), ("", "28 [1].")]


def test_a_step_is_written_as_the_model_will_see_it() -> None:
    """Tools stand in the prompt and a call is a line of JSON, as for models whose template knows none."""
    call, text = lessons([[("search", {"query": "leave"})], "There are 28 days [1]."])

    rows = list(chat_rows([json.dumps(as_chat(one)) for one in (call, text)]))
    assert rows[0].completion == '{"name": "search", "arguments": {"query": "leave"}}'
    assert json.loads(rows[0].completion)["arguments"] == {"query": "leave"}
    assert '"name": "search"' in rows[0].messages[0].content
    assert "search returned: [1] leave.md" in rows[1].messages[-1].content
    assert rows[1].completion == "There are 28 days [1]."


def test_a_task_is_learned_or_measured_and_never_both() -> None:
    """A model that has seen the task would be praised for its memory."""
    tasks = [f"task {n}" for n in range(200)]
    apart = held_out(tasks)

    assert 20 <= len(apart) <= 60
    assert apart <= held_out([*tasks, "one more"])
    assert len(held_out(["one", "two"])) == 1
    assert held_out(["one", "one"]) == set()

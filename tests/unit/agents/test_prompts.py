"""The prompt of every step of a run, as it was sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.agents.budget import Budget
from lorewright.agents.driver import DriverLimits
from lorewright.agents.fakes import Said, ScriptedDriver
from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.packed_turns import packed, unpacked, whole_outputs, whole_spans
from lorewright.agents.prompts import Prompt, prompts_in, spans_of
from lorewright.agents.redaction import Redactor
from lorewright.agents.run import run_agent, spent_in
from lorewright.agents.tool import AgentTool, ToolOutput, tool_from
from lorewright.documents import Chunk

LEAVE = Chunk("leave.md#0", "leave.md", "Leave", 0, 24, "Leave is 28 days a year.")


def search(query: str) -> ToolOutput:  # noqa: ARG001
    """Find passages.

    Args:
        query: What to look for.
    """
    return ToolOutput(chunks=(LEAVE,))


def work(driver: Any, *tools: AgentTool, **more: Any) -> MemoryJournal:
    """Return the journal of a run."""
    journal: MemoryJournal = more.pop("journal", MemoryJournal())
    task = more.pop("task", "How much leave is there?")
    run_agent(task, driver=driver, tools=[tool_from(search), *tools], journal=journal, **more)
    return journal


def prompts(journal: MemoryJournal) -> list[Prompt]:
    """Return the prompts of a run, as a reader of its journal in the database finds them."""
    entries = json.loads(json.dumps(list(journal.entries())))
    return [prompt for prompt in prompts_in(entries) if prompt is not None]


def assert_as_sent(journal: MemoryJournal, driver: ScriptedDriver) -> None:
    """Fail where a prompt is not what its driver saw."""
    found = prompts(journal)
    assert [list(one.turns) for one in found] == [request["messages"] for request in driver.seen]
    assert [list(one.tools) for one in found] == [request.get("tools", []) for request in driver.seen]
    assert [one.options["max_tokens"] for one in found] == [one["max_tokens"] for one in driver.seen]
    assert all(one.is_exact for one in found)


def test_every_prompt_is_found_as_it_was_sent() -> None:
    """Whoever wonders why a model said something needs what it read, and not something like it."""
    driver = ScriptedDriver(
        [
            [("plan", {"items": ["look"]}), ("search", {"query": "leave"})],
            [("erase_everything", {})],
            [("search", '{"query": ')],
            "There are 31 days [1].",
            "There are 28 days [1].",
        ]
    )
    journal = work(driver)

    assert len(driver.seen) == 5  # the number without a passage is asked about once
    assert_as_sent(journal, driver)


def test_a_shortened_prompt_is_found_as_it_was_sent() -> None:
    """What was cut away is just what somebody looks for."""
    driver = ScriptedDriver(
        [*[[("search", {"query": f"leave {n} {'x' * 900}"})] for n in range(9)], "28 [1]."]
    )
    journal = work(driver, limits=DriverLimits(context_tokens=2500, answer_tokens=100))

    assert any(entry.get("n_shortened") for entry in journal.entries())
    assert_as_sent(journal, driver)


def test_notes_of_a_person_and_removed_secrets_stand_in_the_prompt_as_sent() -> None:
    """The trace shows neither more nor less than the model saw."""
    journal = MemoryJournal()

    def edit() -> str:
        """Stand for the time in which a person edits."""
        items = [{"text": "only leave", "state": "open"}]
        journal.add({"kind": "plan", "agent": "", "at": 0.0, "by": "person", "items": items})
        return "edited"

    driver = ScriptedDriver([[("edit", {})], "It is hunter2secret."])
    work(
        driver, tool_from(edit), journal=journal, task="Say hunter2secret.",
        redact=Redactor(["hunter2secret"]),
    )  # fmt: skip

    assert_as_sent(journal, driver)
    assert "only leave" in str(prompts(journal)[1].turns[-1])
    assert "hunter2" not in str([prompt.turns for prompt in prompts(journal)])
    assert "hunter2" not in str([entry["text"] for entry in journal.entries() if entry["kind"] == "answer"])


def test_a_run_that_goes_on_keeps_the_prompts_of_both_parts() -> None:
    """A crash in between is no reason to know less."""
    script: list[Said] = [[("search", {"query": "leave"})], [("search", {"query": "more leave"})], "28 [1]."]
    whole = ScriptedDriver(script)
    entries = work(whole).entries()
    for n_kept in range(1, len(entries)):
        journal = MemoryJournal(entries[:n_kept])
        n_before = sum(entry["kind"] == "answer" for entry in entries[:n_kept])
        driver = ScriptedDriver(script)
        work(driver, journal=journal)

        driver.seen = [*whole.seen[:n_before], *driver.seen]
        assert_as_sent(journal, driver)


def test_the_last_question_at_a_limit_is_a_step_with_a_prompt_and_a_price() -> None:
    """It costs as much as any other answer, also when the run goes on later."""
    driver = ScriptedDriver(lambda turns: "28 days [1]." if len(turns) == 2 and "Put the number" in str(turns)
                            else [("search", {"query": "leave"})])  # fmt: skip
    journal = work(driver, budget=Budget(steps=1), price=lambda *_: 0.25)

    closing = next(entry for entry in journal.entries() if entry["kind"] == "closing")
    assert (closing["text"], closing["usd"]) == ("28 days [1].", 0.25)
    assert_as_sent(journal, driver)
    assert (spent_in(journal.entries()).steps, spent_in(journal.entries()).usd) == (2, 0.5)


def test_a_secret_in_the_task_does_not_reach_the_last_question_either() -> None:
    """The way out of a limit must not be a way around what is removed."""
    driver = ScriptedDriver([[("search", {"query": f"leave {n}"})] for n in range(9)])
    work(driver, task="Is hunter2secret right?", budget=Budget(steps=1), redact=Redactor(["hunter2secret"]))

    assert len(driver.seen) == 2
    assert "hunter2" not in str(driver.seen)


def test_sub_agents_have_prompts_of_their_own() -> None:
    """What a sub-agent read is another conversation than that of its agent."""

    def script(turns: Sequence[Mapping[str, Any]]) -> Said:
        task = next(turn["content"] for turn in turns if turn["role"] == "user")
        is_first = not any(turn["role"] == "tool" for turn in turns)
        if task == "part one":
            return [("search", {"query": "leave"})] if is_first else "28 days [1]."
        return [("delegate", {"tasks": ["part one"]})] if is_first else "In all 28 days [1]."

    driver = ScriptedDriver(script)
    journal = work(driver)

    entries = list(journal.entries())
    by_agent = {
        agent: [
            one
            for entry, one in zip(entries, prompts_in(entries), strict=True)
            if one and entry["agent"] == agent
        ]
        for agent in ("", "1")
    }
    seen = {json.dumps(request["messages"]) for request in driver.seen}
    assert {agent: len(found) for agent, found in by_agent.items()} == {"": 2, "1": 2}
    assert {json.dumps(list(one.turns)) for found in by_agent.values() for one in found} == seen


def test_no_conversation_is_written_down_at_every_step_again() -> None:
    """Forty steps need forty times the room of one, not eight hundred times."""

    def room(n_steps: int) -> int:
        script: list[Said] = [[("search", {"query": f"leave {n}"})] for n in range(n_steps - 1)]
        journal = work(ScriptedDriver([*script, "28 [1]."]), budget=Budget(steps=100))
        return sum(len(json.dumps(entry.get("sent"))) for entry in journal.entries())

    assert room(40) < 40 * 40


def test_fixed_steps_ask_no_model_and_have_no_prompt() -> None:
    """Nobody should read a prompt that was never sent."""
    journal = work(FixedPlan("small"))

    answers = [entry for entry in journal.entries() if entry["kind"] == "answer"]
    assert {entry["model"] for entry in answers} == {""}
    assert prompts(journal) == []
    assert sum("tools" in entry for entry in answers) == 1


def test_a_prompt_that_cannot_be_put_together_again_says_so() -> None:
    """A trace that guesses is worse than one that does not know."""
    journal = work(ScriptedDriver([[("search", {"query": "leave"})], "28 [1]."]))
    entries = [{**entry, "digest": "0"} if "digest" in entry else entry for entry in journal.entries()]

    assert [prompt.is_exact for prompt in prompts_in(entries) if prompt] == [False, False]


def test_spans_tell_time_tokens_money_and_the_whole_prompt() -> None:
    """What is kept with an answer is short, and says the same."""
    driver = ScriptedDriver([[("search", {"query": "leave"})], "28 days [1]."])
    journal = work(driver, price=lambda _, usage: usage.completion_tokens / 8)
    spans = spans_of(journal.entries())

    whole = whole_spans(spans)
    assert [span["messages"] for span in whole] == [request["messages"] for request in driver.seen]
    assert whole[1]["tools"] == driver.seen[1]["tools"]
    assert "tools" not in spans[1]
    assert [(span["usd"], span["tokens_out"], span["text"]) for span in whole] == [
        (0.125, 1, ""), (0.375, 3, "28 days [1]."),
    ]  # fmt: skip
    assert whole[0]["calls"] == [{"tool": "search", "arguments": '{"query": "leave"}'}]
    assert whole_spans(whole) == whole
    assert whole_outputs({"spans": spans, "steps": []}) == {"spans": whole, "steps": []}
    assert whole_outputs({"hits": []}) == {"hits": []}


def test_packed_turns_are_the_same_turns() -> None:
    """Turns that come twice, and turns that are new, come back in their order."""
    one, two, three = ({"role": "user", "content": name} for name in ("1", "2", "3"))

    for turns in ([], [one], [one, two], [two, one, one], [three, one, two, three], [one, three, two]):
        items = packed(turns, [one, two])
        assert unpacked(items, [one, two]) == turns
    assert packed([one, two], [one, two]) == [[0, 2]]

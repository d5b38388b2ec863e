"""A run of an agent: what ends it, and what is kept of it."""

import threading
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from lorewright.agents.budget import Budget
from lorewright.agents.fakes import RecordedDriver, Said, ScriptedDriver
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.outcome import Outcome, pending_approvals
from lorewright.agents.run import run_agent
from lorewright.agents.steering import Decision
from lorewright.agents.tool import AgentTool, ToolOutput, tool_from
from lorewright.documents import Chunk
from lorewright.errors import NotFound

LEAVE = Chunk("leave.md#0", "leave.md", "Leave", 0, 24, "Leave is 28 days a year.")


def search(query: str) -> ToolOutput:
    """Find passages.

    Args:
        query: What to look for.
    """
    return ToolOutput(chunks=(LEAVE,)) if "leave" in query else ToolOutput()


def work(script: Any, *tools: AgentTool, **more: Any) -> tuple[Outcome, MemoryJournal]:
    """Return what a task comes to under a script, and the journal."""
    journal = more.pop("journal", MemoryJournal())
    outcome = run_agent(
        "How much leave is there?",
        driver=ScriptedDriver(script) if isinstance(script, list) or callable(script) else script,
        tools=[tool_from(search), *tools],
        journal=journal,
        **more,
    )
    return outcome, journal


def kinds(journal: MemoryJournal) -> list[str]:
    """Return the kinds of the entries, in order."""
    return [entry["kind"] for entry in journal.entries()]


def test_an_answer_cites_the_passages_that_it_was_made_of() -> None:
    """Whoever reads the result must be able to check it."""
    outcome, _ = work([[("search", {"query": "leave"})], "There are 28 days [1]."])

    assert (outcome.state, outcome.text) == ("finished", "There are 28 days.")
    assert [citation.document_id for citation in outcome.citations] == ["leave.md"]


def test_every_step_is_in_the_trace() -> None:
    """The trace is what people read when they doubt a result."""
    outcome, journal = work([[("plan", {"items": ["look"]}), ("search", {"query": "leave"})], "28 [1]."])

    assert kinds(journal) == ["task", "answer", "plan", "call", "call", "answer", "end"]
    assert outcome.spent.steps == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([("search", {"query": "leave"})], "same call"),
        ([("search", '{"query": ')], "arguments"),
        ([("search", {"words": 1})], "wrong"),
        ([("erase_everything", {})], "does not exist"),
    ],
)
def test_a_driver_that_does_not_learn_is_ended(said: Said, why: str) -> None:
    """It loops, writes broken JSON, or calls what is not there: that must not go on for ever."""
    outcome, journal = work([said])

    assert outcome.state == "stopped"
    assert why in outcome.reason
    assert outcome.spent.steps <= 6
    assert kinds(journal)[-1] == "end"


def test_a_refused_call_says_in_the_trace_what_was_wrong() -> None:
    """Somebody who writes tools wants to see why a driver could not call them."""
    _, journal = work([[("erase_everything", {})], [("search", '{"query')], "I give up."])

    refused = [entry for entry in journal.entries() if entry["kind"] == "refused"]
    assert [entry["tool"] for entry in refused] == ["erase_everything", "search"]


def test_what_was_found_is_told_when_the_steps_are_used_up() -> None:
    """A run that was cut off is not a run for nothing."""
    script: list[Said] = [[("search", {"query": f"leave {place}"})] for place in range(9)]

    outcome, _ = work(script, budget=Budget(steps=2))

    assert outcome.state == "stopped"
    assert "limit of steps" in outcome.reason
    assert outcome.citations[0].document_id == "leave.md"


@pytest.mark.parametrize("limit", [{"tokens": 1}, {"usd": 0.001}, {"seconds": 0.000001}])
def test_no_limit_is_passed(limit: Mapping[str, Any]) -> None:
    """Money is money: the next step is not begun once a limit is reached."""
    outcome, _ = work(
        [[("search", {"query": "leave"})], "28 days [1]."],
        budget=Budget(**dict(limit)),
        price=lambda *_: 0.01,
    )

    assert outcome.state == "stopped"
    assert outcome.spent.steps <= 1


def test_a_tool_that_hangs_is_left_behind() -> None:
    """One tool must not hold up the whole run."""
    hanging = threading.Event()

    def hang() -> str:
        """Wait for ever."""
        hanging.wait(30)
        return ""

    outcome, journal = work([[("hang", {})], "It hangs."], tool_from(hang, timeout_seconds=0.2))
    hanging.set()

    call = next(entry for entry in journal.entries() if entry["kind"] == "call")
    assert "did not finish" in call["error"]
    assert outcome.text == "It hangs."


def test_a_tool_that_returns_far_too_much_is_cut() -> None:
    """Fifty megabytes in a prompt would end every driver."""

    def flood() -> str:
        """Return a flood."""
        return "x" * 50_000_000

    driver = ScriptedDriver([[("flood", {})], "Enough."])
    _, journal = work(driver, tool_from(flood))

    assert all(len(str(turn.get("content"))) < 30_000 for turn in driver.seen[-1]["messages"])
    assert sum(len(str(entry)) for entry in journal.entries()) < 200_000


def test_an_error_reaches_the_driver_in_words() -> None:
    """A driver can only do better if it reads what went wrong."""

    def read(name: str) -> str:
        """Read a file."""
        raise NotFound(f"There is no {name!r}.", hint="There are: a.md.")

    driver = ScriptedDriver([[("read", {"name": "b.md"})], "Not there."])
    work(driver, tool_from(read))

    assert "There is no 'b.md'. There are: a.md." in driver.seen[-1]["messages"][-1]["content"]


def test_a_run_goes_on_at_its_last_finished_step() -> None:
    """After a crash nothing that was finished is done or paid for again."""
    n_calls = 0

    def costly(query: str) -> str:
        """Take long."""
        nonlocal n_calls
        n_calls += 1
        return f"Found {query}."

    class Killed(BaseException):
        """The process is gone."""

    whole = MemoryJournal()
    work(
        [[("costly", {"query": "a"})], [("costly", {"query": "b"})], "Done."],
        tool_from(costly),
        journal=whole,
    )
    entries = whole.entries()
    for n_kept in range(1, len(entries)):
        n_calls = 0
        driver = ScriptedDriver([[("costly", {"query": "a"})], [("costly", {"query": "b"})], "Done."])
        journal = MemoryJournal(entries[:n_kept])
        outcome, _ = work(driver, tool_from(costly), journal=journal)

        kept = [entry["kind"] for entry in entries[:n_kept]]
        assert outcome.text == "Done."
        assert len(driver.seen) == 3 - min(kept.count("answer"), 3) or outcome.state == "finished"
        assert n_calls == 2 - kept.count("call")


def test_a_call_with_effects_is_not_made_twice_after_a_crash() -> None:
    """Nobody wants an order placed twice."""
    placed: list[str] = []

    def order(what: str) -> str:
        """Order something."""
        placed.append(what)
        return "ordered"

    tool = tool_from(order, changing=True)
    whole = MemoryJournal()
    work([[("order", {"what": "tea"})], "Ordered."], tool, journal=whole)
    begun = next(place for place, entry in enumerate(whole.entries()) if entry["kind"] == "begun")

    _, journal = work(
        [[("order", {"what": "tea"})], "I must check."],
        tool,
        journal=MemoryJournal(whole.entries()[: begun + 1]),
    )

    assert placed == ["tea"]
    assert any("interrupted" in str(entry.get("error")) for entry in journal.entries())


def test_a_call_waits_for_a_person_and_is_made_once_approved() -> None:
    """Some things nobody lets a model do alone."""
    sent: list[str] = []

    def send(text: str) -> str:
        """Send a text."""
        sent.append(text)
        return "sent"

    tool, script = tool_from(send, needs_approval=True), [[("send", {"text": "hello"})], "It is sent."]
    outcome, journal = work(script, tool)

    assert (outcome.state, sent) == ("waiting", [])
    call_id = pending_approvals(journal.entries())[0].call_id
    outcome, _ = work(script, tool, journal=journal, decided=lambda _: Decision(approved=True))
    assert (outcome.text, sent, call_id) == ("It is sent.", ["hello"], outcome.approvals or call_id)


def test_a_denied_call_is_not_made_and_the_driver_is_told() -> None:
    """It may find another way."""
    sent: list[str] = []

    def send(text: str) -> str:
        """Send a text."""
        sent.append(text)
        return "sent"

    tool = tool_from(send, needs_approval=True)
    driver = ScriptedDriver([[("send", {"text": "hello"}), ("search", {"query": "leave"})], "Not sent."])
    _, journal = work(driver, tool)
    outcome, _ = work(
        driver, tool, journal=journal, decided=lambda _: Decision(approved=False, reason="No mail.")
    )

    assert (outcome.text, sent) == ("Not sent.", [])
    assert "No mail." in str(driver.seen[-1]["messages"])
    assert sum(entry["kind"] == "call" and entry["tool"] == "search" for entry in journal.entries()) == 1


def test_an_approval_that_never_comes_holds_nothing() -> None:
    """The run waits in the journal, not in a process, however often somebody looks."""
    tool = tool_from(search, name="ask_first", needs_approval=True)
    script: list[Said] = [[("ask_first", {"query": "leave"})], "Done."]
    _, journal = work(script, tool)

    for _ in range(3):
        outcome, _ = work(script, tool, journal=journal)
        assert outcome.state == "waiting"
    assert sum(entry["kind"] == "approval" for entry in journal.entries()) == 1


def test_sub_agents_work_on_their_own_and_their_passages_are_cited() -> None:
    """Parts of a task do not fill each other's context."""

    def script(turns: Sequence[Mapping[str, Any]]) -> Said:
        task = next(turn["content"] for turn in turns if turn["role"] == "user")
        is_first = not any(turn["role"] == "tool" for turn in turns)
        if task == "part one":
            return [("search", {"query": "leave"})] if is_first else "28 days [1]."
        if task == "part two":
            return "Nothing."
        return [("delegate", {"tasks": ["part one", "part two"]})] if is_first else "In all 28 days [1]."

    outcome, journal = work(script)

    assert outcome.text == "In all 28 days."
    assert outcome.citations[0].document_id == "leave.md"
    assert sorted(entry["agent"] for entry in journal.entries() if entry["kind"] == "sub_end") == ["1", "2"]


def test_a_sub_agent_has_no_tool_that_its_agent_lacks() -> None:
    """Handing work on must not be a way around what was allowed."""

    def send(text: str) -> str:
        """Send a text."""
        raise AssertionError(text)

    def script(turns: Sequence[Mapping[str, Any]]) -> Said:
        task = next(turn["content"] for turn in turns if turn["role"] == "user")
        is_first = not any(turn["role"] == "tool" for turn in turns)
        if task == "send it":
            return [("send", {"text": "hello"})] if is_first else "I could not."
        return [("delegate", {"tasks": ["send it"], "tools": ["send", "run_shell"]})] if is_first else "Done."

    outcome, journal = work(script, tool_from(send, needs_approval=True))

    assert outcome.state == "finished"
    assert not any(entry["kind"] == "call" and entry["tool"] == "send" for entry in journal.entries())


def test_a_person_can_change_the_plan_while_the_agent_works() -> None:
    """Whoever sees where it is heading can turn it."""
    journal = MemoryJournal()

    def edit() -> str:
        """Stand for the time in which a person edits."""
        items = [{"text": "only leave", "state": "open"}]
        journal.add({"kind": "plan", "agent": "", "at": 0.0, "by": "person", "items": items})
        return "edited"

    driver = ScriptedDriver([[("plan", {"items": ["everything"]})], [("edit", {})], "Done."])
    work(driver, tool_from(edit), journal=journal)

    assert "only leave" in driver.seen[-1]["messages"][-1]["content"]


def test_a_result_has_the_form_that_was_asked_for() -> None:
    """A program that goes on with the result needs its fields."""
    schema = {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"]}
    outcome, _ = work([[("search", {"query": "leave"})], [("final_result", {"days": 28})]], schema=schema)

    assert outcome.data == {"days": 28}


def test_a_number_that_no_passage_holds_is_asked_about_once() -> None:
    """The agent checks itself; what stays unsupported is marked."""
    driver = ScriptedDriver(
        [[("search", {"query": "leave"})], "There are 31 days [1].", "There are 28 days [1]."]
    )
    outcome, journal = work(driver)

    assert outcome.text == "There are 28 days."
    assert next(e for e in journal.entries() if e["kind"] == "check")["unsupported"] == ["31 days"]


def test_a_secret_never_reaches_the_driver() -> None:
    """A key in a document or a result must not travel to a model."""

    def leak() -> str:
        """Return a secret."""
        return "the key is hunter2secret and sk-abcdefghijklmnopqrstuvwx"

    from lorewright.agents.redaction import Redactor

    driver = ScriptedDriver([[("leak", {})], "The key is hunter2secret."])
    outcome, journal = work(driver, tool_from(leak, is_source=True), redact=Redactor(["hunter2secret"]))

    everything = (
        f"{driver.seen} {outcome.text} {[entry for entry in journal.entries() if entry['kind'] == 'call']}"
    )
    assert "hunter2secret" not in str(driver.seen[-1]["messages"][:4])
    assert "sk-abc" not in everything
    assert "hunter2" not in outcome.text


def test_a_recorded_driver_says_the_same_again() -> None:
    """A run can be tried again without the model that it ran on."""
    first = ScriptedDriver([[("search", {"query": "leave"})], "28 days [1]."])
    work(first)
    said: list[Said] = [[("search", {"query": "leave"})], "28 days [1]."]
    recorded = {
        RecordedDriver.key(request["messages"]): one for request, one in zip(first.seen, said, strict=True)
    }

    outcome, _ = work(RecordedDriver(recorded))

    assert outcome.text == "28 days."


def test_stopping_keeps_what_was_found() -> None:
    """Whoever presses stop has seen enough, and wants what there is."""
    journal = MemoryJournal()
    outcome, _ = work(
        [[("search", {"query": "leave"})], "Never said."],
        journal=journal,
        stopped=lambda: any(entry["kind"] == "call" for entry in journal.entries()),
    )

    assert outcome.state == "stopped"
    assert "28 days" in outcome.text


def test_tools_called_at_once_run_at_once() -> None:
    """Three slow searches take as long as one."""
    here = threading.Barrier(3, timeout=10)

    def meet(place: int) -> str:
        """Wait for the others."""
        here.wait()
        return str(place)

    outcome, _ = work([[("meet", {"place": place}) for place in range(3)], "They met."], tool_from(meet))

    assert outcome.text == "They met."


def test_a_run_that_goes_on_asks_for_no_answer_twice() -> None:
    """A second copy of an answer counts twice, and many servers refuse a call without its result."""
    script: list[Said] = [[("search", {"query": "leave"})], [("search", {"query": "more leave"})], "28 [1]."]
    _, whole = work(script)
    for n_kept in range(1, len(whole.entries())):
        driver = ScriptedDriver(script)
        outcome, journal = work(driver, journal=MemoryJournal(whole.entries()[:n_kept]))

        assert outcome.text == "28."
        assert outcome.spent.steps == 3
        assert kinds(journal).count("answer") == 3
        for request in driver.seen:
            roles = [turn["role"] for turn in request["messages"]]
            assert ("assistant", "assistant") not in pairwise(roles)

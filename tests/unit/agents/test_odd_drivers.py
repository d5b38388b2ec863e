"""Drivers that break off, flood, hang, or count nothing: a run ends, and keeps what it found."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lorewright.agents.budget import Budget
from lorewright.agents.driver import MOST_ANSWER_CHARACTERS
from lorewright.agents.fakes import ScriptedDriver
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.loop import MOST_CALLS
from lorewright.agents.outcome import Outcome
from lorewright.agents.run import run_agent
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.documents import Chunk
from lorewright.models import Stopped, never

LEAVE = Chunk("leave.md#0", "leave.md", "Leave", 0, 24, "Leave is 28 days a year.")
CALL = {"name": "search", "arguments": '{"query": "leave"}'}


def search(query: str) -> ToolOutput:  # noqa: ARG001
    """Find passages.

    Args:
        query: What to look for.
    """
    return ToolOutput(chunks=(LEAVE,))


class OddDriver:
    """Searches once; then it sends `chunks`, or does what they do."""

    name = "odd"

    def __init__(self, chunks: Any) -> None:
        self._chunks = chunks

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[Mapping[str, Any]]:  # noqa: ARG002
        """Yield what an odd server sends."""
        if not any(turn["role"] == "tool" for turn in request["messages"]):
            call = {"index": 0, "id": "call_1", "type": "function", "function": CALL}
            yield {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
            return
        yield from self._chunks() if callable(self._chunks) else self._chunks


def said(text: str, finish_reason: str | None = "stop") -> dict[str, Any]:
    """Return a chunk with a text."""
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}]}


def work(driver: Any, **more: Any) -> tuple[Outcome, MemoryJournal]:
    """Return what a task comes to, and its journal."""
    journal = MemoryJournal()
    tools = [tool_from(search)]
    return run_agent("How much leave is there?", driver=driver, tools=tools, journal=journal, **more), journal


def test_half_an_answer_is_not_taken_for_a_whole_one() -> None:
    """A connection that breaks must not turn "not allowed" into "not"."""
    outcome, _ = work(OddDriver([said("There are", None)]))

    assert outcome.state == "stopped"
    assert "before its answer was complete" in outcome.reason
    assert "28 days" in outcome.text


def test_what_is_no_chat_completion_ends_the_run_and_not_the_process() -> None:
    """A proxy's error page in the stream must not lose what was found before."""

    def broken() -> Iterator[Any]:
        raise ValueError("Expecting property name: line 1 column 2")
        yield

    outcome, journal = work(OddDriver(broken))

    assert outcome.state == "stopped"
    assert "no chat completion (ValueError: Expecting" in outcome.reason
    assert journal.entries()[-1]["kind"] == "end"


def test_an_endless_answer_is_read_only_so_far() -> None:
    """A server that ignores the most tokens must not fill the memory."""
    n_read = 0

    def endless() -> Iterator[Any]:
        nonlocal n_read
        while True:
            n_read += 1
            yield said("x" * 2000, None)

    outcome, _ = work(OddDriver(endless))

    assert len(outcome.text) <= MOST_ANSWER_CHARACTERS
    assert n_read < 100


@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_driver_that_hangs_holds_nobody_up(is_stopped: bool) -> None:
    """Neither a limit of seconds nor somebody who presses stop waits for a server that says nothing."""
    hanging = threading.Event()

    def hang() -> Iterator[Any]:
        hanging.wait(30)
        yield said("Late.")

    more: dict[str, Any] = {"budget": Budget(seconds=20.0 if is_stopped else 0.4)}
    stop = threading.Event()
    if is_stopped:
        more["stopped"] = stop.is_set
        threading.Timer(0.2, stop.set).start()
    outcome, _ = work(OddDriver(hang), **more)
    hanging.set()

    assert outcome.state == "stopped"
    assert outcome.reason == ("It was stopped." if is_stopped else "It reached its limit of time.")


def test_tokens_that_a_server_does_not_count_are_estimated() -> None:
    """A limit of tokens must hold for servers that tell of none."""
    outcome, _ = work(OddDriver([said("There are 28 days [1].")]))

    assert outcome.spent.tokens > 50


def test_an_answer_with_hundreds_of_calls_makes_a_few() -> None:
    """Two hundred searches in one step are no way around a limit of steps."""
    driver = ScriptedDriver([[("search", {"query": f"leave {n}"}) for n in range(200)], "28 days [1]."])
    outcome, journal = work(driver)

    calls = [entry for entry in journal.entries() if entry["kind"] == "call"]
    refused = [entry for entry in journal.entries() if entry["kind"] == "refused"]
    assert (outcome.text, len(calls)) == ("28 days.", MOST_CALLS)
    assert "180 calls were left out" in refused[0]["error"]
    assert "only the first 20" in driver.seen[1]["messages"][-1]["content"]

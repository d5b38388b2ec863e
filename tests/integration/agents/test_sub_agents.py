"""Sub-agents of the settings: who may use them, and what their answers cost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.upstream import Remote, Upstream

from lorewright.access import LOCAL, Caller
from lorewright.workspace.agents.drivers import sub_agent_keys
from lorewright.workspace.agents.perform import entries_of
from lorewright.workspace.agents.runs import RunRequest, find_run, start_run

SUB_AGENTS = """
[agent]
mode = "model"
[agent.sub_agents.clerk]
model = "ft:forms"
description = "Fills in forms."
[agent.sub_agents.gone]
model = "ft:never-made"
[agent.sub_agents.flow]
model = "handbook/base"
"""


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    upstream = Upstream()
    remote = Remote(tmp_path, upstream, settings=SUB_AGENTS)
    body = {"uri": "openai:forms@http://127.0.0.1:9/v1", "adapter": ""}
    remote.running.records("tuned_model").add("ft:forms", body, owner="somebody")
    yield remote
    remote.close()
    upstream.close()


def caller_with(remote: Remote, *models: str) -> Caller:
    """Return who may use these models alone."""
    key = remote.running.keys.make("asker", verbs=("chat", "read"), models=models)[1]
    return remote.running.keys.who(key)


def test_whoever_may_not_use_a_model_has_no_sub_agent_of_it(remote: Remote) -> None:
    """A sub-agent is no way to a model that was not granted."""
    missing: dict[str, str] = {}

    granted = sub_agent_keys(remote.running, LOCAL, missing.__setitem__)
    of_asker = sub_agent_keys(remote.running, caller_with(remote, "parrot"), missing.__setitem__)

    assert set(granted) == {"clerk"}
    assert of_asker == {}
    assert set(missing) == {"clerk", "gone", "flow"}
    assert not any("ft:" in why for why in missing.values())


def test_a_part_is_asked_of_the_model_in_the_settings(remote: Remote) -> None:
    """The trace says who did what, and why somebody was not there to do it."""
    remote.upstream.calls("delegate", '{"tasks": ["Fill in the form."], "agents": ["clerk"]}')
    remote.upstream.says("The form is filled in.")
    remote.upstream.says("Done.")
    run = start_run(remote.running, LOCAL, RunRequest(task="Have the form filled in."))
    remote.running.workers.wait()

    assert find_run(remote.running, LOCAL, run.id).outcome["text"] == "Done."
    assert {key.uri for key in remote.opened} == {
        "file:/models/parrot.gguf",
        "openai:forms@http://127.0.0.1:9/v1",
    }
    entries = entries_of(remote.running, run.id)
    assert [entry["sub_agent"] for entry in entries if entry["kind"] == "missing"] == ["gone", "flow"]
    sub = next(entry for entry in entries if entry["kind"] == "sub")
    assert (sub["name"], sub["text"]) == ("clerk", "Fill in the form.")
    paid = {entry["agent"]: entry["usd"] for entry in entries if entry["kind"] == "answer"}
    assert paid[""] > 0  # time on this machine
    assert paid["1"] == 0.0  # a remote model that no price list has

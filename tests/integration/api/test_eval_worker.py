"""Runs of evaluations outlive the process that does them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter
from tests.fixtures.served import lay_out

from lorewright.access import Caller
from lorewright.errors import Transient
from lorewright.evaluation.graders import StringCheck
from lorewright.evaluation.openai_evals.data_source import DataSource
from lorewright.messages import Message, last_user_turn
from lorewright.models.fakes import ScriptedEngine
from lorewright.storage import Record
from lorewright.workspace.openai.evals.evals import begin_run, cancel_run, create_eval
from lorewright.workspace.openai.evals.run import ITEMS, RUNS
from lorewright.workspace.server.server import Server


@contextmanager
def opened(folder: Path, script: Callable[[Sequence[Message]], str] | None = None) -> Iterator[Server]:
    """Open a domain, with a scripted model or, for worker processes, as it is."""
    server = Server(folder, open_one=(lambda _: ScriptedEngine(script)) if script else None)
    yield server
    server.close()


def begin(server: Server, key: Caller, *words: str, kind: str) -> Record:
    check = StringCheck(
        type="string_check", name="c", input="{{ sample.output_text }}", operation="eq",
        reference="{{ item.word }}",
    )  # fmt: skip
    evaluation = create_eval(
        server, key, name="", metadata=None, config={"type": "custom", "item_schema": {}}, graders=[check]
    )
    rows = [{"item": {"word": word}, "sample": {"output_text": "hat"}} for word in words]
    source = {"type": kind, "source": {"type": "file_content", "content": rows}}
    if kind == "completions":
        source["model"] = "parrot"
        source["input_messages"] = {
            "type": "template", "template": [{"role": "user", "content": "{{ item.word }}"}],
        }  # fmt: skip
    made = TypeAdapter(DataSource).validate_python(source)
    return begin_run(server, key, evaluation.id, name="", metadata=None, source=made)


def test_what_was_measured_is_never_measured_again(tmp_path: Path) -> None:
    """A run of a thousand items that stops at the last one must not begin anew."""
    asked: list[str] = []

    def falters(messages: Sequence[Message]) -> str:
        asked.append(last_user_turn(messages))
        if asked.count("cat") == 1 and asked[-1] == "cat":
            raise Transient("The model went away.")
        return asked[-1]

    with opened(lay_out(tmp_path / "d"), falters) as server:
        key = server.keys.who(server.keys.make("k")[1])
        run = begin(server, key, "hat", "cat", "bat", kind="completions")
        server.workers.wait()
        stopped = server.records(RUNS).get(run.id)
        server.start("eval-run", {"run_id": run.id})
        server.workers.wait()
        done = server.records(RUNS).get(run.id)
    assert (stopped.label, stopped.body["error"]["code"]) == ("failed", "Transient")
    assert asked == ["hat", "cat", "cat", "bat"]
    assert done.body["result_counts"] == {"total": 3, "passed": 3, "failed": 0, "errored": 0}
    assert done.body["error"] is None


def test_a_worker_process_does_a_run(tmp_path: Path) -> None:
    with opened(lay_out(tmp_path / "d")) as server:
        key = server.keys.who(server.keys.make("k")[1])
        run = begin(server, key, "hat", "cat", kind="jsonl")
        server.workers.wait()
        done = server.records(RUNS).get(run.id)
    assert done.label == "completed"
    assert done.body["result_counts"] == {"total": 2, "passed": 1, "failed": 1, "errored": 0}


def test_a_run_does_not_go_on_for_a_key_that_was_revoked(tmp_path: Path) -> None:
    def is_away(_: Sequence[Message]) -> str:
        raise Transient("The model went away.")

    with opened(lay_out(tmp_path / "d"), is_away) as server:
        key = server.keys.who(server.keys.make("k")[1])
        run = begin(server, key, "hat", kind="completions")
        server.workers.wait()
        server.keys.revoke(key.id)
        server.start("eval-run", {"run_id": run.id})
        server.workers.wait()
        done = server.records(RUNS).get(run.id)
    assert done.label == "failed"
    assert "The key that created this run is no longer valid." in done.body["error"]["message"]


def test_a_canceled_run_asks_no_more(tmp_path: Path) -> None:
    """What is canceled while a model answers leaves no item behind, and stays canceled."""
    asked: list[str] = []

    def is_canceled(messages: Sequence[Message]) -> str:
        asked.append(last_user_turn(messages))
        if asked[-1] == "cat":
            run = server.records(RUNS).all()[0]
            cancel_run(server, key, run.parent, run.id)
        return asked[-1]

    with opened(lay_out(tmp_path / "d"), is_canceled) as server:
        key = server.keys.who(server.keys.make("k")[1])
        run = begin(server, key, "hat", "cat", "bat", kind="completions")
        server.workers.wait()
        done = server.records(RUNS).get(run.id)
        assert server.records(ITEMS).count(parent=run.id) == 1
    assert done.label == "canceled"
    assert asked == ["hat", "cat"]
    assert done.body["result_counts"] == {"total": 1, "passed": 1, "failed": 0, "errored": 0}

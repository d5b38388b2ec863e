"""A run on a server that behaves well, badly, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.tuning_rows import ROWS
from tests.fixtures.tuning_service import KEY, ScriptedTuning

from lorewright.errors import Cancelled, InvalidExamples, Permanent, Transient, UnfitBase
from lorewright.messages import Message
from lorewright.tuning import Recipe, Row
from lorewright.tuning.curve import read_curve
from lorewright.tuning.remote.files import read_submitted, tuned_uri
from lorewright.tuning.remote.patience import Patience
from lorewright.tuning.remote.run import RemoteOrder, RemoteRun
from lorewright.tuning.remote.service import TuningService

ORDER = RemoteOrder(
    rows=ROWS, validation=ROWS[:2], recipe=Recipe(name="remote", epochs=3.0, seed=7), suffix="desk-bare"
)


@pytest.fixture
def server() -> Iterator[ScriptedTuning]:
    server = ScriptedTuning()
    yield server
    server.close()


class Client:
    """Who tunes there; made anew it is another process on the same folder."""

    def __init__(self, server: ScriptedTuning, folder: Path, *, key: str = KEY) -> None:
        self.lines: list[str] = []
        self.progress: list[tuple[int, int]] = []
        self.is_stopped = False
        self.service = TuningService("base-1", base_url=server.url, api_key=key, key_name="DESK_KEY")
        self.run = RemoteRun(
            folder=folder,
            service=self.service,
            patience=Patience(
                stopped=lambda: self.is_stopped, seconds=0.2, first_seconds=0.01, most_seconds=0.01
            ),
            say=self.lines.append,
            progress=lambda done, total: self.progress.append((done, total)),
        )


@pytest.fixture
def client(server: ScriptedTuning, tmp_path: Path) -> Iterator[Client]:
    client = Client(server, tmp_path)
    yield client
    client.service.close()


def test_rows_become_a_model_of_that_server(server: ScriptedTuning, client: Client, tmp_path: Path) -> None:
    """A laptop has no GPU; the server that has one does the work and says what it took."""
    server.tell("Job started")
    server.tell("Step 1/2", step=1, train_loss=0.9, total_steps=2)
    server.tell("Step 2/2", step=2, train_loss=0.4, total_steps=2)

    adapter = client.run.train(ORDER)

    assert tuned_uri(adapter.path) == f"openai:ft:base-1:ftjob-1@{server.url}"
    assert (adapter.metrics.n_tokens, adapter.metrics.losses) == (1500, (0.9, 0.4))
    assert (adapter.metrics.validation_loss, adapter.metrics.seconds) == (0.5, 60.0)
    assert client.progress == [(1, 2), (2, 2)]
    assert read_curve(tmp_path).losses == (0.9, 0.4)
    assert "Job started" in client.lines
    (order,) = server.orders
    assert order["method"]["supervised"]["hyperparameters"] == {"n_epochs": 3}
    assert (order["seed"], order["suffix"], order["model"]) == (7, "desk-bare", "base-1")
    assert len(server.files["file-1"].splitlines()) == len(ROWS)


def test_earlier_answers_of_a_chat_are_read_and_not_learned(server: ScriptedTuning, client: Client) -> None:
    """Here only the last answer of a chat is learned; there every answer without a weight is."""
    turns = (Message("user", "a?"), Message("assistant", "A."), Message("user", "b?"))
    client.run.train(RemoteOrder(rows=[Row(turns, "B.")], validation=(), recipe=Recipe(), suffix=""))
    (chat,) = (json.loads(line) for line in server.files["file-1"].splitlines())
    assert [turn.get("weight") for turn in chat["messages"]] == [None, 0, None, None]


LOOK = "GET /fine_tuning/jobs/ftjob-1"


def leave_at(server: ScriptedTuning, client: Client, request: str) -> None:
    """Let the client end when it asks for something, as a process does that is asked to."""

    def hear(asked: str) -> None:
        client.is_stopped = client.is_stopped or asked == request

    server.heard = hear


def test_a_killed_run_goes_on_with_its_job(server: ScriptedTuning, client: Client, tmp_path: Path) -> None:
    """Starting again would be paid twice."""
    server.tell("Job started")
    server.statuses = ["running"] * 1000
    leave_at(server, client, f"{LOOK}/events")
    with pytest.raises(Cancelled):
        client.run.train(ORDER)
    assert read_submitted(tmp_path).job == "ftjob-1"
    server.tell("Job is done")
    server.jobs["ftjob-1"]["left"] = ["succeeded"]

    again = Client(server, tmp_path)
    again.run.train(ORDER)
    again.service.close()

    assert (server.count("POST /fine_tuning/jobs"), server.count("POST /files")) == (1, 2)
    assert [line for line in client.lines if line.startswith("Job")] == ["Job started"]
    assert [line for line in again.lines if line.startswith("Job")] == ["Job is done"]


def test_a_job_whose_id_never_arrived_is_found(server: ScriptedTuning, client: Client) -> None:
    """The connection broke after the order: it was taken all the same."""
    create = server.answer

    def lose_the_first(method: str, path: str, raw: bytes) -> tuple[int, dict[str, object]]:
        status, body = create(method, path, raw)
        is_lost = method == "POST" and path.endswith("/jobs")
        return (500, {"error": {"message": "lost"}}) if is_lost else (status, body)

    server.answer = lose_the_first  # type: ignore[method-assign]
    client.run.train(ORDER)
    assert server.count("POST /fine_tuning/jobs") == 1


def test_a_server_that_does_not_answer_for_a_while_is_asked_again(
    server: ScriptedTuning, client: Client
) -> None:
    """A GPU host that restarts must not cost the run."""
    server.failures["POST /files"] = [(503, "busy"), None]
    server.failures[LOOK] = [(429, "slow down"), None]
    client.run.train(ORDER)
    assert any("Trying again" in line for line in client.lines)


def test_a_server_that_stays_away_ends_the_wait_and_not_the_job(
    server: ScriptedTuning, client: Client, tmp_path: Path
) -> None:
    server.failures[LOOK] = [(503, "down")] * 1000
    with pytest.raises(Transient, match="overloaded or failing: down") as raised:
        client.run.train(ORDER)
    assert "again" in raised.value.hint
    assert read_submitted(tmp_path).job == "ftjob-1"


def test_a_lost_job_is_said_and_not_followed_for_ever(
    server: ScriptedTuning, client: Client, tmp_path: Path
) -> None:
    server.failures[LOOK] = [(404, "No such job")] * 2
    with pytest.raises(Permanent, match="has lost the fine-tuning job ftjob-1"):
        client.run.train(ORDER)
    assert read_submitted(tmp_path).job == ""

    client.run.train(ORDER)
    assert server.count("POST /fine_tuning/jobs") == 2


def test_one_glance_past_a_new_job_is_no_loss(server: ScriptedTuning, client: Client) -> None:
    """Behind two front ends a job may be known to one of them first."""
    server.failures[LOOK] = [(404, "No such job")]
    client.run.train(ORDER)
    assert server.count("POST /fine_tuning/jobs") == 1


def test_a_wrong_key_is_named_by_its_variable(server: ScriptedTuning, tmp_path: Path) -> None:
    wrong = Client(server, tmp_path, key="secret-and-wrong")
    with pytest.raises(UnfitBase, match="rejected the API key") as raised:
        wrong.run.train(ORDER)
    wrong.service.close()
    assert "DESK_KEY" in raised.value.hint
    assert "secret-and-wrong" not in f"{raised.value} {raised.value.hint}"


def test_a_file_that_is_refused_is_told_in_the_words_of_the_server(
    server: ScriptedTuning, client: Client
) -> None:
    server.statuses = ["running", "failed"]
    server.error = {"code": "invalid_training_file", "param": "training_file",
                    "message": "Line 3, 5 and 8 have no assistant message."}  # fmt: skip
    with pytest.raises(InvalidExamples, match="Line 3, 5 and 8 have no assistant message"):
        client.run.train(ORDER)


def test_a_job_that_fails_there_says_why(server: ScriptedTuning, client: Client) -> None:
    server.statuses = ["failed"]
    server.error = {"code": "server_error", "param": None, "message": "Out of memory."}
    with pytest.raises(Permanent, match=r"failed on http.*: Out of memory\."):
        client.run.train(ORDER)


def test_a_server_without_fine_tuning_is_told_as_that(server: ScriptedTuning, client: Client) -> None:
    server.failures["POST /files"] = [(404, "Not Found")]
    with pytest.raises(UnfitBase, match="does not tune base-1"):
        client.run.train(ORDER)


def test_who_stops_pauses_the_job_there_and_goes_on_with_it(
    server: ScriptedTuning, client: Client, tmp_path: Path
) -> None:
    """Nothing is paid for that nobody waits for."""
    server.statuses = ["running"] * 1000
    leave_at(server, client, LOOK)
    with pytest.raises(Cancelled):
        client.run.train(ORDER)
    assert "is paused" in client.run.halt()
    assert server.jobs["ftjob-1"]["status"] == "paused"
    server.jobs["ftjob-1"]["left"] = ["succeeded"]

    again = Client(server, tmp_path)
    again.run.train(ORDER)
    again.service.close()
    assert server.count("POST /fine_tuning/jobs") == 1


def test_where_nothing_can_be_paused_the_job_is_cancelled(
    server: ScriptedTuning, client: Client, tmp_path: Path
) -> None:
    server.statuses = ["running"] * 1000
    server.failures[f"POST {LOOK[4:]}/pause"] = [(404, "Not Found")]
    leave_at(server, client, LOOK)
    with pytest.raises(Cancelled):
        client.run.train(ORDER)
    assert "was cancelled" in client.run.halt()
    assert server.jobs["ftjob-1"]["status"] == "cancelled"
    server.statuses = ["succeeded"]

    again = Client(server, tmp_path)
    assert tuned_uri(again.run.train(ORDER).path).startswith("openai:ft:base-1:ftjob-2")
    again.service.close()

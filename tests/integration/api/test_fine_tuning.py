"""Fine-tuning with OpenAI's client, on a two-layer model that really learns."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from tests.fixtures.served import SETTINGS, Served, lay_out
from tests.fixtures.tiny_base import write_tiny_gguf

from lorewright.access import LOCAL
from lorewright.workspace.openai.fine_tuning.halting import continued_fine_tuning

pytestmark = pytest.mark.thorough

LETTERS = "abcdefghijklmnop"


def chat(letter: str) -> dict[str, object]:
    return {
        "messages": [
            {"role": "user", "content": f"the letter {letter}?"},
            {"role": "assistant", "content": f"in the {letter * 3}."},
        ]
    }


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Served]:
    """A served domain whose base is a two-layer model; answers are scripted."""
    folder = lay_out(tmp_path / "desk")
    model = write_tiny_gguf(tmp_path / "parrot.gguf")
    (folder / "lorewright.toml").write_text(SETTINGS.replace("/models/parrot.gguf", str(model)))
    server = Served(folder)
    yield server
    server.close()


@pytest.fixture
def client(tiny: Served) -> Iterator[openai.OpenAI]:
    with tiny.client() as client:
        yield client


def upload(client: openai.OpenAI, *lines: str) -> str:
    body = "\n".join(lines).encode()
    return client.files.create(file=("train.jsonl", body), purpose="fine-tune").id


def told_of(client: openai.OpenAI, job_id: str, kind: str) -> None:
    """Return as soon as a job has told an event of a kind."""
    while not any(event.type == kind for event in client.fine_tuning.jobs.list_events(job_id)):
        assert client.fine_tuning.jobs.retrieve(job_id).status != "failed"


def order(client: openai.OpenAI, file_id: str, *, n_epochs: int = 1, **more: object) -> str:
    job = client.fine_tuning.jobs.create(
        model="parrot",
        training_file=file_id,
        hyperparameters={"n_epochs": n_epochs},
        **more,  # type: ignore[arg-type]
    )
    assert job.status in ("validating_files", "queued", "running")
    return job.id


def test_examples_become_a_model_that_answers(tiny: Served, client: openai.OpenAI) -> None:
    file_id = upload(client, *(json.dumps(chat(letter)) for letter in LETTERS))
    job_id = order(client, file_id, suffix="desk", metadata={"team": "desk"})
    with pytest.raises(openai.ConflictError, match=f"fine-tuning job {job_id}"):
        client.files.delete(file_id)
    tiny.running.workers.wait()

    job = client.fine_tuning.jobs.retrieve(job_id)
    assert job.error is None
    assert job.status == "succeeded"
    assert job.fine_tuned_model is not None
    assert job.fine_tuned_model.startswith("ft:parrot:desk:desk:")
    assert job.trained_tokens
    assert job.metadata == {"team": "desk"}

    events = list(client.fine_tuning.jobs.list_events(job_id))
    assert events[-1].message == f"Created fine-tuning job: {job_id}"
    assert any(event.type == "metrics" and event.data["train_loss"] > 0 for event in events)  # type: ignore[index]
    (checkpoint,) = client.fine_tuning.jobs.checkpoints.list(job_id)
    assert checkpoint.fine_tuned_model_checkpoint == job.fine_tuned_model
    table = client.files.content(job.result_files[0]).text.splitlines()
    assert table[0] == "step,train_loss,valid_loss"
    assert len(table) == checkpoint.step_number + 1

    said = client.chat.completions.create(
        model=job.fine_tuned_model, messages=[{"role": "user", "content": "the letter a?"}]
    )
    assert said.choices[0].message.content
    assert Path(tiny.opened[-1].adapter).read_bytes()[:4] == b"GGUF"
    assert client.models.delete(job.fine_tuned_model).deleted


def test_losses_are_told_once_though_the_worker_is_killed(tiny: Served, client: openai.OpenAI) -> None:
    file_id = upload(client, *(json.dumps(chat(letter)) for letter in LETTERS))
    job_id = order(client, file_id, n_epochs=40)
    told_of(client, job_id, "metrics")
    (work,) = tiny.running.workspace.queue.all(kind="fine-tune")
    assert work.pid is not None
    assert client.fine_tuning.jobs.retrieve(job_id).status == "running"
    os.kill(work.pid, signal.SIGKILL)
    tiny.running.workers.wait()
    assert client.fine_tuning.jobs.retrieve(job_id).status == "succeeded"
    numbers = [
        event.data["step"]  # type: ignore[index]
        for event in client.fine_tuning.jobs.list_events(job_id, limit=100)
        if event.type == "metrics"
    ]
    assert numbers == list(range(len(numbers), 0, -1))


def test_a_pause_keeps_what_was_learned(tiny: Served, client: openai.OpenAI) -> None:
    file_id = upload(client, *(json.dumps(chat(letter)) for letter in LETTERS))
    job_id = order(client, file_id, n_epochs=50)
    told_of(client, job_id, "metrics")
    assert str(client.fine_tuning.jobs.pause(job_id).status) == "paused"
    tiny.running.workers.wait()
    assert client.fine_tuning.jobs.resume(job_id).status == "queued"
    tiny.running.workers.wait()
    assert client.fine_tuning.jobs.retrieve(job_id).status == "succeeded"
    said = [event.message for event in client.fine_tuning.jobs.list_events(job_id, limit=100)]
    assert any(line.startswith("Continuing at step") for line in said)


def test_a_bad_row_fails_the_job_and_is_named(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, *(json.dumps(chat(letter)) for letter in LETTERS), "{broken"))
    tiny.running.workers.wait()
    job = client.fine_tuning.jobs.retrieve(job_id)
    assert job.status == "failed"
    assert job.error is not None
    assert job.error.code == "invalid_training_file"
    assert "Row 17 is not valid JSON" in job.error.message


def test_too_few_rows_fail_the_job(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, json.dumps(chat("a"))))
    tiny.running.workers.wait()
    error = client.fine_tuning.jobs.retrieve(job_id).error
    assert error is not None
    assert "tuning needs 10" in error.message


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([chat("a") | {"n": n} for n in range(12)], "All 12 examples have the same answer"),
        ([chat(letter * 20_000) for letter in LETTERS], "All 16 examples are longer than"),
    ],
)
def test_a_file_that_nothing_can_be_learned_from_fails_the_job(
    tiny: Served, client: openai.OpenAI, rows: list[dict[str, object]], said: str
) -> None:
    """The same checks as `lorewright tune`, before an hour of training instead of after it."""
    job_id = order(client, upload(client, *map(json.dumps, rows)))
    tiny.running.workers.wait()
    job = client.fine_tuning.jobs.retrieve(job_id)
    assert job.status == "failed"
    assert job.error is not None
    assert (job.error.code, job.error.param) == ("invalid_training_file", "training_file")
    assert said in job.error.message
    assert "lorewright data" not in job.error.message


def test_a_paused_job_goes_on_and_a_cancelled_one_does_not(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, *(json.dumps(chat(letter)) for letter in LETTERS)))
    assert str(client.fine_tuning.jobs.pause(job_id).status) == "paused"
    tiny.running.workers.wait()
    assert str(client.fine_tuning.jobs.retrieve(job_id).status) == "paused"
    client.fine_tuning.jobs.resume(job_id)
    assert client.fine_tuning.jobs.cancel(job_id).status == "cancelled"
    tiny.running.workers.wait()
    assert client.fine_tuning.jobs.retrieve(job_id).status == "cancelled"
    assert [job.id for job in client.fine_tuning.jobs.list()] == [job_id]


def test_what_cannot_be_done_is_refused_by_name(client: openai.OpenAI) -> None:
    file_id = upload(client, json.dumps(chat("a")))
    with pytest.raises(openai.BadRequestError, match="'reinforcement' is not supported") as told:
        order(client, file_id, method={"type": "reinforcement"})
    assert told.value.param == "method"
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.create(model="gpt-9", training_file=file_id)
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.create(model="parrot", training_file="file-none")
    with pytest.raises(openai.BadRequestError, match="n_epochs is 99"):
        client.fine_tuning.jobs.create(
            model="parrot", training_file=file_id, hyperparameters={"n_epochs": 99}
        )


def test_a_job_is_estimated_before_it_is_ordered(client: openai.OpenAI) -> None:
    """The same figures as in a terminal and in the studio; nothing is begun, and preferences cost double."""
    rows = [json.dumps(chat(letter)) for letter in LETTERS]
    pairs = [
        json.dumps({"prompt": f"the letter {letter}?", "chosen": f"in the {letter * 3}.", "rejected": "no"})
        for letter in LETTERS
    ]
    once = {"n_epochs": 1}
    plain = estimated(client, upload(client, *rows), hyperparameters=once)
    thrice = estimated(client, upload(client, *rows), hyperparameters={"n_epochs": 3})
    dpo = estimated(client, upload(client, *pairs), method={"type": "dpo", "dpo": {"hyperparameters": once}})
    assert (plain["n_rows"], plain["n_epochs"], plain["problem"]) == (len(LETTERS), 1, None)
    low, high = plain["seconds_range"]
    assert 0 < low < plain["seconds"] < high
    least, most = plain["memory_bytes_range"]
    assert 0 < least < most
    assert plain["usd_range"] is None  # nobody said what an hour costs
    assert thrice["trained_tokens"] == pytest.approx(3 * plain["trained_tokens"], abs=2)
    assert dpo["trained_tokens"] > 2 * plain["trained_tokens"]
    assert list(client.fine_tuning.jobs.list()) == []


def test_an_estimate_says_what_the_job_would_fail_on(client: openai.OpenAI) -> None:
    same = [json.dumps({**chat("a")}) for _ in range(12)]
    assert "have the same answer" in estimated(client, upload(client, *same))["problem"]
    with pytest.raises(openai.BadRequestError, match="There are 1 examples"):
        estimated(client, upload(client, json.dumps(chat("a"))))


def estimated(client: openai.OpenAI, file_id: str, **order: Any) -> dict[str, Any]:
    body = {"model": "parrot", "training_file": file_id, **order}
    answer = client.post("/fine_tuning/jobs/estimate", body=body, cast_to=object)
    assert isinstance(answer, dict)
    return answer


def test_the_same_order_goes_on_with_a_job_that_was_stopped(tiny: Served, client: openai.OpenAI) -> None:
    """`lorewright tune --preferences`, killed and given again, began from nothing."""
    rows = [json.dumps(chat(letter)) for letter in LETTERS]
    server = tiny.running
    first, again, other = (upload(client, *rows), upload(client, *rows), upload(client, *rows[1:]))
    job = continued_fine_tuning(server, LOCAL, model="parrot", training_file=first, seed=7)
    assert continued_fine_tuning(server, LOCAL, model="parrot", training_file=again, seed=7).id == job.id
    assert continued_fine_tuning(server, LOCAL, model="parrot", training_file=other, seed=7).id != job.id
    assert continued_fine_tuning(server, LOCAL, model="parrot", training_file=again, seed=8).id != job.id
    server.workers.wait()
    assert continued_fine_tuning(server, LOCAL, model="parrot", training_file=again, seed=7).id != job.id
    server.workers.wait()


def test_a_tuned_model_learns_preferences(tiny: Served, client: openai.OpenAI) -> None:
    first_id = order(client, upload(client, *(json.dumps(chat(letter)) for letter in LETTERS)))
    tiny.running.workers.wait()
    tuned = client.fine_tuning.jobs.retrieve(first_id).fine_tuned_model
    assert tuned is not None
    rows = [
        {
            "input": {"messages": [{"role": "user", "content": f"the letter {letter}?"}]},
            "preferred_output": [{"role": "assistant", "content": f"in the {letter * 3}."}],
            "non_preferred_output": [{"role": "assistant", "content": "who knows?"}],
        }
        for letter in LETTERS
    ]
    job = client.fine_tuning.jobs.create(
        model=tuned,
        training_file=upload(client, *(json.dumps(row) for row in rows)),
        method={"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 1, "beta": 0.2}}},
    )
    assert job.method is not None
    assert job.method.dpo is not None
    assert job.method.dpo.hyperparameters is not None
    assert job.method.dpo.hyperparameters.beta == 0.2
    tiny.running.workers.wait()
    job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.error is None
    assert job.fine_tuned_model is not None
    assert job.fine_tuned_model.startswith("ft:parrot:desk::")
    first = client.files.content(job.result_files[0]).text.splitlines()[1]
    assert first.startswith("1,0.693")  # log 2: nothing is preferred over the start yet


def test_ratings_are_learned_where_there_are_good_and_bad_ones(tiny: Served, client: openai.OpenAI) -> None:
    """Thumbs of a chat need no second answer to the same question."""
    rows = [
        {"prompt": f"the letter {letter}?", "completion": f"in the {letter * 3}.", "label": True}
        for letter in LETTERS
    ]
    method: Any = {"type": "kto", "kto": {"hyperparameters": {"n_epochs": 1, "beta": 0.2}}}
    one_sided = order(client, upload(client, *map(json.dumps, rows)), method=method)
    rows += [{**row, "completion": "who knows?", "label": False} for row in rows]
    both = order(client, upload(client, *map(json.dumps, rows)), method=method)
    tiny.running.workers.wait()
    error = client.fine_tuning.jobs.retrieve(one_sided).error
    assert error is not None
    assert f"All {len(LETTERS)} rated answers are good" in error.message
    job = client.fine_tuning.jobs.retrieve(both)
    assert (job.error, job.status) == (None, "succeeded")
    first = client.files.content(job.result_files[0]).text.splitlines()[1]
    assert first.startswith("1,0.5")  # nothing has moved from the start yet


def test_preferences_are_not_read_as_chats(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, json.dumps(chat("a"))), method={"type": "dpo"})
    tiny.running.workers.wait()
    error = client.fine_tuning.jobs.retrieve(job_id).error
    assert error is not None
    assert "Row 1 has no input" in error.message


def test_a_bad_validation_file_is_named_as_such(tiny: Served, client: openai.OpenAI) -> None:
    good = upload(client, *(json.dumps(chat(letter)) for letter in LETTERS))
    job_id = order(client, good, validation_file=upload(client, "[1]"))
    tiny.running.workers.wait()
    error = client.fine_tuning.jobs.retrieve(job_id).error
    assert error is not None
    assert (error.code, error.param) == ("invalid_validation_file", "validation_file")
    assert "Row 1 is not a JSON object" in error.message


def test_jobs_are_listed_by_their_metadata(tiny: Served, client: openai.OpenAI) -> None:
    file_id = upload(client, json.dumps(chat("a")))
    plain, desk = order(client, file_id), order(client, file_id, metadata={"team": "desk"})
    jobs = client.fine_tuning.jobs
    assert [job.id for job in jobs.list()] == [desk, plain]
    assert [job.id for job in jobs.list(metadata={"team": "desk"})] == [desk]
    assert [job.id for job in jobs.list(extra_query={"metadata": "null"})] == [plain]
    first = jobs.list(limit=1)
    assert first.has_more
    assert [job.id for job in first.get_next_page()] == [plain]
    tiny.running.workers.wait()


def test_checkpoints_cannot_be_shared_with_projects(client: openai.OpenAI) -> None:
    permissions = client.fine_tuning.checkpoints.permissions
    with pytest.raises(openai.BadRequestError, match="cannot be shared with projects") as told:
        permissions.create("ft:parrot:desk::1", project_ids=["proj_1"])
    assert told.value.param == "project_ids"


def test_a_job_that_was_never_begun_is_begun_when_asked_for(tiny: Served, client: openai.OpenAI) -> None:
    """As a server leaves it that is killed right after it took the order."""
    job_id = order(client, upload(client, json.dumps(chat("a"))))
    tiny.running.workers.wait()
    left = tiny.running.records("fine_tuning_job").get(job_id)
    body = {**left.body, "status": "validating_files", "error": None}
    tiny.running.records("fine_tuning_job").add("ftjob-left", body)
    client.fine_tuning.jobs.retrieve("ftjob-left")
    tiny.running.workers.wait()
    assert client.fine_tuning.jobs.retrieve("ftjob-left").status == "failed"


def test_jobs_of_others_do_not_exist(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, json.dumps(chat("a"))))
    _, secret = tiny.running.keys.make("guest")
    with tiny.client(secret) as guest:
        assert list(guest.fine_tuning.jobs.list()) == []
        with pytest.raises(openai.NotFoundError):
            guest.fine_tuning.jobs.retrieve(job_id)
    tiny.running.workers.wait()

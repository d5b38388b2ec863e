"""Fine-tuning with OpenAI's client, on a two-layer model that really learns."""

import json
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from tests.integration.api.conftest import SETTINGS, Served, lay_out
from tests.integration.tuning.tiny_base import write_tiny_gguf

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


def order(client: openai.OpenAI, file_id: str, **more: object) -> str:
    job = client.fine_tuning.jobs.create(
        model="parrot",
        training_file=file_id,
        hyperparameters={"n_epochs": 1},
        **more,  # type: ignore[arg-type]
    )
    assert job.status in ("validating_files", "queued", "running")
    return job.id


def test_examples_become_a_model_that_answers(tiny: Served, client: openai.OpenAI) -> None:
    file_id = upload(client, *(json.dumps(chat(letter)) for letter in LETTERS))
    job_id = order(client, file_id, suffix="desk", metadata={"team": "desk"})
    with pytest.raises(openai.ConflictError, match=f"fine-tuning job {job_id}"):
        client.files.delete(file_id)
    tiny.home.workers.wait()

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


def test_a_bad_row_fails_the_job_and_is_named(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, *(json.dumps(chat(letter)) for letter in LETTERS), "{broken"))
    tiny.home.workers.wait()
    job = client.fine_tuning.jobs.retrieve(job_id)
    assert job.status == "failed"
    assert job.error is not None
    assert job.error.code == "invalid_training_file"
    assert "Row 17 is not JSON" in job.error.message


def test_too_few_rows_fail_the_job(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, json.dumps(chat("a"))))
    tiny.home.workers.wait()
    error = client.fine_tuning.jobs.retrieve(job_id).error
    assert error is not None
    assert "tuning needs 10" in error.message


def test_a_paused_job_goes_on_and_a_cancelled_one_does_not(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, *(json.dumps(chat(letter)) for letter in LETTERS)))
    assert str(client.fine_tuning.jobs.pause(job_id).status) == "paused"
    tiny.home.workers.wait()
    assert str(client.fine_tuning.jobs.retrieve(job_id).status) == "paused"
    client.fine_tuning.jobs.resume(job_id)
    assert client.fine_tuning.jobs.cancel(job_id).status == "cancelled"
    tiny.home.workers.wait()
    assert client.fine_tuning.jobs.retrieve(job_id).status == "cancelled"
    assert [job.id for job in client.fine_tuning.jobs.list()] == [job_id]


def test_what_cannot_be_done_is_refused_by_name(client: openai.OpenAI) -> None:
    file_id = upload(client, json.dumps(chat("a")))
    with pytest.raises(openai.BadRequestError, match="'dpo' is not done here") as told:
        order(client, file_id, method={"type": "dpo"})
    assert told.value.param == "method"
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.create(model="gpt-9", training_file=file_id)
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.create(model="parrot", training_file="file-none")
    with pytest.raises(openai.BadRequestError, match="n_epochs is 99"):
        client.fine_tuning.jobs.create(
            model="parrot", training_file=file_id, hyperparameters={"n_epochs": 99}
        )


def test_jobs_of_others_do_not_exist(tiny: Served, client: openai.OpenAI) -> None:
    job_id = order(client, upload(client, json.dumps(chat("a"))))
    _, secret = tiny.home.keys.make("guest")
    with tiny.client(secret) as guest:
        assert list(guest.fine_tuning.jobs.list()) == []
        with pytest.raises(openai.NotFoundError):
            guest.fine_tuning.jobs.retrieve(job_id)
    tiny.home.workers.wait()

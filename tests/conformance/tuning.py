"""Endpoints that tune: fine-tuning jobs, their checkpoints, and graders."""

import json
from typing import Any

from tests.conformance.answering import MODEL
from tests.conformance.keeping import kept_file, until
from tests.conformance.probe import Probe

JOBS = "/fine_tuning/jobs"
JOB = f"{JOBS}/{{fine_tuning_job_id}}"
PERMISSIONS = "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"
OVER = ("succeeded", "failed", "cancelled")


def training_rows(n: int = 12) -> bytes:
    """Return a small training file: say a letter three times."""
    turns = [
        [{"role": "user", "content": f"the letter {letter}?"}, {"role": "assistant", "content": letter * 3}]
        for letter in "abcdefghijklmnopqrstuvwxyz"[:n]
    ]
    return "".join(json.dumps({"messages": messages}) + "\n" for messages in turns).encode()


def fine_tuning(probe: Probe) -> None:
    """A job learns from a file, tells how far it is, and leaves a model that answers."""
    client = probe.client
    file = kept_file(client, training_rows(), "train.jsonl", "fine-tune")
    method: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}}
    made = probe.call(
        f"POST {JOBS}",
        lambda: client.fine_tuning.jobs.create(
            model=MODEL, training_file=file, suffix="letters", method=method
        ),
    )
    listed = probe.call(f"GET {JOBS}", client.fine_tuning.jobs.list)
    probe.check(f"GET {JOBS}", "lists it", made.id in {job.id for job in listed})
    until(lambda: client.fine_tuning.jobs.retrieve(made.id), *OVER)
    done = probe.call(f"GET {JOB}", lambda: client.fine_tuning.jobs.retrieve(made.id))
    probe.check(f"POST {JOBS}", "succeeds", done.status == "succeeded", done.error or done.status)
    events = probe.call(f"GET {JOB}/events", lambda: client.fine_tuning.jobs.list_events(made.id))
    probe.check(f"GET {JOB}/events", "tells what happened", events.data)
    points = probe.call(f"GET {JOB}/checkpoints", lambda: client.fine_tuning.jobs.checkpoints.list(made.id))
    probe.check(f"GET {JOB}/checkpoints", "lists one", points.data)
    tuned = done.fine_tuned_model or ""
    probe.check(f"POST {JOBS}", "names the tuned model", tuned.startswith("ft:"), tuned)
    turns: Any = [{"role": "user", "content": "the letter a?"}]
    probe.call("POST /chat/completions", lambda: client.chat.completions.create(model=tuned, messages=turns))
    gone = probe.call("DELETE /models/{model}", lambda: client.models.delete(tuned))
    probe.check("DELETE /models/{model}", "says that it is gone", gone.deleted)
    probe.refused(
        "GET /models/{model}", "does not find it any more", lambda: client.models.retrieve(tuned), status=404
    )


def halted_fine_tuning(probe: Probe) -> None:
    """A job can be paused, goes on, and can be cancelled; a bad file is told."""
    client = probe.client.fine_tuning.jobs
    file = kept_file(probe.client, training_rows(), "train.jsonl", "fine-tune")
    job = client.create(model=MODEL, training_file=file).id
    paused = probe.call(f"POST {JOB}/pause", lambda: client.pause(job))
    probe.check(f"POST {JOB}/pause", "is paused", str(paused.status) == "paused", paused.status)
    going_on = probe.call(f"POST {JOB}/resume", lambda: client.resume(job))
    probe.check(f"POST {JOB}/resume", "goes on", going_on.status in ("queued", "running"), going_on.status)
    cancelled = probe.call(f"POST {JOB}/cancel", lambda: client.cancel(job))
    probe.check(f"POST {JOB}/cancel", "is cancelled", cancelled.status == "cancelled", cancelled.status)
    bad = kept_file(probe.client, training_rows(2), "short.jsonl", "fine-tune")
    failed = client.create(model=MODEL, training_file=bad).id
    done = until(lambda: client.retrieve(failed), *OVER)
    code = done.error.code if done.error else ""
    probe.check(f"POST {JOBS}", "tells of a bad file", code == "invalid_training_file", code or done.status)
    probe.refused(
        f"POST {JOBS}", "refuses a file nobody has",
        lambda: client.create(model=MODEL, training_file="file-none"), status=404,
    )  # fmt: skip


def graders(probe: Probe) -> None:
    """A grader is checked and tried."""
    client, place = probe.client.fine_tuning.alpha.graders, "/fine_tuning/alpha/graders"
    grader: Any = {
        "type": "string_check", "name": "same", "operation": "eq",
        "input": "{{ sample.output_text }}", "reference": "{{ item.word }}",
    }  # fmt: skip
    probe.call(f"POST {place}/validate", lambda: client.validate(grader=grader))
    graded = probe.call(
        f"POST {place}/run", lambda: client.run(grader=grader, model_sample="hat", item={"word": "hat"})
    )
    probe.check(f"POST {place}/run", "rewards what it should", graded.reward == 1.0, graded.reward)


def permissions(probe: Probe) -> None:
    """There are no projects to share a tuned model with: that is said, whatever is asked."""
    client, why = probe.client.fine_tuning.checkpoints.permissions, "says that there are no projects"
    probe.refused(f"GET {PERMISSIONS}", why, lambda: client.list("ft:none"), status=400)
    probe.refused(
        f"POST {PERMISSIONS}", why, lambda: client.create("ft:none", project_ids=["proj_1"]), status=400
    )
    one = f"DELETE {PERMISSIONS}/{{permission_id}}"
    probe.refused(one, why, lambda: client.delete("cp_1", fine_tuned_model_checkpoint="ft:none"), status=400)


SCENARIOS = (fine_tuning, halted_fine_tuning, graders, permissions)

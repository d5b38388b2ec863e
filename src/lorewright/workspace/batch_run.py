"""A batch as a durable job: each line is answered once, whatever happens."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from lorewright.access import Key
from lorewright.errors import Cancelled, NotAllowed
from lorewright.jobs import Job, Steps
from lorewright.storage import Record, Records
from lorewright.workspace.batch_answer import answer_line, expired, usage_of
from lorewright.workspace.batch_lines import check_lines, read_lines
from lorewright.workspace.files import find_file, keep_file, path_of
from lorewright.workspace.home import Home
from lorewright.workspace.seldom import seldom
from lorewright.workspace.workspace import Workspace

KIND = "batch"
BATCHES = "batch"
OVER = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who answers the lines of a batch, as `module:function`, and the right that it takes."""

    verb: str
    place: str

    def answer(self) -> Callable[..., dict[str, Any]]:
        """Return the function, called as `(home, key, body, stopped=...)`."""
        module, name = self.place.split(":")
        answer: Callable[..., dict[str, Any]] = getattr(import_module(module), name)
        return answer


ENDPOINTS: Mapping[str, Endpoint] = {
    "/v1/chat/completions": Endpoint("chat", "lorewright.workspace.chat:chat"),
    "/v1/completions": Endpoint("chat", "lorewright.workspace.completions:complete_prompts"),
    "/v1/responses": Endpoint("chat", "lorewright.workspace.responses:respond"),
    "/v1/embeddings": Endpoint("embed", "lorewright.workspace.embeddings:embed"),
}


def run_batch(home: Home, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Answer every line of a batch; return how many were answered and how many failed."""
    batches = home.records(BATCHES)
    batch = batches.get(str(order["batch_id"]))
    path = path_of(home, find_file(home, _key_of(home, batch), batch.body["input_file_id"]))
    checked = steps.once("check", lambda: check_lines(path, batch.body["endpoint"]))
    if checked["errors"]:
        _set(batches, batch.id, "failed", errors=checked["errors"])
        return {}
    counts = {"total": checked["n_lines"], "completed": 0, "failed": 0}
    batch = _set(batches, batch.id, "in_progress", request_counts=counts, model=checked["model"])
    n_answered = _answer_all(home, batch, path, steps)
    batch = _set(batches, batch.id, "finalizing")
    files = {
        f"{name}_file_id": steps.once(f"{name} file", partial(_file, home, batch, steps, n_answered, name))
        for name in ("output", "error")
    }
    usage = usage_of(answer for answer in _answers(steps, n_answered) if not answer["failed"])
    is_late = time.time() > batch.body["expires_at"]
    ending = "cancelled" if batch.body["status"] == "cancelling" else "expired" if is_late else "completed"
    return dict(_set(batches, batch.id, ending, usage=usage, **files).body["request_counts"])


def in_worker(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Answer a batch in a process of its own, with engines of its own."""
    with closing(Home(workspace.folder)) as home:
        return run_batch(home, order, steps)


def after(workspace: Workspace, job: Job) -> None:
    """Let a batch fail whose job failed."""
    if job.state == "failed":
        message = f"{job.error['message']} {job.error['hint']}".strip()
        error = {"code": job.error["type"], "message": message, "line": None, "param": None}
        _set(Records(workspace.database, BATCHES), str(job.order["batch_id"]), "failed", errors=[error])


def _answer_all(home: Home, batch: Record, path: Path, steps: Steps) -> int:
    """Answer line by line, and return how many lines have an answer: all, but when cancelled."""
    batches = home.records(BATCHES)

    def is_cancelled() -> bool:
        return bool(batches.get(batch.id).body["status"] == "cancelling")

    key, answer = _key_of(home, batch), ENDPOINTS[batch.body["endpoint"]].answer()
    progress, total = steps.progress("lines"), int(batch.body["request_counts"]["total"])
    counts = {"total": total, "completed": 0, "failed": 0}
    for place, line in enumerate(read_lines(path)):
        do: Callable[[], dict[str, Any]] = partial(
            answer_line, home, key, line, answer, stopped=seldom(is_cancelled)
        )
        if time.time() > batch.body["expires_at"]:
            do = partial(expired, line)
        try:
            answered = steps.once(f"line {place}", do)
        except Cancelled:
            return place
        counts["failed" if answered["failed"] else "completed"] += 1
        batches.change(batch.id, lambda body: {**body, "request_counts": dict(counts)})
        progress(place + 1, total)
    return total


def _file(home: Home, batch: Record, steps: Steps, n_answered: int, name: str) -> str | None:
    """Return the id of the new file with all answers, or with all failures; `None` where there are none."""
    is_wanted = name == "error"
    lines = (
        json.dumps(answer["line"], ensure_ascii=False).encode() + b"\n"
        for answer in _answers(steps, n_answered)
        if answer["failed"] is is_wanted
    )
    first = next(lines, None)
    if first is None:
        return None

    def pieces() -> Iterator[bytes]:
        yield first
        yield from lines

    file = keep_file(
        home,
        pieces(),
        filename=f"{batch.id}_{name}.jsonl",
        purpose="batch_output",
        owner=batch.owner,
        expires_after_seconds=batch.body["output_expires_after"],
    )
    return file.id


def _answers(steps: Steps, n_answered: int) -> Iterator[dict[str, Any]]:
    """Yield what the finished steps left, in order."""
    for place in range(n_answered):
        yield steps.once(f"line {place}", dict)


def _key_of(home: Home, batch: Record) -> Key:
    key = home.keys.find(batch.owner)
    if key is None:
        raise NotAllowed("The key that began this batch is not valid any more.", hint="Begin a new one.")
    return key


def _set(batches: Records, batch_id: str, status: str, **values: Any) -> Record:
    """Return the batch in another state; one that is being cancelled stays so until it is over."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] in OVER:
            return body
        if body["status"] == "cancelling" and status not in OVER:
            return {**body, **values}
        ending = "cancelled" if body["status"] == "cancelling" and status == "completed" else status
        return {f"{ending}_at": int(time.time()), **body, **values, "status": ending}

    return batches.change(batch_id, change)

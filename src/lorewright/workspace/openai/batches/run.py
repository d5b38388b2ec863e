"""A batch as a durable job: each line is answered once, whatever happens."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.errors import Cancelled, NotAllowed
from lorewright.jobs import Job, Steps
from lorewright.registry import import_target
from lorewright.storage import Record, Records
from lorewright.workspace.collections.files import keep_file, own_file, path_of
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import throttled
from lorewright.workspace.openai.batches.lines import answer_line, check_lines, expired, read_lines, usage_of
from lorewright.workspace.server.server import Server

KIND = "batch"
BATCHES = "batch"
OVER = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who answers the lines of a batch, as `module:function`, and the right that it takes."""

    verb: str
    place: str

    def answer(self) -> Callable[..., dict[str, Any]]:
        """Return the function, called as `(server, caller, body, stopped=...)`."""
        answer: Callable[..., dict[str, Any]] = import_target(self.place)
        return answer


ENDPOINTS: Mapping[str, Endpoint] = {
    "/v1/chat/completions": Endpoint("chat", "lorewright.workspace.openai.chat_completions:chat"),
    "/v1/completions": Endpoint("chat", "lorewright.workspace.openai.completions:complete_prompts"),
    "/v1/responses": Endpoint("chat", "lorewright.workspace.openai.responses.respond:respond"),
    "/v1/embeddings": Endpoint("embed", "lorewright.workspace.openai.embeddings:embed"),
    "/v1/messages": Endpoint("chat", "lorewright.workspace.anthropic.messages:answer_message"),
}


def run_batch(server: Server, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Answer every line of a batch; return how many were answered and how many failed."""
    batches = server.records(BATCHES)
    batch = batches.get(str(order["batch_id"]))
    path = path_of(server, own_file(server, _key_of(server, batch), batch.body["input_file_id"]))
    checked = steps.once("check", lambda: check_lines(path, batch.body["endpoint"]))
    if checked["errors"]:
        _set(batches, batch.id, "failed", errors=checked["errors"])
        return {}
    counts = {"total": checked["n_lines"], "completed": 0, "failed": 0}
    batch = _set(batches, batch.id, "in_progress", request_counts=counts, model=checked["model"])
    n_answered = _answer_all(server, batch, path, steps)
    batch = _set(batches, batch.id, "finalizing")
    files = {
        f"{name}_file_id": steps.once(f"{name} file", partial(_file, server, batch, steps, n_answered, name))
        for name in ("output", "error")
    }
    usage = usage_of(answer for answer in _answers(steps, n_answered) if not answer["failed"])
    is_late = time.time() > batch.body["expires_at"]
    ending = "cancelled" if batch.body["status"] == "cancelling" else "expired" if is_late else "completed"
    return dict(_set(batches, batch.id, ending, usage=usage, **files).body["request_counts"])


def in_worker(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Answer a batch in a process of its own, with engines of its own."""
    with closing(Server(workspace.folder)) as server:
        return run_batch(server, order, steps)


def after(workspace: Workspace, job: Job) -> None:
    """Let a batch fail whose job failed."""
    if job.state == "failed":
        message = f"{job.error['message']} {job.error['hint']}".strip()
        error = {"code": job.error["type"], "message": message, "line": None, "param": None}
        _set(Records(workspace.database, BATCHES), str(job.order["batch_id"]), "failed", errors=[error])


def _answer_all(server: Server, batch: Record, path: Path, steps: Steps) -> int:
    """Answer line by line, and return how many lines have an answer: all, but when cancelled."""
    batches = server.records(BATCHES)

    def is_cancelled() -> bool:
        return bool(batches.get(batch.id).body["status"] == "cancelling")

    caller, answer = _key_of(server, batch), ENDPOINTS[batch.body["endpoint"]].answer()
    progress, total = steps.progress("lines"), int(batch.body["request_counts"]["total"])
    counts, n_expired = {"total": total, "completed": 0, "failed": 0}, 0
    for place, line in enumerate(read_lines(path)):
        do: Callable[[], dict[str, Any]] = partial(
            answer_line, server, caller, line, answer, stopped=throttled(is_cancelled)
        )
        if time.time() > batch.body["expires_at"]:
            do = partial(expired, line)
        try:
            answered = steps.once(f"line {place}", do)
        except Cancelled:
            return place
        counts["failed" if answered["failed"] else "completed"] += 1
        n_expired += bool(answered["line"]["error"])
        _count(batches, batch.id, counts, n_expired)
        progress(place + 1, total)
    return total


def _count(batches: Records, batch_id: str, counts: Mapping[str, int], n_expired: int) -> None:
    counted = {"request_counts": dict(counts), "n_expired": n_expired}
    batches.change(batch_id, lambda body: {**body, **counted})


def _file(server: Server, batch: Record, steps: Steps, n_answered: int, name: str) -> str | None:
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
        server,
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


def _key_of(server: Server, batch: Record) -> Caller:
    caller = server.keys.find(batch.owner)
    if caller is None:
        raise NotAllowed("The key that created this batch is no longer valid.", hint="Create a new one.")
    return caller


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

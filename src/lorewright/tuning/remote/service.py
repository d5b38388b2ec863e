"""A server with OpenAI's `/v1/fine_tuning/jobs`: files up, jobs made, followed and halted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import openai

from lorewright.errors import NotFound, UserError
from lorewright.tuning.remote.failures import meaning_of

Value = TypeVar("Value")

_N_LISTED = 50
_SECONDS_TO_HALT = 1.2
"""Who asks a process to end waits three seconds; a job is paused, or else cancelled, within them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteJob:
    """A fine-tuning job as its server tells of it; `n_tokens` is what it counted, `None` before its end."""

    id: str
    status: str
    created_at: float
    finished_at: float | None = None
    model: str = ""
    n_tokens: int | None = None
    error: str = ""
    error_param: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteEvent:
    """Something that a job told; `data` holds the figures of a step."""

    id: str
    message: str
    at: float
    data: Mapping[str, Any] = field(default_factory=dict)


class TuningService:
    """The server behind an `openai:` model source. Nothing is tried twice here: who calls knows how long."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str = "",
        api_key: str = "",
        key_name: str = "OPENAI_API_KEY",
        timeout_seconds: float = 60.0,
    ) -> None:
        self.model = model
        self._key_name = key_name
        self._client = openai.OpenAI(
            api_key=api_key or "none", base_url=base_url or None, timeout=timeout_seconds, max_retries=0
        )
        self.where = str(self._client.base_url).rstrip("/")

    def upload(self, path: Path) -> str:
        """Return the id of a file there; raise `InvalidExamples` where it is refused."""

        def send() -> str:
            with path.open("rb") as opened:
                return self._client.files.create(file=(path.name, opened), purpose="fine-tune").id

        return self._ask(send, is_submitting=True, is_file=True)

    def create(
        self,
        *,
        training_file: str,
        validation_file: str | None,
        suffix: str,
        n_epochs: int,
        seed: int,
        model: str = "",
    ) -> RemoteJob:
        """Return a new job; `model` is a tuned one to learn further, else the base."""
        body: dict[str, Any] = {
            "model": model or self.model,
            "training_file": training_file,
            "suffix": suffix,
            "seed": seed,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": n_epochs}}},
        }
        if validation_file:
            body["validation_file"] = validation_file
        return self._ask(lambda: _job(self._client.fine_tuning.jobs.create(**body)), is_submitting=True)

    def find_by_file(self, training_file: str) -> RemoteJob | None:
        """Return the newest job on a file, or `None`, also where the server does not list jobs."""
        try:
            jobs = self._ask(lambda: self._client.fine_tuning.jobs.list(limit=_N_LISTED).data)
        except UserError:
            return None
        return next((_job(one) for one in jobs if one.training_file == training_file), None)

    def job(self, job_id: str) -> RemoteJob:
        """Return a job; raise `NotFound` where it is not known there."""
        return self._ask(lambda: _job(self._client.fine_tuning.jobs.retrieve(job_id)))

    def events(self, job_id: str, *, after: str = "") -> list[RemoteEvent]:
        """Return what a job told after an event, the oldest first; none where the server tells none."""
        try:
            return self._ask(lambda: list(self._events(job_id, after))[::-1])
        except NotFound:
            return []

    def validation_loss(self, job_id: str) -> float | None:
        """Return the loss on the validation file at the end, where it is told."""
        try:
            pages = self._ask(lambda: self._client.fine_tuning.jobs.checkpoints.list(job_id, limit=1).data)
        except UserError:
            return None
        metrics = pages[0].metrics if pages else None
        if metrics is None:
            return None
        return metrics.full_valid_loss if metrics.full_valid_loss is not None else metrics.valid_loss

    def resume(self, job_id: str) -> None:
        """Let a paused job go on."""
        self._ask(lambda: self._client.fine_tuning.jobs.resume(job_id))

    def halt(self, job_id: str, how: Literal["pause", "cancel"]) -> None:
        """Pause or cancel a job, without waiting long; raise an error where that is refused."""
        jobs = self._client.with_options(timeout=_SECONDS_TO_HALT).fine_tuning.jobs
        self._ask(lambda: jobs.pause(job_id) if how == "pause" else jobs.cancel(job_id))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _events(self, job_id: str, after: str) -> Iterator[RemoteEvent]:
        """Yield events from the newest on, as far as they are new."""
        for event in self._client.fine_tuning.jobs.list_events(job_id, limit=100):
            if event.id == after:
                return
            data = event.data if isinstance(event.data, Mapping) else {}
            yield RemoteEvent(id=event.id, message=event.message, at=float(event.created_at), data=data)

    def _ask(self, call: Callable[[], Value], *, is_submitting: bool = False, is_file: bool = False) -> Value:
        try:
            return call()
        except openai.APIError as error:
            raise meaning_of(
                error, where=self.where, model=self.model, key_name=self._key_name,
                is_submitting=is_submitting, is_file=is_file,
            ) from error  # fmt: skip


def _job(told: Any) -> RemoteJob:
    error = told.error if told.error and told.error.message else None
    return RemoteJob(
        id=told.id,
        status=str(told.status),
        created_at=float(told.created_at),
        finished_at=float(told.finished_at) if told.finished_at else None,
        model=told.fine_tuned_model or "",
        n_tokens=told.trained_tokens,
        error=" ".join(str(error.message).split()) if error else "",
        error_param=str(error.param or "") if error else "",
    )

"""A run on another server: handed over once, followed to its end, taken up again after any interruption."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from lorewright.errors import EngineError, InvalidExamples, NotFound, Permanent, UserError
from lorewright.progress import Progress, Say
from lorewright.tuning.curve import CurveFile
from lorewright.tuning.recipe import Recipe
from lorewright.tuning.remote.files import (
    Submitted,
    read_submitted,
    save_chats,
    save_model,
    save_submitted,
)
from lorewright.tuning.remote.patience import Patience
from lorewright.tuning.remote.service import RemoteEvent, RemoteJob, TuningService
from lorewright.tuning.row import Row
from lorewright.tuning.trainer import Adapter, TrainingMetrics


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteOrder:
    """What is to be tuned: rows to learn and to validate on, how, under which name, from which model."""

    rows: Sequence[Row]
    validation: Sequence[Row]
    recipe: Recipe
    suffix: str
    start: str = ""
    """A tuned model of that server to learn further, '' for the base."""


@dataclass(kw_only=True)
class RemoteRun:
    """A run in its folder. What the server said of it is kept there at once, so nothing is ordered twice."""

    folder: Path
    service: TuningService
    patience: Patience
    say: Say
    progress: Progress
    losses: dict[int, float] = field(default_factory=dict)
    curve: CurveFile | None = None

    def train(self, order: RemoteOrder) -> Adapter:
        """Return the model that the server made of the rows.

        Raises `InvalidExamples` where it refuses them, `UnfitBase` where it tunes nothing for us,
        `Transient` where it did not answer for long (the job goes on there), `Permanent` where the job is
        lost or failed, `Cancelled` as soon as this is to stop.
        """
        job = self._job_of(order)
        self.say(f"Following the job {job.id} on {self.service.where}.")
        return self._adapter(order, self._follow(job, read_submitted(self.folder).last_event))

    def halt(self) -> str:
        """Stop the job there: paused, or cancelled where that cannot be; return a sentence on it."""
        submitted = read_submitted(self.folder)
        if not submitted.job:
            return ""
        with suppress(UserError):
            self.service.halt(submitted.job, "pause")
            return f"The job {submitted.job} is paused on {self.service.where}."
        self.cancel()
        return f"The job {submitted.job} was cancelled on {self.service.where}."

    def cancel(self) -> None:
        """Cancel the job there, for good; one that is over already is left as it is."""
        submitted = read_submitted(self.folder)
        if submitted.job:
            with suppress(UserError):
                self.service.halt(submitted.job, "cancel")
            save_submitted(self.folder, replace(submitted, is_halted=True))

    def _job_of(self, order: RemoteOrder) -> RemoteJob:
        """Return the job of this run: the one that was made before, else a new one."""
        submitted = read_submitted(self.folder)
        if submitted.job:
            job = self._known(submitted.job)
            if job.status == "paused":
                self.patience.ask(lambda: self.service.resume(job.id), self.say)
                return job
            if not (job.status == "cancelled" and submitted.is_halted):
                return job
            self.say(f"The job {job.id} was cancelled; a new one is started.")
            submitted = save_submitted(self.folder, Submitted())
        return self._hand_over(order, submitted)

    def _hand_over(self, order: RemoteOrder, submitted: Submitted) -> RemoteJob:
        """Return a new job; what was uploaded before is not uploaded again."""
        ask, service, keep = self.patience.ask, self.service, save_submitted
        self.folder.mkdir(parents=True, exist_ok=True)
        training = save_chats(self.folder / "training.jsonl", order.rows)
        if not submitted.training_file:
            file_id = ask(lambda: service.upload(training), self.say)
            submitted = keep(self.folder, replace(submitted, training_file=file_id))
        if order.validation and not submitted.validation_file:
            validation = save_chats(self.folder / "validating.jsonl", order.validation)
            file_id = ask(lambda: service.upload(validation), self.say)
            submitted = keep(self.folder, replace(submitted, validation_file=file_id))

        def make() -> RemoteJob:
            # Killed, or left without an answer, between the order and its id: the job is there already.
            return service.find_by_file(submitted.training_file) or service.create(
                training_file=submitted.training_file,
                validation_file=submitted.validation_file or None,
                suffix=order.suffix,
                n_epochs=max(1, round(order.recipe.epochs)),
                seed=order.recipe.seed,
                model=order.start,
            )

        job = ask(make, self.say)
        keep(self.folder, replace(submitted, job=job.id))
        return job

    def _known(self, job_id: str) -> RemoteJob:
        """Return the job as it is; raise `Permanent` for one that the server lost, and forget it."""
        try:
            return self.patience.ask(lambda: self.service.job(job_id), self.say)
        except NotFound:
            self.patience.wait(self.patience.first_seconds)  # one that is made just now may not be listed yet
        try:
            return self.patience.ask(lambda: self.service.job(job_id), self.say)
        except NotFound as error:
            save_submitted(self.folder, Submitted())
            raise Permanent(
                f"{self.service.where} has lost the fine-tuning job {job_id}.",
                hint="Run the same command again to start a new one.",
            ) from error

    def _follow(self, job: RemoteJob, told: str) -> RemoteJob:
        """Return the job once it succeeded, or raise; `told` is the last event that was passed on before."""
        pause, last, is_told_paused = self.patience.pauses(), "", False
        while True:
            job = self._known(job.id)
            events = self._events(job.id, last)
            ids = [event.id for event in events]
            n_told = ids.index(told) + 1 if told in ids else 0
            for place, event in enumerate(events):
                self._tell(event, job, is_new=place >= n_told)
            if events:
                last, told = ids[-1], ""
                save_submitted(self.folder, replace(read_submitted(self.folder), last_event=last))
            if job.status == "succeeded" and job.model:
                return job
            if job.status in ("failed", "cancelled"):
                save_submitted(self.folder, Submitted())
                raise self._reason(job)
            if job.status == "paused" and not is_told_paused:
                self.say(f"The job {job.id} is paused on {self.service.where}; waiting.")
                is_told_paused = True
            pause()

    def _events(self, job_id: str, after: str) -> list[RemoteEvent]:
        return self.patience.ask(lambda: self.service.events(job_id, after=after), self.say)

    def _tell(self, event: RemoteEvent, job: RemoteJob, *, is_new: bool) -> None:
        """Pass on what the job told: a line, or how far it is; lines of before once only."""
        step, total, loss = (event.data.get(name) for name in ("step", "total_steps", "train_loss"))
        if isinstance(step, int) and isinstance(loss, int | float):
            n_steps = int(total or 0)
            if self.curve is None:
                self.curve = CurveFile(self.folder, n_steps=n_steps, n_held_out=0)
            if step not in self.losses:
                self.curve.step(step, float(loss), n_tokens=0, seconds=max(0.0, event.at - job.created_at))
            self.losses[step] = float(loss)
            if n_steps:
                self.progress(step, n_steps)
        elif is_new:
            self.say(event.message)

    def _reason(self, job: RemoteJob) -> UserError | EngineError:
        if job.status == "cancelled":
            return Permanent(
                f"The fine-tuning job {job.id} was cancelled on {self.service.where}.",
                hint="Run the same command again to start a new one.",
            )
        reason = job.error or "no reason was given"
        if job.error_param in ("training_file", "validation_file"):
            return InvalidExamples(f"{self.service.where} refused the {job.error_param}: {reason}")
        return Permanent(
            f"The fine-tuning job {job.id} failed on {self.service.where}: {reason}",
            hint="Run the same command again to start a new one.",
        )

    def _adapter(self, order: RemoteOrder, job: RemoteJob) -> Adapter:
        uri = f"openai:{job.model}@{self.service.where}"
        path, content = save_model(self.folder, uri, job.id)
        loss = None
        if order.validation:
            loss = self.patience.ask(lambda: self.service.validation_loss(job.id), self.say)
        finished_at = job.finished_at or time.time()
        metrics = TrainingMetrics(
            losses=tuple(self.losses[step] for step in sorted(self.losses)),
            step_tokens=(),
            validation_loss_before=None,
            validation_loss=loss,
            n_rows=len(order.rows),
            n_validation_rows=len(order.validation),
            n_rows_too_long=0,
            n_tokens=job.n_tokens or 0,
            n_completion_tokens=0,
            precision="",
            seconds=max(0.0, finished_at - job.created_at),
            cpu_seconds=0.0,
            peak_bytes=0,
        )
        return Adapter(kind="remote", path=path, folder=self.folder, sha256=content, metrics=metrics)

"""Jobs that a server starts and does not wait for: done in worker processes, one of each kind at a time."""

import logging
import threading
from collections.abc import Mapping
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

from lorewright.jobs import Job, Start, StayingWorker, Work, perform
from lorewright.storage import Record, Records
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.jobs.process import RunningJob, staying_worker

IDLE_SECONDS = 300.0
"""How long a worker of a frequent kind is kept without a job."""


class Workers:
    """The jobs that one server has started; each kind is a line of its own, so none waits for another."""

    def __init__(
        self, workspace: Workspace, *, here: Mapping[str, Work] | None = None, is_seeing_to: bool = True
    ) -> None:
        """Do the kinds in `here` in a thread of this process: those that no worker process can do.

        Without `is_seeing_to` jobs are only taken down, for the process that calls `look_after`.
        """
        self._is_seeing_to = is_seeing_to
        self._seen: set[str] = set()
        self._workspace = workspace
        self._here = here or {}
        self._started = Records(workspace.database, "started_job")
        self._lines: dict[str, Queue[str]] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def start(self, kind: str, order: Mapping[str, Any]) -> Job:
        """Return the job for this order, which will be done in the background.

        The same order as that of an unfinished job is that job. Killed anywhere, the job goes on
        after `resume()`.
        """
        # Before the job: without it nobody would go on with a job that was never begun.
        started = self._started.add(f"start_{uuid4().hex}", {"kind": kind, "order": dict(order), "job": ""})
        job = self._submit(started)
        if self._is_seeing_to:
            self._enqueue(kind, started.id)
        return job

    def resume(self) -> list[Job]:
        """Go on with every job that was started and is not over, and return them, the oldest first."""
        jobs = []
        for started in self._started.all():
            job = self._job(started)
            if job.state == "running" and not self._workspace.queue.is_alive(job):
                job = self._workspace.queue.requeue(job)
            if not job.is_over:
                jobs.append(job)
            self._enqueue(job.kind, started.id)
        return jobs

    def look_after(self) -> None:
        """See to the jobs that other processes have taken down since; call it again and again."""
        for started in self._started.all():
            if started.id not in self._seen:
                self._enqueue(started.body["kind"], started.id)

    def wait(self) -> None:
        """Return when nothing that was started is under way any more."""
        for line in list(self._lines.values()):
            line.join()

    def close(self) -> None:
        """End the workers; their jobs go on after the next `resume()`."""
        self._closing.set()
        with self._lock:
            for line in self._lines.values():
                line.put("")
        for thread in self._threads:
            thread.join()

    def _submit(self, started: Record) -> Job:
        job = self._workspace.queue.submit(started.body["kind"], started.body["order"])
        self._started.change(started.id, lambda body: body | {"job": job.id})
        return job

    def _job(self, started: Record) -> Job:
        job_id = started.body["job"]
        return self._workspace.queue.get(job_id) if job_id else self._submit(started)

    def _enqueue(self, kind: str, started_id: str) -> None:
        with self._lock:
            self._seen.add(started_id)
            if kind not in self._lines:
                self._lines[kind] = Queue()
                thread = threading.Thread(
                    target=self._work, args=(kind, self._lines[kind]), name=f"jobs: {kind}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._lines[kind].put(started_id)

    def _work(self, kind: str, line: Queue[str]) -> None:
        """See to the jobs of one kind, in order, until the server ends."""
        is_frequent = kind in JOB_KINDS and JOB_KINDS[kind].is_frequent
        staying = staying_worker(self._workspace) if is_frequent else None
        while (started_id := _next(line, staying)) and not self._closing.is_set():
            try:
                self._see_to(started_id, staying.start if staying else None)
            except Exception:
                logging.getLogger(__name__).exception("the pending start %s failed", started_id)
            finally:
                line.task_done()
        if staying:
            staying.close()

    def _see_to(self, started_id: str, start: Start | None) -> None:
        started = self._started.find(started_id)
        if started is None:
            return
        job = self._job(started)
        if not job.is_over and job.kind in self._here:
            perform(self._workspace.queue, job.id, self._here)
        elif not job.is_over:
            for _ in RunningJob(self._workspace, job, start=start).events(left=self._closing.is_set):
                pass
        job = self._job(started)
        if not job.is_over:
            return  # the server ends; the next one goes on
        if job.kind in JOB_KINDS and (settle := JOB_KINDS[job.kind].settle):
            imported(settle)(self._workspace, job)
        self._started.remove(started_id)


def _next(line: Queue[str], staying: StayingWorker | None) -> str:
    """Return what comes next in a line; a worker that waits for it too long is let go."""
    if staying:
        try:
            return line.get(timeout=IDLE_SECONDS)
        except Empty:
            staying.close()
    return line.get()

"""Jobs that servers and workers on several hosts do together: each is taken by one, where it fits."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from lorewright.errors import LorewrightError, NotFound, OutOfSpace
from lorewright.jobs import STARTED, Job, Start, Work, perform
from lorewright.storage import Record, Records
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.hosts import Host, Hosts
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.jobs.process import RunningJob, staying_worker

_LOOK_EVERY_SECONDS = 0.5
_KEEP_EVERY_SECONDS = 5.0
_IDLE_SECONDS = 300.0
_FULL_DISK_SECONDS = 60.0


class SharedWorkers:
    """The jobs that this process does of those which all who share the database have started.

    One of each kind at a time. A job whose worker is heard of no more goes on here, at its last
    finished step, if this process is the first to notice. After one failed because the disk is full, the
    next ones are for others for a while, instead of failing here one after the other.
    """

    def __init__(
        self,
        workspace: Workspace,
        host: Host,
        *,
        here: Mapping[str, Work] | None = None,
        is_seeing_to: bool = True,
    ) -> None:
        """Do what `host` can, and the kinds in `here` in a thread of this process.

        Without `is_seeing_to` jobs are only taken down.
        """
        self.host = host
        self._workspace = workspace
        self._here = here or {}
        self._is_seeing_to = is_seeing_to
        self._started = Records(workspace.database, STARTED)
        self._hosts = Hosts(workspace.database)
        self._full_until = 0.0
        self._busy: dict[str, threading.Thread] = {}
        self._staying: dict[str, Any] = {}
        self._looking: threading.Thread | None = None
        self._wake, self._closing = threading.Event(), threading.Event()
        self._lock, self._look_lock = threading.Lock(), threading.Lock()

    def start(self, kind: str, order: Mapping[str, Any]) -> Job:
        """Return the job for this order, which will be done in the background, by whoever takes it."""
        # Before the job: without it nobody would go on with a job that was never begun.
        started = self._started.add(f"start_{uuid4().hex}", {"kind": kind, "order": dict(order), "job": ""})
        job = self._submit(started)
        if self._is_seeing_to:
            self._look_from_now_on()
            self._wake.set()
        return job

    def resume(self) -> list[Job]:
        """Go on with what was started and is not over, unless others do; return those jobs, oldest first."""
        jobs = [self._job(started) for started in self._started.all()]
        if self._is_seeing_to:
            self._look_from_now_on()
            self._wake.set()
        return [job for job in jobs if not job.is_over]

    def look_after(self) -> None:
        """Take what fits and nobody does, and settle what is over; called again and again."""
        with self._look_lock:
            self._look_once()

    def _look_once(self) -> None:
        self._hosts.show(replace(self.host, can=()) if self._is_full() else self.host)
        for started in self._started.all(label=""):
            self._job(started)
        for started, ended in self._over():
            self._settle(started, ended)
        while (kinds := self._free_kinds()) and not self._closing.is_set():
            taken = self._workspace.queue.take(kinds)
            if taken is None:
                return
            thread = threading.Thread(target=self._do, args=(taken,), name=f"job: {taken.kind}", daemon=True)
            with self._lock:
                self._busy[taken.kind] = thread
            thread.start()

    def wait(self) -> None:
        """Return when nothing that was started is under way any more."""
        while self._started.count():
            self._wake.set()
            time.sleep(0.02)

    def close(self) -> None:
        """End the workers; their jobs go on elsewhere, or after the next `resume()`."""
        self._closing.set()
        self._wake.set()
        with self._lock:
            threads = [*self._busy.values(), *([self._looking] if self._looking else [])]
        for thread in threads:
            thread.join()
        for worker in self._staying.values():
            worker.close()
        if self._is_seeing_to:
            self._hosts.leave(self.host)

    def _look_from_now_on(self) -> None:
        with self._lock:
            if self._looking is None:
                self._looking = threading.Thread(target=self._look, name="jobs", daemon=True)
                self._looking.start()

    def _look(self) -> None:
        while not self._closing.is_set():
            try:
                self.look_after()
            except LorewrightError as error:  # the database may be back at the next look
                logging.getLogger(__name__).warning("could not look after jobs: %s", error)
            except Exception:
                logging.getLogger(__name__).exception("could not look after jobs")
            self._wake.wait(_LOOK_EVERY_SECONDS)
            self._wake.clear()

    def _free_kinds(self) -> Collection[str]:
        """Return the kinds of jobs that this process can take now, and nobody fits better for."""
        if self._is_full():
            return []
        with self._lock:
            busy = {kind for kind, thread in self._busy.items() if thread.is_alive()}
        fitting = self._hosts.kinds_for(self.host, self._workspace.settings)
        return sorted({*fitting, *self._here} - busy)

    def _do(self, job: Job) -> None:
        try:
            if job.kind in self._here:
                perform(self._workspace.queue, job.id, self._here)
            else:
                running = RunningJob(
                    self._workspace, job, start=self._worker_for(job.kind), keeping=self._keeping()
                )
                for _ in running.events(left=self._closing.is_set):
                    pass
            self._note_end(self._workspace.queue.get(job.id))
        except Exception:
            logging.getLogger(__name__).exception("the job %s was left", job.id)
        finally:
            self._wake.set()

    def _note_end(self, job: Job) -> None:
        """Take nothing for a while where a job found no room; tell it those who watch this process."""
        if job.error.get("type") == OutOfSpace.__name__:
            self._full_until = time.monotonic() + _FULL_DISK_SECONDS
            logging.getLogger(__name__).warning(
                "%s The next job is taken here in %.0f seconds.", job.error["message"], _FULL_DISK_SECONDS
            )

    def _is_full(self) -> bool:
        return time.monotonic() < self._full_until

    def _worker_for(self, kind: str) -> Start | None:
        """Return what starts the worker of a frequent kind, which stays; else each job has its own."""
        if kind not in JOB_KINDS or not JOB_KINDS[kind].is_frequent:
            return None
        if kind not in self._staying:
            self._staying[kind] = staying_worker(self._workspace)
        start: Start = self._staying[kind].start
        return start

    def _keeping(self) -> Callable[[Job], None]:
        """Return what keeps a job from others until its worker has begun."""
        kept_at = time.monotonic()

        def keep(job: Job) -> None:
            nonlocal kept_at
            if time.monotonic() - kept_at >= _KEEP_EVERY_SECONDS:
                kept_at = time.monotonic()
                self._workspace.queue.keep(job)

        return keep

    def _over(self) -> list[tuple[Record, Job]]:
        """Return what was started and is over, but not settled."""
        over = self._workspace.queue.over_of_started()
        if not over:
            return []
        found = [(started, over.get(started.label)) for started in self._started.all()]
        return [(started, job) for started, job in found if job is not None]

    def _settle(self, started: Record, job: Job) -> None:
        """Do what follows the end of a job, once for all who share the database."""
        with self._workspace.database.alone(f"settle {started.id}"):
            if self._started.find(started.id) is None:
                return
            if job.kind in JOB_KINDS and (settle := JOB_KINDS[job.kind].settle):
                try:
                    imported(settle)(self._workspace, job)
                except LorewrightError:
                    logging.getLogger(__name__).exception("the end of the job %s was not noted", job.id)
            try:
                self._started.remove(started.id)
            except NotFound:
                return

    def _submit(self, started: Record) -> Job:
        job = self._workspace.queue.submit(started.body["kind"], started.body["order"])
        self._started.change(started.id, lambda body: body | {"job": job.id}, label=job.id)
        return job

    def _job(self, started: Record) -> Job:
        job_id = started.body["job"]
        if job_id and not started.label:  # noted by a release that had no label for it
            self._started.change(started.id, dict, label=job_id)
        return self._workspace.queue.get(job_id) if job_id else self._submit(started)

"""Jobs in the database: who wants what, who does it, what came of it."""

import json
import time
from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Row, delete, func, insert, select, update

from lorewright.errors import Busy, UserError
from lorewright.jobs.job import Event, Job, State
from lorewright.jobs.process import end_group, is_running, start_time
from lorewright.storage import Database
from lorewright.storage.moments import later_moment
from lorewright.storage.schema import job as jobs
from lorewright.storage.schema import job_event as events
from lorewright.storage.schema import job_step as steps

LEASE_SECONDS = 20.0
_TO_GO_ON_WITH = ("queued", "running", "failed", "cancelled")


class Queue:
    """The jobs of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, kind: str, order: Mapping[str, Any]) -> Job:
        """Return the job for this order: the unfinished one of the same order, or a new one.

        A job that runs already is returned as it is, to be followed; one that was cancelled,
        failed or lost its worker is queued again and keeps its finished steps.
        """
        order_json = json.dumps(order, sort_keys=True)
        with self._database.write() as connection:
            row = connection.execute(
                select(jobs)
                .where(
                    jobs.c.kind == kind,
                    jobs.c.order_json == order_json,
                    jobs.c.state.in_(_TO_GO_ON_WITH),
                )
                .order_by(jobs.c.created_at.desc())
            ).first()
            if row is None:
                job_id = uuid4().hex
                connection.execute(
                    insert(jobs).values(
                        id=job_id, kind=kind, order_json=order_json, state="queued", attempt=0,
                        is_cancel_wanted=False, error="{}", result="null",
                        created_at=later_moment(connection, jobs.c.created_at),
                    )
                )  # fmt: skip
        if row is None:
            return self.get(job_id)
        job = _job(row)
        return job if self.is_alive(job) else self.requeue(job)

    def get(self, job_id: str) -> Job:
        """Return a job by its id."""
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        if row is None:
            raise UserError(f"No job found with id {job_id!r}.", hint="It may belong to another domain.")
        return _job(row)

    def all(self, *, kind: str | None = None, state: State | None = None) -> list[Job]:
        """Return every job, or those of one kind or state, newest first."""
        query = select(jobs).order_by(jobs.c.created_at.desc())
        if kind is not None:
            query = query.where(jobs.c.kind == kind)
        if state is not None:
            query = query.where(jobs.c.state == state)
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Return how many jobs are in each state that one is in."""
        query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
        with self._database.read() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def is_alive(self, job: Job) -> bool:
        """Return whether a living process works on the job."""
        return (
            job.state == "running"
            and job.pid is not None
            and job.pid_started is not None
            and is_running(job.pid, job.pid_started)
        )

    def requeue(self, job: Job) -> Job:
        """Queue a job again; what is left of its last worker is ended first."""
        if job.pid is not None and job.pid_started is not None:
            end_group(job.pid, job.pid_started)
        self._set(job.id, state="queued", pid=None, pid_started=None, lease_until=None,
                  is_cancel_wanted=False, finished_at=None, error="{}")  # fmt: skip
        return self.get(job.id)

    def claim(self, job_id: str, pid: int) -> Job:
        """Make the process `pid` the worker of a queued job, or raise `Busy`."""
        with self._database.write() as connection:
            changed = connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id, jobs.c.state == "queued")
                .values(
                    state="running",
                    attempt=jobs.c.attempt + 1,
                    pid=pid,
                    pid_started=start_time(pid),
                    lease_until=time.time() + LEASE_SECONDS,
                )
            ).rowcount
        if changed != 1:
            raise Busy(
                f"Job {job_id} is {self.get(job_id).state}, not queued.", hint="Another worker is running it."
            )
        return self.get(job_id)

    def renew(self, job_id: str) -> None:
        """Say that the worker is alive; on other hosts only the lease can tell."""
        self._set(job_id, lease_until=time.time() + LEASE_SECONDS)

    def finish(self, job_id: str, result: Any) -> None:
        """Record what came of a job; its worker may be at another one from here on."""
        self._set(job_id, state="finished", result=json.dumps(result), **self._over())

    def fail(self, job_id: str, error: Mapping[str, str]) -> None:
        """Record what stopped a job; its finished steps stay, its worker may be at another one."""
        self._set(job_id, state="failed", error=json.dumps(error), **self._over())

    def cancel(self, job_id: str) -> Job:
        """End a job's worker with everything it started, and mark it cancelled; its steps stay."""
        job = self.get(job_id)
        if not job.is_over:
            # Before its end: whoever follows the job would take that for a crash and start it again.
            self._set(
                job_id, state="cancelled", is_cancel_wanted=True, finished_at=time.time(), lease_until=None
            )
        if job.pid is not None and job.pid_started is not None:
            end_group(job.pid, job.pid_started)
        return self.get(job_id)

    def step_result(self, job_id: str, name: str) -> str | None:
        """Return the JSON that a finished step left, or `None`."""
        query = select(steps.c.result).where(steps.c.job_id == job_id, steps.c.name == name)
        with self._database.read() as connection:
            return cast("str | None", connection.execute(query).scalar())

    def save_step(self, job_id: str, name: str, result: str, *, attempt: int, seconds: float) -> None:
        """Record a finished step; from here on it is never done again."""
        with self._database.write() as connection:
            connection.execute(
                insert(steps).values(
                    job_id=job_id, name=name, result=result, attempt=attempt, seconds=seconds,
                    finished_at=later_moment(connection, steps.c.finished_at, steps.c.job_id == job_id),
                )
            )  # fmt: skip

    def steps(self, job_id: str) -> list[tuple[str, int, float]]:
        """Return name, attempt and seconds of every finished step, in order."""
        query = select(steps.c.name, steps.c.attempt, steps.c.seconds).where(steps.c.job_id == job_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(steps.c.finished_at))
            return [(row.name, row.attempt, row.seconds) for row in rows]

    def count_steps(self, job_id: str, prefix: str) -> int:
        """Return how many finished steps have a name that begins so."""
        begins = steps.c.name.startswith(prefix, autoescape=True)
        query = select(func.count()).where(steps.c.job_id == job_id, begins)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def step_results(
        self, job_id: str, prefix: str, suffix: str = "", *, limit: int = 20
    ) -> list[tuple[str, str]]:
        """Return name and JSON of the newest finished steps whose names begin and end so."""
        fits = steps.c.name.startswith(prefix, autoescape=True) & steps.c.name.endswith(
            suffix, autoescape=True
        )
        query = select(steps.c.name, steps.c.result).where(steps.c.job_id == job_id, fits)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(steps.c.finished_at.desc()).limit(limit))
            return [(row.name, row.result) for row in rows]

    def tell(self, job_id: str, kind: str, body: Mapping[str, Any]) -> None:
        """Record an event for whoever follows the job; of progress only the newest is kept."""
        with self._database.write() as connection:
            previous = connection.execute(
                insert(events).values(job_id=job_id, kind=kind, body=json.dumps(body), at=time.time())
            ).inserted_primary_key
            if kind == "progress" and previous is not None:
                # After the insert: SQLite gives a deleted highest id again, and followers would miss it.
                connection.execute(
                    delete(events).where(
                        events.c.job_id == job_id, events.c.kind == kind, events.c.id < previous[0]
                    )
                )

    def events(self, job_id: str, *, after: int) -> list[Event]:
        """Return what a job told after the event `after`, in order."""
        query = select(events).where(events.c.job_id == job_id, events.c.id > after).order_by(events.c.id)
        with self._database.read() as connection:
            return [Event(row.id, row.kind, json.loads(row.body)) for row in connection.execute(query)]

    def _over(self) -> dict[str, Any]:
        return {"finished_at": time.time(), "lease_until": None, "pid": None, "pid_started": None}

    def _set(self, job_id: str, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id, kind=row.kind, order=json.loads(row.order_json), state=cast(State, row.state),
        attempt=row.attempt, pid=row.pid, pid_started=row.pid_started, result=json.loads(row.result),
        error=json.loads(row.error), created_at=row.created_at, finished_at=row.finished_at,
    )  # fmt: skip

"""Jobs in the database: who wants what, who does it, what came of it."""

import json
from collections.abc import Collection, Mapping
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Row, and_, delete, false, func, insert, or_, select, update

from lorewright.errors import Busy, UserError
from lorewright.jobs.job import Event, Job, State
from lorewright.jobs.process import end_group, is_running, start_time, this_host
from lorewright.storage import Database
from lorewright.storage.moments import later_moment
from lorewright.storage.schema import job as jobs
from lorewright.storage.schema import job_event as events
from lorewright.storage.schema import job_step as steps
from lorewright.storage.schema import record as records

LEASE_SECONDS = 20.0
STARTED = "started_job"
"""The kind of records that name, in their label, a job that somebody wants done in the background."""
_TO_GO_ON_WITH = ("queued", "running", "failed", "cancelled")


class Queue:
    """The jobs of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def is_shared(self) -> bool:
        """Whether other hosts may do its jobs, too."""
        return self._database.is_shared

    def submit(self, kind: str, order: Mapping[str, Any]) -> Job:
        """Return the job for this order: the unfinished one of the same order, or a new one.

        A job that runs already is returned as it is, to be followed; one that was cancelled,
        failed or lost its worker is queued again and keeps its finished steps.
        """
        order_json = json.dumps(order, sort_keys=True)
        with self._database.write() as connection:
            self._database.hold(connection, f"order {kind} {order_json}")
            row = connection.execute(
                self._all()
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
            row = connection.execute(self._all().where(jobs.c.id == job_id)).first()
        if row is None:
            raise UserError(f"No job found with id {job_id!r}.", hint="It may belong to another domain.")
        return _job(row)

    def all(self, *, kind: str | None = None, state: State | None = None) -> list[Job]:
        """Return every job, or those of one kind or state, newest first."""
        query = self._all().order_by(jobs.c.created_at.desc())
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
        """Return whether a living process works on the job; on another host only its lease can tell."""
        if job.state != "running" or job.pid is None or job.pid_started is None:
            return False
        return is_running(job.pid, job.pid_started) if self._is_here(job) else job.is_leased

    def requeue(self, job: Job) -> Job:
        """Queue a job again; what is left of its last worker is ended first.

        A job that somebody else took up in between stays as it is.
        """
        self._end_worker(job)
        self._set(job.id, jobs.c.attempt == job.attempt, state="queued", is_cancel_wanted=False,
                  finished_at=None, error="{}", **_NOBODY)  # fmt: skip
        return self.get(job.id)

    def take(self, kinds: Collection[str]) -> Job | None:
        """Return the oldest job of these kinds that waits to be done in the background, or `None`.

        It is kept for this host for as long as a lease: until `claim`, or the next `keep`. A job whose
        worker let its lease run out is given to the next one.
        """
        now = self._database.now()
        nobody_has = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)
        waiting = (
            select(jobs.c.id)
            .join(records, and_(records.c.kind == STARTED, records.c.label == jobs.c.id))
            .where(jobs.c.state.in_(("queued", "running")), nobody_has, jobs.c.kind.in_(sorted(kinds)))
            .order_by(jobs.c.created_at).limit(1).with_for_update(of=jobs, skip_locked=True)
        )  # fmt: skip
        kept = {"state": "queued", "lease_until": now + LEASE_SECONDS}
        job = self._changed(jobs.c.id == waiting.scalar_subquery(), kept)
        if job is not None:
            self._end_worker(job)
        return job

    def over_of_started(self) -> dict[str, Job]:
        """Return, by their ids, the jobs that were to be done in the background and are over."""
        query = self._all().join(records, and_(records.c.kind == STARTED, records.c.label == jobs.c.id))
        over = query.where(jobs.c.state.in_(("finished", "failed", "cancelled")))
        with self._database.read() as connection:
            return {row.id: _job(row) for row in connection.execute(over)}

    def keep(self, job: Job) -> None:
        """Keep a job that was taken, until its worker claims it."""
        self._set(job.id, jobs.c.attempt == job.attempt, jobs.c.state == "queued",
                  lease_until=self._database.now() + LEASE_SECONDS)  # fmt: skip

    def claim(self, job_id: str, pid: int) -> Job:
        """Make the process `pid` the worker of a queued job, or raise `Busy`."""
        values = {
            "state": "running", "attempt": jobs.c.attempt + 1, "host": this_host(), "pid": pid,
            "pid_started": start_time(pid), "lease_until": self._database.now() + LEASE_SECONDS,
        }  # fmt: skip
        job = self._changed(and_(jobs.c.id == job_id, jobs.c.state == "queued"), values)
        if job is None:
            raise Busy(
                f"Job {job_id} is {self.get(job_id).state}, not queued.", hint="Another worker is running it."
            )
        return job

    def renew(self, job_id: str, attempt: int) -> bool:
        """Say that the worker is alive; return whether the job is still its own."""
        return self._set(
            job_id, jobs.c.attempt == attempt, jobs.c.state == "running",
            lease_until=self._database.now() + LEASE_SECONDS,
        )  # fmt: skip

    def finish(self, job_id: str, result: Any, *, attempt: int | None = None) -> None:
        """Record what came of a job; its worker may be at another one from here on.

        Of an `attempt` that is not the job's last any more, nothing is recorded.
        """
        self._set(
            job_id, *_is_at(attempt), state="finished", result=json.dumps(result),
            finished_at=self._database.clock(), **_NOBODY,
        )  # fmt: skip

    def fail(self, job_id: str, error: Mapping[str, str], *, attempt: int | None = None) -> None:
        """Record what stopped a job; its finished steps stay, its worker may be at another one."""
        self._set(
            job_id, *_is_at(attempt), state="failed", error=json.dumps(error),
            finished_at=self._database.clock(), **_NOBODY,
        )  # fmt: skip

    def cancel(self, job_id: str) -> Job:
        """End a job's worker with everything it started, and mark it cancelled; its steps stay.

        A worker on another host ends itself, at its next heartbeat.
        """
        job = self.get(job_id)
        if not job.is_over:
            # Before its end: whoever follows the job would take that for a crash and start it again.
            self._set(
                job_id, jobs.c.state.in_(("queued", "running")), state="cancelled", is_cancel_wanted=True,
                finished_at=self._database.clock(), lease_until=None,
            )  # fmt: skip
        self._end_worker(job)
        return self.get(job_id)

    def step_result(self, job_id: str, name: str) -> str | None:
        """Return the JSON that a finished step left, or `None`."""
        query = select(steps.c.result).where(steps.c.job_id == job_id, steps.c.name == name)
        with self._database.read() as connection:
            return cast("str | None", connection.execute(query).scalar())

    def save_step(self, job_id: str, name: str, result: str, *, attempt: int, seconds: float) -> None:
        """Record a finished step; from here on it is never done again.

        Raises `Busy` where a later attempt is at the job: this one was taken for dead.
        """
        with self._database.write() as connection:
            current = select(jobs.c.attempt).where(jobs.c.id == job_id).with_for_update()
            if connection.execute(current).scalar_one() > attempt:
                raise Busy(f"Job {job_id} was taken over by another worker.", hint="It goes on there.")
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
                insert(events).values(
                    job_id=job_id, kind=kind, body=json.dumps(body), at=self._database.clock()
                )
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

    def _all(self) -> Any:
        return select(*self._columns())

    def _columns(self) -> tuple[Any, ...]:
        is_leased = func.coalesce(jobs.c.lease_until > self._database.now(), false())
        return (*jobs.columns, is_leased.label("is_leased"))

    def _is_here(self, job: Job) -> bool:
        """Return whether the pid of a job means something to us."""
        return not self._database.is_shared or job.host == this_host()

    def _end_worker(self, job: Job) -> None:
        if job.pid is not None and job.pid_started is not None and self._is_here(job):
            end_group(job.pid, job.pid_started)

    def _set(self, job_id: str, *where: Any, **values: Any) -> bool:
        """Change a job where that holds; return whether it did."""
        with self._database.write_once() as connection:
            changing = update(jobs).where(jobs.c.id == job_id, *where).values(**values)
            return connection.execute(changing).rowcount == 1

    def _changed(self, where: Any, values: Mapping[str, Any]) -> Job | None:
        """Change the one job for which that holds, and return it as it is now; `None` where there is none."""
        changing = update(jobs).where(where).values(values)
        with self._database.write_once() as connection:
            row = connection.execute(changing.returning(*self._columns())).first()
        return None if row is None else _job(row)


_NOBODY: Mapping[str, Any] = {"lease_until": None, "host": None, "pid": None, "pid_started": None}


def _is_at(attempt: int | None) -> tuple[Any, ...]:
    """Return the condition that a job is still at an attempt, if one is named."""
    return () if attempt is None else (jobs.c.attempt == attempt, jobs.c.state == "running")


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id, kind=row.kind, order=json.loads(row.order_json), state=cast(State, row.state),
        attempt=row.attempt, pid=row.pid, pid_started=row.pid_started, result=json.loads(row.result),
        error=json.loads(row.error), created_at=row.created_at, finished_at=row.finished_at,
        host=row.host, is_leased=bool(row.is_leased),
    )  # fmt: skip

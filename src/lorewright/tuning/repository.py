"""Tuning runs in the database."""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from lorewright.errors import InUse
from lorewright.storage import Database, Records
from lorewright.storage.moments import later_moment
from lorewright.storage.schema import run
from lorewright.tuning.recipe import Recipe
from lorewright.tuning.trainer import Adapter, AdapterKind, TrainingMetrics

PROMOTED = "promoted_run"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One execution of a recipe; `metrics`, `sha256` and `path` stand for its adapter once finished.

    `adapter` says what it learned from: `bare` prompts or prompts with retrieved `context`.
    `fingerprint` identifies rows, recipe and base: what was trained before is not trained again.
    """

    id: str
    adapter: str
    state: str
    recipe: Mapping[str, Any]
    fingerprint: str
    path: str
    kind: AdapterKind
    sha256: str
    metrics: TrainingMetrics | None
    started_at: float
    finished_at: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the run as JSON values."""
        return asdict(self) | {"metrics": self.metrics.to_json() if self.metrics else None}


class RunRepository:
    """Every run of a domain.

    Paths below `folder` are stored relative to it: a domain that is moved or copied keeps its
    adapters.
    """

    def __init__(self, database: Database, folder: Path = Path("/")) -> None:
        self._database = database
        self._folder = folder

    def begin(self, adapter: str, fingerprint: str, recipe: Recipe, folder: Path) -> Run:
        """Return the run to do, saved as running; one that was interrupted is taken up again."""
        known = self._first(
            run.c.adapter == adapter, run.c.fingerprint == fingerprint, run.c.state == "running"
        )
        if known is not None:
            return known
        started = Run(
            id=uuid.uuid4().hex,
            adapter=adapter,
            state="running",
            recipe=asdict(recipe),
            fingerprint=fingerprint,
            path=str(folder),
            kind="lora",
            sha256="",
            metrics=None,
            started_at=time.time(),
            finished_at=None,
        )
        with self._database.write() as connection:
            started = replace(started, started_at=later_moment(connection, run.c.started_at))
            connection.execute(insert(run), _columns(started) | {"path": self._stored(folder)})
        return started

    def finish(self, started: Run, adapter: Adapter) -> Run:
        """Return the run with its adapter, saved as finished."""
        body = {"kind": adapter.kind, "sha256": adapter.sha256, "metrics": adapter.metrics.to_json()}
        values = {"state": "finished", "path": self._stored(adapter.path), "metrics": json.dumps(body)}
        promoted = Records(self._database, PROMOTED).find(f"promoted/{started.adapter}")
        with self._database.write() as connection:
            at = later_moment(connection, run.c.finished_at)
            at = max(at, float(promoted.body["at"]) + 1e-6) if promoted else at
            connection.execute(update(run).where(run.c.id == started.id).values(finished_at=at, **values))
        return self.get(started.id)

    def fail(self, started: Run) -> None:
        """Mark the run as failed: the next call begins a new one."""
        with self._database.write() as connection:
            connection.execute(
                update(run).where(run.c.id == started.id).values(state="failed", finished_at=time.time())
            )

    def let_go(self, started: Run) -> None:
        """Mark an unfinished run as cancelled: the same order begins a new one."""
        with self._database.write() as connection:
            connection.execute(
                update(run).where(run.c.id == started.id, run.c.state != "finished")
                .values(state="cancelled", finished_at=time.time())
            )  # fmt: skip

    def promote(self, run_id: str) -> Run:
        """Return a finished run, from now on the one that its arms use, until a newer one finishes."""
        chosen = self.get(run_id)
        if chosen.state != "finished" or not Path(chosen.path).is_file():
            raise InUse(
                f"The run {run_id} is {chosen.state}: it has no adapter to promote.",
                hint="Promote a finished run.",
            )
        with self._database.read() as connection:
            at = later_moment(connection, run.c.finished_at)
        Records(self._database, PROMOTED).put(
            f"promoted/{chosen.adapter}", lambda _: {"run": run_id, "at": at}
        )
        return chosen

    def get(self, run_id: str) -> Run:
        """Return the run with this id; raise `KeyError` where there is none."""
        found_run = self._first(run.c.id == run_id)
        if found_run is None:
            raise KeyError(run_id)
        return found_run

    def find(self, adapter: str, fingerprint: str) -> Run | None:
        """Return the latest finished run of this adapter and fingerprint whose file is still there."""
        return self._finished(run.c.adapter == adapter, run.c.fingerprint == fingerprint)

    def latest(self, adapter: str) -> Run | None:
        """Return the run of this adapter that was finished or promoted last, if its file is still there."""
        finished = self._finished(run.c.adapter == adapter)
        promoted = Records(self._database, PROMOTED).find(f"promoted/{adapter}")
        if promoted is None or (finished and (finished.finished_at or 0.0) > promoted.body["at"]):
            return finished
        return self._finished(run.c.id == promoted.body["run"]) or finished

    def all(self) -> list[Run]:
        """Return every run, the latest first."""
        with self._database.read() as connection:
            return [
                self._run(row) for row in connection.execute(select(run).order_by(run.c.started_at.desc()))
            ]

    def _first(self, *conditions: Any) -> Run | None:
        chosen = select(run).where(*conditions).order_by(run.c.started_at.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else self._run(row)

    def _finished(self, *conditions: Any) -> Run | None:
        found_run = self._first(*conditions, run.c.state == "finished")
        return found_run if found_run is not None and Path(found_run.path).is_file() else None

    def _stored(self, path: Path) -> str:
        return str(path.relative_to(self._folder) if path.is_relative_to(self._folder) else path)

    def _run(self, row: Row[Any]) -> Run:
        body = json.loads(row.metrics)
        return Run(
            id=row.id,
            adapter=row.adapter,
            state=row.state,
            recipe=json.loads(row.recipe),
            fingerprint=row.fingerprint,
            path=str(self._folder / row.path),
            kind=body.get("kind", "lora"),
            sha256=body.get("sha256", ""),
            metrics=TrainingMetrics.from_json(body["metrics"]) if "metrics" in body else None,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )


def _columns(value: Run) -> dict[str, Any]:
    return {
        "id": value.id,
        "adapter": value.adapter,
        "state": value.state,
        "recipe": json.dumps(value.recipe),
        "fingerprint": value.fingerprint,
        "metrics": "{}",
        "path": value.path,
        "started_at": value.started_at,
        "finished_at": value.finished_at,
    }

"""The kinds of jobs: what does each, what follows it, and who may start it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lorewright.registry import import_target


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKind:
    """One kind of job; functions are named as `module:function` and imported when they are needed.

    `run` is called as `(workspace, order, steps)` in a process of its own. `settle` is called as
    `(workspace, job)` when a job is over, however it ended; it may be called twice for one job, as
    the server can be killed between the call and taking note of it. `run_in_server` does the job in
    a process that has a server open already, as `(server, order, steps)`. `verb` is what a caller
    must be allowed to, to see, start or cancel one; without it a job belongs to whoever ordered it,
    and is an administrator's to see. With `is_frequent` a server keeps the process for the next job
    of the kind: it may be small. `needs` is what a worker must be able to.
    """

    run: str
    settle: str = ""
    run_in_server: str = ""
    verb: str = ""
    is_frequent: bool = False
    needs: Literal["tune", "embed", "generate"] = "generate"


_OPENAI = "lorewright.workspace.openai"

JOB_KINDS: Mapping[str, JobKind] = {
    "add": JobKind(
        run="lorewright.workspace.documents.add:add", verb="documents", is_frequent=True, needs="embed"
    ),
    "pull": JobKind(run="lorewright.workspace.collections.pull:pull", needs="embed"),
    "tune": JobKind(run="lorewright.workspace.tuning.tune:tune", verb="tune", needs="tune"),
    "compare": JobKind(run="lorewright.workspace.comparisons.compare:compare", verb="evaluate"),
    "remeasure": JobKind(run="lorewright.workspace.answering.remeasure:remeasure", verb="evaluate"),
    "agent": JobKind(
        run="lorewright.workspace.agents.perform:in_worker",
        settle="lorewright.workspace.agents.perform:settle",
        run_in_server="lorewright.workspace.agents.perform:perform_run",
    ),
    "suggest": JobKind(run="lorewright.workspace.dataset.suggesting:suggest", verb="tune"),
    "fine-tune": JobKind(
        run=f"{_OPENAI}.fine_tuning.train:fine_tune",
        settle=f"{_OPENAI}.fine_tuning.train:settle",
        needs="tune",
    ),
    "index-files": JobKind(
        run="lorewright.workspace.collections.indexing:index_files",
        settle="lorewright.workspace.collections.indexing:settle",
        is_frequent=True,
        needs="embed",
    ),
    "eval-run": JobKind(
        run=f"{_OPENAI}.evals.run:in_worker",
        settle=f"{_OPENAI}.evals.run:after",
        run_in_server=f"{_OPENAI}.evals.run:run_evaluation",
    ),
    "batch": JobKind(
        run=f"{_OPENAI}.batches.run:in_worker",
        settle=f"{_OPENAI}.batches.run:after",
        run_in_server=f"{_OPENAI}.batches.run:run_batch",
    ),
}
"""Every kind of job by its name."""


def imported(target: str) -> Callable[..., Any]:
    """Return the function that a kind names."""
    function: Callable[..., Any] = import_target(target)
    return function


def verb_of(kind: str) -> str:
    """Return what a caller must be allowed to, to start or cancel a job of this kind."""
    return JOB_KINDS[kind].verb or "admin" if kind in JOB_KINDS else "admin"

"""`/lorewright/v1/tuning`: runs: how each went, which one the arms use, paused, resumed, taken along."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.tuning.curve import Curve
from lorewright.workspace.tuning.runs import (
    ShownRun,
    adapter_archive,
    adapter_file,
    cancel_tuning_run,
    curve_of,
    find_run,
    list_runs,
    pause_run,
    promote_run,
    resume_run,
)

router = APIRouter(prefix="/lorewright/v1/tuning/runs", tags=["tuning"])


@router.get("")
def get_runs(server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "") -> dict[str, Any]:
    """List tuning runs, newest first; start one at /lorewright/v1/jobs."""
    runs = list_runs(server, caller)
    ids = [run.run.id for run in runs]
    if after and after not in ids:
        raise BadParameter("after", f"No run found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = runs[start : start + limit]
    return listed_values([_as_json(one) for one in page], has_more=len(runs) > start + limit)


@router.get("/{run_id}")
def get_run(run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one run with its curve: the loss of every step, validation losses, samples."""
    run = find_run(server, caller, run_id)
    return {**_as_json(run), "curve": _curve(curve_of(run))}


@router.post("/{run_id}/promote")
def promote(run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Make the arms use this run, until a newer one finishes."""
    return _as_json(promote_run(server, caller, run_id))


@router.post("/{run_id}/pause")
def pause(run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Pause a run; it can be resumed at its last checkpoint."""
    return _as_json(pause_run(server, caller, run_id))


@router.post("/{run_id}/resume")
def resume(run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Resume a paused run, and return its job."""
    return shown_job(server, caller, resume_run(server, caller, run_id))


@router.post("/{run_id}/cancel")
def cancel(run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel an unfinished run permanently and delete its progress."""
    return _as_json(cancel_tuning_run(server, caller, run_id))


@router.get("/{run_id}/adapter")
def get_adapter(run_id: str, server: ServerOf, caller: CallerOf) -> FileResponse:
    """Return the adapter as a GGUF file; for the recipe full, the whole model."""
    path = adapter_file(server, caller, run_id)
    return FileResponse(path, media_type="application/octet-stream", filename=f"{run_id[:8]}-{path.name}")


@router.get("/{run_id}/safetensors")
def get_safetensors(run_id: str, server: ServerOf, caller: CallerOf) -> FileResponse:
    """Return the adapter as PEFT reads it, in a zip file."""
    path = adapter_archive(server, caller, run_id)
    return FileResponse(path, media_type="application/zip", filename=path.name)


def _as_json(tuning_run: ShownRun) -> dict[str, Any]:
    run, metrics = tuning_run.run, tuning_run.run.metrics
    return {
        "id": run.id,
        "object": "tuning.run",
        "adapter": run.adapter,
        "arms": list(tuning_run.arms),
        "state": tuning_run.state,
        "in_use": tuning_run.is_in_use,
        "remote_model": tuning_run.remote_model or None,
        "reason": tuning_run.reason or None,
        "job": tuning_run.job.id if tuning_run.job else None,
        "recipe": dict(run.recipe),
        "metrics": metrics.to_json() if metrics else None,
        "created_at": int(run.started_at),
        "finished_at": int(run.finished_at) if run.finished_at else None,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    looks = [
        {
            "step": look.step,
            "held_out_loss": look.loss,
            "samples": [asdict(one) for one in look.samples],
        }
        for look in curve.looks
    ]
    return {"n_steps": curve.n_steps, "losses": list(curve.losses), "looks": looks}

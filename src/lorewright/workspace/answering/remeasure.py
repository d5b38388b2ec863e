"""Deployments measured again: does what is live answer as well as what was measured?"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.deployments import Version, changes
from lorewright.errors import NothingMeasured
from lorewright.evaluation import Comparison, Measured, take_primary
from lorewright.evaluation import compare as compare_reports
from lorewright.evaluation.regression import ArmChange, changes_since
from lorewright.jobs import Job, Steps
from lorewright.models import Engine, EngineKey, open_engine
from lorewright.workspace.comparisons.asking import ask_all
from lorewright.workspace.comparisons.compare import measured_report, scoring_context
from lorewright.workspace.dataset.material import material_for
from lorewright.workspace.dataset.refusals import style_of
from lorewright.workspace.deployments.checks import Check, due, save_check, stored_check
from lorewright.workspace.deployments.records import (
    engine_of,
    flow_of,
    material_of,
    stored_deployment,
    stored_version,
)
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.parts import DomainParts
from lorewright.workspace.jobs.orders import caller_of
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import Server


def remeasure(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Ask the live version of a `deployment` the held-out questions, and keep what became of it.

    It is held against the comparison that it was deployed from: the same questions, one by one.
    Raises `NothingMeasured` where it was deployed without one, or that was removed.
    """
    caller = caller_of(workspace, order)
    name = str(order["deployment"])
    live = stored_deployment(workspace, name).live
    if not live:
        raise NothingMeasured(f"{name} has no live version.", hint="Promote a version first.")
    version = stored_version(workspace, name, live)
    before = _baseline(workspace, version)
    material = material_of(workspace, version)
    reasons = changes(version, material)
    now = _measured(workspace, caller, version, steps)
    (change,) = changes_since(_only(before, version.arm), now)
    check = _check(version, change, now.n_questions)
    save_check(workspace, replace(check, material=material, reasons=reasons))
    steps.say(change.text)
    return {"version": version.name, "outcome": change.outcome, "text": change.text}


def remeasure_due(server: Server, caller: Caller, *, hours: float, now: float | None = None) -> list[Job]:
    """Return the jobs that measure deployments again: those that changed, each once in so many hours."""
    caller.need("evaluate")
    moment = time.time() if now is None else now
    jobs = []
    for version in due(server.workspace):
        check = stored_check(server.workspace, version.name)
        if check is None or moment - check.at >= hours * 3600:
            jobs.append(start_job(server, caller, "remeasure", {"deployment": version.deployment}))
    return jobs


class _PinnedParts(DomainParts):
    """What a version answers with: its own models, and the documents as they are now."""

    def __init__(self, workspace: Workspace, caller: Caller, version: Version) -> None:
        super().__init__(workspace, caller)
        self._keys = {name: engine_of(workspace, pin, version.name) for name, pin in version.pins.items()}
        self._open: dict[str, Engine] = {}

    def engine(self, adapter: str) -> Engine:
        """Return the running engine of the model that the version pins for an adapter."""
        if adapter not in self._keys:
            return super().engine(adapter)
        if adapter not in self._open:
            self._open[adapter] = _opened(self._workspace, self._keys[adapter])
        return self._open[adapter]

    def engine_key(self, adapter: str) -> EngineKey:
        """Return the model that the version pins for an adapter."""
        return self._keys.get(adapter) or super().engine_key(adapter)

    def close(self) -> None:
        """Stop the engines."""
        for engine in self._open.values():
            engine.close()


def _opened(workspace: Workspace, key: EngineKey) -> Engine:
    serve = workspace.settings.serve
    return open_engine(
        key.uri,
        store=workspace.store,
        adapter=key.adapter_path,
        context_tokens=workspace.settings.models.context_tokens,
        n_threads=serve.n_threads,
        n_prompt_threads=serve.n_prompt_threads,
        gpu_layers=serve.gpu_layers,
        api_key=model_key(workspace.settings, workspace.state_folder, key.uri),
    )


def _measured(workspace: Workspace, caller: Caller, version: Version, steps: Steps) -> Comparison:
    """Return the version's answers of now, scored, as a comparison of one arm that is kept nowhere."""
    material = material_for(workspace, caller)
    style, flow = style_of(workspace, material), replace(flow_of(version), name=version.arm)
    primary = take_primary(material.questions, scoring_context(workspace, caller, style), labels=style.labels)
    parts = _PinnedParts(workspace, caller, version)
    try:
        answers = ask_all(flow, material.questions, parts, steps, label=f"asking {version.name}")
    finally:
        parts.close()
    report = measured_report(workspace, flow, answers, material.questions, primary.context)
    return compare_reports(
        [report],
        id=uuid4().hex,
        created_at=time.time(),
        primary=primary.context.primary,
        measured=Measured(seed=workspace.settings.tuning.seed),
    )


def _baseline(workspace: Workspace, version: Version) -> Comparison:
    known: Sequence[str] = workspace.comparisons.ids()
    if version.comparison not in known:
        raise NothingMeasured(
            f"{version.name} was deployed without a comparison, or that was removed.",
            hint="Run lorewright compare, and deploy again.",
        )
    return workspace.comparisons.get(version.comparison)


def _only(comparison: Comparison, arm: str) -> Comparison:
    reports = tuple(report for report in comparison.reports if report.arm == arm)
    return replace(comparison, reports=reports)


def _check(version: Version, change: ArmChange, n_questions: int) -> Check:
    return Check(
        version=version.name,
        at=time.time(),
        outcome=change.outcome,
        text=change.text,
        n_questions=n_questions,
    )

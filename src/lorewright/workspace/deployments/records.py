"""Deployments and their versions as they are kept, whoever asks, and the models that versions hold on to."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from lorewright.deployments import DeployedMaterial, Deployment, Pin, Version, version_name
from lorewright.errors import NotFound, UnknownModel
from lorewright.evaluation import from_json, to_json
from lorewright.flows import Flow, adapters_of, flow_from_json, retrieves
from lorewright.models import READER, EngineKey, is_remote, parse_source
from lorewright.storage import Record, Records
from lorewright.tuning import Run
from lorewright.whole_files import sha256_of
from lorewright.workspace.domain.tuned_elsewhere import tuned_there
from lorewright.workspace.domain.workspace import Workspace

KIND, VERSIONS = "deployment", "deployment_version"


def stored_deployment(workspace: Workspace, name: str) -> Deployment:
    """Return a deployment; raise `NotFound` where there is none of this name."""
    record = Records(workspace.database, KIND).find(name)
    if record is None:
        raise no_deployment(name)
    return deployment_in(record)


def no_deployment(name: str) -> NotFound:
    """Return the error for a deployment that is not there, or not for this caller."""
    return NotFound(f"No deployment found with name {name!r}.", hint="Create one with: lorewright deploy")


def stored_deployments(workspace: Workspace) -> list[Deployment]:
    """Return every deployment, the oldest first."""
    return [deployment_in(record) for record in Records(workspace.database, KIND).all()]


def deployment_in(record: Record) -> Deployment:
    """Return the deployment that a record holds."""
    return from_json(Deployment, record.body)


def add_deployment(workspace: Workspace, name: str) -> None:
    """Make a deployment without versions, unless it is there."""
    records = Records(workspace.database, KIND)
    if records.find(name) is None:
        records.add(name, to_json(Deployment(name=name)))


def change_deployment(workspace: Workspace, name: str, how: Callable[[Deployment], Deployment]) -> Deployment:
    """Return the deployment as `how` changed it, saved; two changes at once both count."""
    stored_deployment(workspace, name)
    changed = Records(workspace.database, KIND).change(
        name, lambda body: to_json(how(from_json(Deployment, body)))
    )
    return deployment_in(changed)


def forget_deployment(workspace: Workspace, name: str) -> None:
    """Remove a deployment with its versions."""
    Records(workspace.database, KIND).remove(name)
    Records(workspace.database, VERSIONS).remove_all(parent=name)


def add_version(workspace: Workspace, version: Version) -> None:
    """Save a version."""
    Records(workspace.database, VERSIONS).add(version.name, to_json(version), parent=version.deployment)


def stored_version(workspace: Workspace, name: str, number: int) -> Version:
    """Return one version of a deployment; raise `NotFound` where there is none of this number."""
    record = Records(workspace.database, VERSIONS).find(version_name(name, number))
    if record is None:
        raise NotFound(f"No version {number} found of the deployment {name!r}.")
    return from_json(Version, record.body)


def stored_versions(workspace: Workspace, name: str) -> list[Version]:
    """Return every version of a deployment, the first one first."""
    records = Records(workspace.database, VERSIONS).all(parent=name)
    return [from_json(Version, record.body) for record in records]


def flow_of(version: Version) -> Flow:
    """Return the flow that a version answers with."""
    return flow_from_json(version.flow)


def pin_for(workspace: Workspace, adapter: str, measured: str) -> Pin:
    """Return the model that answers for an adapter name: the run that was measured, else the latest.

    `measured` is the fingerprint of base and adapter together, '' where nothing was measured.
    """
    if adapter in ("", READER):
        sha256 = _keep_reader(workspace) if adapter else ""
        return Pin(uri=workspace.settings.models.chat, run=READER if sha256 else "", sha256=sha256)
    run = _measured_run(workspace.runs.all(), adapter, measured) or workspace.runs.latest(adapter)
    if run is None:
        raise UnknownModel(
            f"The {adapter} adapter is not trained yet.", hint="Train it with: lorewright tune"
        )
    if there := tuned_there(run.kind, run.path):
        return Pin(uri=there.uri, run=run.id, sha256=run.sha256)
    base = workspace.settings.models.embedding if run.kind == "classifier" else workspace.tuning_base()
    return Pin(uri=base, run=run.id, sha256=run.sha256, is_whole=run.kind == "full")


def engine_of(workspace: Workspace, pin: Pin, what: str) -> EngineKey:
    """Return which engine runs a pinned model; raise `UnknownModel` where its file is gone."""
    if not pin.run or is_remote(pin.uri):
        return EngineKey(pin.uri)
    if pin.run == READER:
        path = str(_kept_reader(workspace, pin.sha256))
    else:
        path = next((run.path for run in workspace.runs.all() if run.id == pin.run), "")
    if not path or not Path(path).is_file():
        raise UnknownModel(f"The adapter of {what} no longer exists.", hint="Deploy a new version.")
    return EngineKey(f"file:{path}") if pin.is_whole else EngineKey(pin.uri, path)


def material_of(workspace: Workspace, version: Version) -> DeployedMaterial:
    """Return what a version answers from at this moment."""
    return DeployedMaterial(
        model=next(
            (version.pins[name].uri for name in ("", READER) if name in version.pins),
            workspace.settings.models.chat,
        ),
        adapters={name: pin.sha256 for name, pin in version.pins.items() if pin.sha256},
        flow_hash=version.flow_hash,
        **_index_of(workspace, flow_of(version)),
    )


def concerning(flow: Flow, measured: DeployedMaterial) -> DeployedMaterial:
    """Return what of a comparison's material concerns a flow."""
    body = asdict(measured) | {
        "adapters": {
            name: adapter for name, adapter in measured.adapters.items() if name in adapters_of(flow)
        }
    }
    if not retrieves(flow):
        body |= {"index_version": "", "embedding": ""}
    return DeployedMaterial(**body)


def _index_of(workspace: Workspace, flow: Flow) -> dict[str, str]:
    if not retrieves(flow) or workspace.documents.count() == 0:
        return {}
    return {"index_version": workspace.collection.version, "embedding": workspace.embedder.name}


def _keep_reader(workspace: Workspace) -> str:
    """Keep the reader that answers now, which another release may replace; return its sha256, '' for none."""
    path = workspace.reader.path
    if path is None:
        return ""
    sha256 = sha256_of(path)
    kept = _kept_reader(workspace, sha256)
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".partial")
        shutil.copyfile(path, unfinished)
        unfinished.replace(kept)
    return sha256


def _kept_reader(workspace: Workspace, sha256: str) -> Path:
    return workspace.state_folder / "readers" / f"{sha256}.gguf"


def _measured_run(runs: Iterable[Run], adapter: str, measured: str) -> Run | None:
    """Return the run whose content a fingerprint ends in, if its file is still there."""
    return next(
        (
            run
            for run in runs
            if run.adapter == adapter and run.sha256 and Path(run.path).is_file()
            if measured.endswith(_end_of_fingerprint(run))
        ),
        None,
    )


def _end_of_fingerprint(run: Run) -> str:
    """Return what the fingerprint of an engine with a run's adapter ends in."""
    there = tuned_there(run.kind, run.path)
    return f"#{parse_source(there.uri).name}" if there else run.sha256

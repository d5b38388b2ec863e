"""What an arm took to build, and what a comparison was made with."""

from collections.abc import Sequence
from pathlib import Path

from lorewright import __version__
from lorewright.evaluation import Measured, SetUp, to_json
from lorewright.flows import Flow, flow_hash
from lorewright.workspace.facts import ingestion_seconds, machine
from lorewright.workspace.material import Material
from lorewright.workspace.measure import adapter_of, retrieves
from lorewright.workspace.workspace import Workspace


def set_up(workspace: Workspace, flow: Flow) -> SetUp:
    """Return what the arm took to build: adding documents if it retrieves, tuning if it is tuned."""
    adapter = adapter_of(flow)
    run = workspace.runs.latest(adapter) if adapter else None
    tuned = workspace.tuned(adapter)
    index = workspace.state_folder / "index"
    return SetUp(
        ingestion_seconds=ingestion_seconds(workspace) if retrieves(flow) else 0.0,
        tuning_seconds=workspace.tuning_seconds(adapter),
        n_documents=workspace.documents.count() if retrieves(flow) else 0,
        n_examples=tuned.n_rows if tuned else 0,
        index_bytes=sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        if retrieves(flow)
        else 0,
        adapter_bytes=Path(run.path).stat().st_size if run else 0,
    )


def measured_with(workspace: Workspace, flows: Sequence[Flow], material: Material) -> Measured:
    """Return enough to measure the same again: weights, adapters, index, settings, machine."""
    kinds = dict.fromkeys(adapter_of(flow) for flow in flows if adapter_of(flow))
    has_documents = workspace.documents.count() > 0
    return Measured(
        lorewright=__version__,
        model=workspace.settings.models.chat,
        weights=workspace.engine().fingerprint,
        adapters={kind: workspace.engine(kind).fingerprint for kind in kinds},
        flows={flow.name: flow_hash(flow) for flow in flows},
        index_version=workspace.collection.version if has_documents else "",
        embedding=workspace.embedder.name,
        settings=to_json(workspace.settings),
        seed=workspace.settings.tuning.seed,
        machine=machine(),
        n_left_out=len(material.leaked),
    )

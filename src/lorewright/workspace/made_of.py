"""What an arm took to build, and what a comparison was made with."""

from collections.abc import Sequence
from pathlib import Path

from lorewright import __version__
from lorewright.evaluation import Measured, SetUp, to_json
from lorewright.flows import Flow, adapters_of, flow_hash, retrieves
from lorewright.knowledge.place import current_place
from lorewright.workspace.facts import ingestion_seconds, machine
from lorewright.workspace.material import Material
from lorewright.workspace.workspace import Workspace


def set_up(workspace: Workspace, flow: Flow) -> SetUp:
    """Return what the arm took to build: adding documents if it retrieves, tuning if it is tuned."""
    adapters = [adapter for adapter in adapters_of(flow) if adapter]
    runs = [run for adapter in adapters if (run := workspace.runs.latest(adapter))]
    tuned = [found for adapter in adapters if (found := workspace.tuned(adapter))]
    index = current_place(workspace.state_folder / "index")
    return SetUp(
        ingestion_seconds=ingestion_seconds(workspace) if retrieves(flow) else 0.0,
        tuning_seconds=sum(workspace.tuning_seconds(adapter) for adapter in adapters),
        n_documents=workspace.documents.count() if retrieves(flow) else 0,
        n_examples=max((found.n_rows for found in tuned), default=0),
        index_bytes=sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        if retrieves(flow)
        else 0,
        adapter_bytes=sum(Path(run.path).stat().st_size for run in runs),
    )


def measured_with(workspace: Workspace, flows: Sequence[Flow], material: Material) -> Measured:
    """Return enough to measure the same again: weights, adapters, index, settings, machine."""
    kinds = dict.fromkeys(name for flow in flows for name in adapters_of(flow) if name)
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

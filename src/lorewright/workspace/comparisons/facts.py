"""What the advisor needs to know about a domain, and what a comparison was measured with."""

import json
import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lorewright import __version__
from lorewright.access import Caller
from lorewright.advisor import Facts, count_changes, form_of
from lorewright.documents import find_files
from lorewright.evaluation import Measured, Question, SetUp, to_json, unknown_documents
from lorewright.flows import Flow, adapters_of, flow_hash, retrieves
from lorewright.flows.arm_names import ADAPTERS
from lorewright.flows.labels import labels_of
from lorewright.knowledge.index_location import current_place
from lorewright.models import READER
from lorewright.settings import Evaluation
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.dataset.suggestions import ORIGIN, SYNTHETIC
from lorewright.workspace.domain.classifiers import CLASSIFIER, find_classifier
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace


def facts_of(workspace: Workspace, caller: Caller, material: LearningMaterial) -> Facts:
    """Return what a caller may know: counts, how often documents changed, and what was tuned."""
    allowed = readable(workspace, caller)
    n_documents = workspace.documents.count(allowed)
    n_files = len(find_files(workspace.documents_folder)) if allowed.is_all else 0
    return Facts(
        n_examples=material.n_examples_read,
        n_after_dedup=material.n_examples_read - material.n_duplicates,
        n_documents=n_documents or n_files,
        n_chunks=workspace.collection.count(allowed) if n_documents else 0,
        n_questions=len(material.questions),
        n_labels=len(labels_of(material.examples)),
        form=form_of([example.completion for example in material.examples]) if material.examples else None,
        changes=count_changes(
            [
                (change.document_id, change.kind, change.at)
                for change in workspace.documents.changes()
                if allowed.holds(change.document_id)
            ],
            now=time.time(),
            stated_per_month=workspace.settings.traffic.changes_per_month,
        ),
        tuned=tuple(kind for kind in ADAPTERS if workspace.runs.latest(kind) is not None),
        model=workspace.settings.models.chat,
        machine=machine(),
    )


def machine() -> dict[str, str]:
    """Return what a reader of a figure must know about the computer it was measured on."""
    return {
        "lorewright": __version__,
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
    }


def ingestion_seconds(workspace: Workspace) -> float:
    """Return how long adding documents took, over every `add` and `compare` that indexed some."""
    queue = workspace.queue
    added = [job.result for job in queue.all(kind="add") if job.result]
    longer = (*queue.all(kind="tune"), *queue.all(kind="compare"))
    added += [json.loads(queue.step_result(job.id, "add") or "null") for job in longer]
    return sum(float(result["seconds"]) for result in added if result and result["n_chunks"])


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def set_up(workspace: Workspace, flow: Flow) -> SetUp:
    """Return what the arm took to build: adding documents if it retrieves, tuning if it is tuned."""
    adapters = [adapter for adapter in adapters_of(flow) if adapter]
    runs = [run for adapter in adapters if (run := workspace.runs.latest(adapter))]
    tuned = [metrics for adapter in adapters if (metrics := workspace.tuned(adapter))]
    index = current_place(workspace.state_folder / "index")
    return SetUp(
        ingestion_seconds=ingestion_seconds(workspace) if retrieves(flow) else 0.0,
        tuning_seconds=sum(workspace.tuning_seconds(adapter) for adapter in adapters),
        tuning_cpu_seconds=sum(workspace.tuning_seconds(adapter, of_cpu=True) for adapter in adapters),
        tuning_usd=sum(usd) if (usd := [one.usd for one in tuned if one.usd is not None]) else None,
        n_documents=workspace.documents.count() if retrieves(flow) else 0,
        n_examples=max((metrics.n_rows for metrics in tuned), default=0),
        index_bytes=sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        if retrieves(flow)
        else 0,
        adapter_bytes=sum(Path(run.path).stat().st_size for run in runs),
    )


def measured_with(
    workspace: Workspace,
    caller: Caller,
    flows: Sequence[Flow],
    material: LearningMaterial,
    questions: Sequence[Question],
    scored: Evaluation,
) -> Measured:
    """Return enough to measure the same again: weights, adapters, index, settings, machine.

    `scored` are the settings of the evaluation as they were used, with fields that were derived.
    """
    kinds = dict.fromkeys(name for flow in flows for name in adapters_of(flow) if name)
    if workspace.reader.path is None:
        kinds.pop(READER, None)
    allowed = readable(workspace, caller)
    has_documents = workspace.documents.count(allowed) > 0
    return Measured(
        lorewright=__version__,
        model=workspace.settings.models.chat,
        weights=workspace.engine().fingerprint,
        adapters={kind: weights_of(workspace, kind) for kind in kinds},
        flows={flow.name: flow_hash(flow) for flow in flows},
        index_version=workspace.collection.version_for(allowed) if has_documents else "",
        embedding=workspace.embedder.name,
        settings=to_json(replace(workspace.settings, evaluation=scored)),
        seed=workspace.settings.tuning.seed,
        machine=machine(),
        n_left_out=len(material.leaked),
        unknown_documents=_unknown_documents(workspace, questions),
        n_synthetic=sum(question.metadata.get(ORIGIN) == SYNTHETIC for question in questions),
    )


def weights_of(workspace: Workspace, adapter: str) -> str:
    """Identify the weights that answer for an adapter, base and all."""
    if adapter == CLASSIFIER:
        classifier = find_classifier(workspace, adapter)
        return f"{classifier.name}+{classifier.sha256}"
    return workspace.engine(adapter).fingerprint


def unknown_document_lines(workspace: Workspace, questions: Sequence[Question]) -> Iterator[str]:
    """Yield a warning where questions name documents that are not there."""
    names = _unknown_documents(workspace, questions)
    if names:
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        yield (
            f"Warning: questions name documents that are not there: {', '.join(names[:3])}{more}. Retrieval "
            "counts as missed for them: use ids as lorewright search shows them, or remove document_ids."
        )


def _unknown_documents(workspace: Workspace, questions: Sequence[Question]) -> tuple[str, ...]:
    """Return documents that questions name and that are not there; none where there are no documents."""
    known = workspace.documents.states()
    return unknown_documents(questions, known) if known else ()

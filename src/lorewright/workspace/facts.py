"""What is known about this domain besides any measurement."""

import json
import os
import platform
import time
from pathlib import Path

from lorewright import __version__
from lorewright.advisor import Facts, count_changes, form_of
from lorewright.documents import find_files
from lorewright.workspace.material import Material
from lorewright.workspace.workspace import Workspace


def facts_of(workspace: Workspace, material: Material) -> Facts:
    """Return what is known: counts, how often documents changed, and what was tuned."""
    n_documents = workspace.documents.count()
    return Facts(
        n_examples=material.n_examples_read,
        n_after_dedup=material.n_examples_read - material.n_duplicates,
        n_documents=n_documents or len(find_files(workspace.documents_folder)),
        n_chunks=workspace.collection.n_chunks if n_documents else 0,
        n_questions=len(material.questions),
        form=form_of([example.completion for example in material.examples]) if material.examples else None,
        changes=count_changes(
            [(change.document_id, change.kind, change.at) for change in workspace.documents.changes()],
            now=time.time(),
            stated_per_month=workspace.settings.traffic.changes_per_month,
        ),
        tuned=tuple(kind for kind in ("bare", "context") if workspace.runs.latest(kind) is not None),
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
    return sum(float(found["seconds"]) for found in added if found and found["n_chunks"])


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()

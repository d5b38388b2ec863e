"""Arms of a served domain as if they had been measured and tuned: saved comparisons and runs."""

from hashlib import sha256
from pathlib import Path

from lorewright.evaluation import Measured, Row, build_report, compare
from lorewright.flows import flow_hash
from lorewright.settings import Tuning
from lorewright.tuning import Run, recipe_for
from lorewright.tuning.trainer import Adapter, TrainingMetrics
from lorewright.workspace import Workspace
from lorewright.workspace.flows.library import ADAPTER_OF, domain_arms

METRICS = TrainingMetrics(
    losses=(1.0,), step_tokens=(1,), validation_loss_before=None, validation_loss=None, n_rows=60,
    n_validation_rows=0, n_rows_too_long=0, n_tokens=1, n_completion_tokens=1, precision="float32",
    seconds=1.0, cpu_seconds=1.0, peak_bytes=1,
)  # fmt: skip


def measure(workspace: Workspace, arm: str, *, n_right: int, n: int, at: float = 1.0) -> str:
    """Save a comparison in which an arm answered `n_right` of `n` questions, and return its id."""
    rows = [_row(number, is_right=number < n_right) for number in range(n)]
    adapter = ADAPTER_OF.get(arm, "")
    run = workspace.runs.latest(adapter) if adapter else None
    comparison = compare(
        [build_report(arm, rows)],
        id=f"c{at:g}",
        created_at=at,
        primary="exact",
        measured=Measured(
            model=workspace.settings.models.chat,
            adapters={adapter: f"sha256:base+sha256:{run.sha256}"} if run else {},
            flows={arm: flow_hash(domain_arms(workspace)[arm])},
            index_version=workspace.collection.version,
            embedding=workspace.embedder.name,
        ),
    )
    workspace.comparisons.save(comparison)
    return comparison.id


def tune(workspace: Workspace, kind: str, name: str) -> Run:
    """Save a finished run whose adapter is a file of this name, and return it."""
    path = Path(workspace.state_folder, "runs", name, f"{name}.gguf")
    path.parent.mkdir(parents=True)
    path.write_bytes(name.encode())
    recipe = recipe_for(Tuning(), effort="fast", n_rows=60)
    begun = workspace.runs.begin(kind, name, recipe, path.parent)
    made = Adapter(
        kind="lora",
        path=path,
        folder=path.parent,
        sha256=sha256(name.encode()).hexdigest(),
        metrics=METRICS,
    )
    return workspace.runs.finish(begun, made)


def _row(number: int, *, is_right: bool) -> Row:
    return Row(
        question_id=f"q{number}",
        question=f"Question {number}?",
        targets=("Yes",),
        answerable=True,
        text="Yes" if is_right else "No",
        refused=False,
        citations=(),
        scores={"correctness": float(is_right), "hallucination_rate": 0.0},
        is_right=is_right,
        failure="" if is_right else "retrieved-but-ignored",
        unsupported=(),
        latency_ms=100.0 + number,
        prompt_tokens=10,
        completion_tokens=2,
    )

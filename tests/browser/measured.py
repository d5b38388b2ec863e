"""Domains with comparisons to look at: the version desk with its own, and made ones of any size."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lorewright.evaluation import Cited, Comparison, Measured, Row, build_report, compare
from lorewright.workspace.comparisons.bundled import load_bundled_comparison
from lorewright.workspace.domain.version_desk import lay_out_demo
from lorewright.workspace.domain.workspace import Workspace

HASHING = '\n[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'


def version_desk(folder: Path, *, is_measured: bool = True) -> str:
    """Lay out the version desk, to be served with a scripted model; return its comparison's id."""
    lay_out_demo(folder)
    settings = folder / "lorewright.toml"
    settings.write_text(settings.read_text() + HASHING)
    if not is_measured:
        return ""
    with Workspace(folder) as workspace:
        return load_bundled_comparison(workspace).id


def save(folder: Path, comparison: Comparison) -> str:
    """Save a comparison in a domain; return its id."""
    with Workspace(folder) as workspace:
        workspace.comparisons.save(comparison)
    return comparison.id


def made(
    arms: dict[str, Callable[[int], bool]], n: int, *, name: str = "made", at: float = 1.8e9, **told: object
) -> Comparison:
    """Return a comparison of arms that are right where their function of the question's number says so."""
    return compare(
        [build_report(arm, [_row(number, is_right(number), **told) for number in range(n)])
         for arm, is_right in arms.items()],
        id=name, created_at=at, primary="contains", measured=Measured(model="parrot"),
    )  # fmt: skip


def _row(number: int, is_right: bool, **told: object) -> Row:
    row = Row(
        question_id=f"q{number}",
        question=f"Question number {number}?",
        targets=("so",),
        answerable=True,
        text="so" if is_right else "not so",
        refused=False,
        citations=(Cited(document_id="a.md", title="A page", quote="It is so."),),
        scores={"correctness": float(is_right), "hallucination_rate": 0.0},
        is_right=is_right,
        failure="" if is_right else "not-retrieved",
        unsupported=(),
        latency_ms=10.0 + number % 7,
        prompt_tokens=10,
        completion_tokens=2,
        tags=("odd",) if number % 2 else ("even",),
    )
    return replace(row, **told)  # type: ignore[arg-type]

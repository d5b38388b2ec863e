"""The comparison that the verdict of a domain rests on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.measured_domain import measure

from lorewright.access import LOCAL
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.advice import advise


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "lorewright.toml").write_text(
        '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
    )
    with Workspace(tmp_path) as workspace:
        yield workspace


@pytest.mark.parametrize(("n_questions", "is_standing"), [(6, False), (30, True)])
def test_a_trial_of_six_questions_does_not_replace_the_verdict(
    workspace: Workspace, n_questions: int, is_standing: bool
) -> None:
    """Whoever tries one thing out must not find another recommendation on Home the next day."""
    first = measure(workspace, "rag", n_right=25, n=30, at=1.0)
    second = measure(workspace, "rag", n_right=n_questions, n=n_questions, at=2.0)

    comparison, _ = advise(workspace, LOCAL)

    assert comparison is not None
    assert comparison.id == (second if is_standing else first)


def test_the_first_trial_counts_however_small_it_is(workspace: Workspace) -> None:
    trial = measure(workspace, "rag", n_right=5, n=6)

    comparison, _ = advise(workspace, LOCAL)

    assert comparison is not None
    assert comparison.id == trial

"""A chat model as the judge of a domain's answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.measured_domain import measure
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import InvalidSetting
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.llm_judge import calibrate, need_evidence, write_to_rate


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        yield workspace


def strict(prompt: str) -> str:
    """Find right what repeats the reference."""
    reference, _, answer = prompt.partition("Reference:\n")[2].partition("\n\nAnswer:\n")
    return "RIGHT" if reference in answer else "WRONG"


def rate(workspace: Workspace, *, is_lenient: bool) -> None:
    rows = [
        {
            "reference": f"{n} days",
            "answer": f"It is {n if n % 2 else n + 1} days.",
            "right": bool(n % 2) != is_lenient,
        }
        for n in range(30)
    ]
    (workspace.folder / "ratings.jsonl").write_text("\n".join(map(json.dumps, rows)))


def test_a_judge_that_agrees_with_people_may_decide(workspace: Workspace) -> None:
    rate(workspace, is_lenient=False)
    kappa = calibrate(workspace, strict)
    assert kappa is not None
    assert kappa.value == pytest.approx(1.0)
    need_evidence(kappa)


def test_a_judge_that_does_not_is_refused_as_sole_evidence(workspace: Workspace) -> None:
    with pytest.raises(InvalidSetting, match="there are no rated answers"):
        need_evidence(calibrate(workspace, strict))
    rate(workspace, is_lenient=True)
    with pytest.raises(InvalidSetting, match=r"it reaches kappa -1\.00"):
        need_evidence(calibrate(workspace, strict))


def test_answers_to_rate_come_from_a_comparison(workspace: Workspace, tmp_path: Path) -> None:
    comparison_id = measure(workspace, "rag", n_right=3, n=6)
    path = tmp_path / "ratings.jsonl"
    assert write_to_rate(workspace, LOCAL, comparison_id, path) == 2  # that say different things
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(row["answer"] for row in rows) == ["No", "Yes"]
    assert all(row["right"] is None for row in rows)

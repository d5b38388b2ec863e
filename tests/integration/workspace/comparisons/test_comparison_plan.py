"""What a comparison can be made of, and how far it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import LOCAL
from lorewright.errors import NothingMeasured, UnknownName
from lorewright.jobs import Steps
from lorewright.workspace.comparisons.bundled import load_bundled_comparison
from lorewright.workspace.comparisons.listing import list_comparisons, rename_comparison
from lorewright.workspace.comparisons.plan import plan_comparison, time_needed
from lorewright.workspace.comparisons.progress import asking, watch_comparison
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.dataset.question_choice import chosen_questions, comparison_order
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.templates import create_from_template
from lorewright.workspace.domain.version_desk import create_demo
from lorewright.workspace.domain.workspace import Workspace

SETTINGS = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "pay.jsonl": [
        {"id": "p1", "question": "When is pay day?", "answers": ["The 25th"], "tags": ["pay"]},
        {"id": "p2", "question": "Who signs?", "answers": ["Ada"], "meta": {"kind": "people"}},
    ],
    "leave.jsonl": [{"id": "l1", "question": "How much leave?", "answers": ["28 days"], "tags": ["leave"]}],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = init_domain(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text(SETTINGS)
    (folder / "documents" / "pay.md").write_text("# Pay\n\nPay day is the 25th.\n")
    for name, rows in QUESTIONS.items():
        text = "\n".join(json.dumps(row) for row in rows)
        (folder / "questions" / name).write_text(text)
    with Workspace(folder) as opened:
        yield opened


def ids(workspace: Workspace, order: dict[str, object]) -> set[str]:
    questions = read_material(workspace).questions
    return {question.id for question in chosen_questions(workspace, questions, order)}


def test_questions_are_chosen_by_tag_file_and_number(workspace: Workspace) -> None:
    assert ids(workspace, comparison_order(None, limit=0)) == {"p1", "p2", "l1"}
    assert ids(workspace, comparison_order(None, limit=0, tags=["people", "leave"])) == {"p2", "l1"}
    assert ids(workspace, comparison_order(None, limit=0, file="pay.jsonl")) == {"p1", "p2"}
    assert len(ids(workspace, comparison_order(None, limit=2))) == 2


def test_a_choice_that_leaves_no_question_is_refused(workspace: Workspace) -> None:
    with pytest.raises(NothingMeasured, match="weather"):
        ids(workspace, comparison_order(None, limit=0, tags=["weather"]))
    with pytest.raises(UnknownName, match=r"gone\.jsonl"):
        ids(workspace, comparison_order(None, limit=0, file="gone.jsonl"))


def test_a_plan_counts_what_there_is_to_ask(workspace: Workspace) -> None:
    questions = plan_comparison(workspace, LOCAL).questions
    assert questions.n == 3
    assert questions.tags == {"pay": 1, "people": 1, "leave": 1}
    assert questions.files == {"leave.jsonl": 1, "pay.jsonl": 2}


def test_an_arm_that_cannot_be_built_says_why(workspace: Workspace) -> None:
    arms = {arm.name: arm.why_not for arm in plan_comparison(workspace, LOCAL).arms}
    assert arms["rag"] == ""
    assert "tuning needs 50 examples, but there are 0" in arms["hybrid"]
    assert "no examples for the prompt" in arms["few-shot"]


def test_no_time_is_told_before_an_answer_was_timed(workspace: Workspace) -> None:
    plan = plan_comparison(workspace, LOCAL)
    assert time_needed(plan, ["rag"], 3, is_drilled=False).seconds is None


def test_the_time_follows_from_what_answers_took_and_what_is_not_tuned_yet(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as desk:
        load_bundled_comparison(desk, LOCAL)
        plan = plan_comparison(desk, LOCAL)
        base = time_needed(plan, ["base"], 30, is_drilled=False)
        both = time_needed(plan, ["base", "hybrid"], 30, is_drilled=True)
        assert base.seconds is not None
        assert base.tuning_seconds == 0
        assert both.tuning_seconds > 60
        assert both.n_answers == 2 * (30 + 2 * 6)
        assert both.is_rough  # the answers were timed elsewhere
        assert both.range is not None
        assert both.seconds is not None
        assert both.range[0] < both.seconds / 2 < both.seconds * 2 < both.range[1]


def test_an_arm_that_writes_is_not_taken_for_one_that_quotes(tmp_path: Path) -> None:
    """Five questions to quote and rag were said to take a second at most, and took thirteen."""
    with Workspace(create_from_template(tmp_path / "clinic", "plant-clinic")) as clinic:
        load_bundled_comparison(clinic, LOCAL)
        plan = plan_comparison(clinic, LOCAL)
        quoted, both = (
            time_needed(plan, names, 5, is_drilled=False).range for names in (["quote"], ["quote", "rag"])
        )
        assert quoted is not None
        assert both is not None
        assert both[0] < 13 < both[1]
        assert quoted[1] < both[1] - 5
        assert quoted[0] > 1  # whatever is asked, something has to start


def test_a_comparison_is_watched_arm_by_arm(workspace: Workspace) -> None:
    order = comparison_order(["base", "rag"], limit=0, is_drilled=False)
    job = workspace.queue.submit("compare", order)
    steps = Steps(workspace.queue, job.id, 1)
    answer = {
        "arm": "base", "text": "The 25th", "citations": [], "hits": [], "latency_ms": 1500.0,
        "usage": {"prompt_tokens": 1, "completion_tokens": 1}, "timings_ms": {},
        "provenance": {"model": "", "weights": "", "adapter": "", "index_version": "", "prompt_hash": "",
                       "flow_hash": "", "seed": 0},
    }  # fmt: skip
    for name in ("answer/base/abc/p1", "answer/base/abc/update-1"):
        steps.once(name, lambda: {"answer": answer, "peak_memory_bytes": 0})
    found = watch_comparison(workspace, LOCAL, job, asking(workspace, LOCAL, job))
    assert found.n_questions == 3
    assert found.n_answered["rag"] == 0
    assert [(one.arm, one.question, one.text) for one in found.fresh] == [
        ("base", "When is pay day?", "The 25th")
    ]


def test_a_name_is_shown_in_the_list(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as desk:
        found = load_bundled_comparison(desk, LOCAL)
        rename_comparison(desk, LOCAL, found.id, "Before the move")
        (short,) = list_comparisons(desk, LOCAL)
        assert short.name == "Before the move"
        assert short.correctness["hybrid"].n == 30

"""The tasks on which agents are measured."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.agent_tasks import _fewer, _file, _tasks
from tests.fixtures.agent_flow import PAGES, answer_to

from lorewright.flows import Answer
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Citation
from lorewright.models.fakes import ScriptedEngine

LONG = "a-developer-guide/doc_source/" + "how-it-works-" * 6


def asked(number: int) -> dict[str, Any]:
    """Return a question about a page of its own, whose name begins as the others do."""
    return {
        "id": f"q{number}", "question": f"What is {number}?", "answers": [str(number)],
        "doc_ids": [f"{LONG}{number}.md"], "answerable": True,
    }  # fmt: skip


def test_no_pair_of_questions_is_asked_twice(tmp_path: Path) -> None:
    """Twenty-four tasks that are counted as forty-eight make an interval that is too narrow."""
    lines = [json.dumps(asked(number)) for number in range(9)]
    (tmp_path / "questions.jsonl").write_text("\n".join(lines))

    texts = [task.text for task in _tasks(tmp_path, 60, 0)["two questions"]]
    pairs = [frozenset(text.removesuffix("?").split("? ")) for text in texts]
    assert len(pairs) == len(set(pairs)) == 4  # the one in the middle has no other


def test_pages_whose_names_begin_alike_are_files_of_their_own() -> None:
    """A page that takes another one's place would make a right citation of a wrong page."""
    names = {_file(f"{LONG}{number}.md") for number in range(9)}

    assert len(names) == 9
    assert max(map(len, names)) <= 83
    assert _file("guide/a page.md") == "guide_a_page.md.md"


def test_two_questions_are_solved_only_by_a_right_page_of_each(tmp_path: Path) -> None:
    """One of two is what a single search finds already."""
    (tmp_path / "questions.jsonl").write_text("\n".join(json.dumps(asked(number)) for number in range(2)))
    [task] = _tasks(tmp_path, 60, 0)["two questions"]

    def citing(*numbers: int) -> Answer:
        answer: Answer = answer_to("Leave?", GivenParts({"": ScriptedEngine({})}, PAGES), mode="plan")
        cited = tuple(
            Citation(
                number=1,
                position=0,
                document_id=_file(f"{LONG}{number}.md"),
                title="",
                start=0,
                end=1,
                quote="x",
            )
            for number in numbers
        )
        return replace(answer, citations=cited)

    assert [task.is_solved(citing(*numbers)) for numbers in ((0, 1), (0,), (0, 2))] == [True, False, False]


@pytest.mark.parametrize("n_others", [0, 3, 50])
def test_fewer_pages_hold_all_that_is_asked_about(tmp_path: Path, n_others: int) -> None:
    """A question whose page is not there measures nothing."""
    (tmp_path / "questions.jsonl").write_text("\n".join(json.dumps(asked(number)) for number in range(4)))
    rows = [{"id": f"{LONG}{number}.md"} for number in range(20)]

    kept = [row["id"] for row in _fewer(rows, tmp_path, n_others)]
    assert kept[:4] == [row["id"] for row in rows[:4]]
    assert len(kept) == 4 + min(n_others, 16)

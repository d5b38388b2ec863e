"""Retrieval under test: searched, measured, fitted, kept."""

import json
from pathlib import Path

import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.evaluation import read_questions


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def ask(folder: Path, n: int) -> None:
    """Write questions of which all say what answers them."""
    (folder / "questions").mkdir()
    asked = [
        ("How many days of leave?", "28", "leave.md"),
        ("What may a hotel cost?", "120", "travel.md"),
    ]
    rows: list[dict[str, object]] = [
        {
            "id": f"q{number}",
            "question": f"{text} ({number})",
            "answers": [answer],
            "document_ids": [document],
        }
        for number in range(n)
        for text, answer, document in [asked[number % 2]]
    ]
    rows.append({"id": "none", "question": "Who won the cup?", "answerable": False})
    path = folder / "questions" / "held-out.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_hit_says_what_made_its_score(call: Call) -> None:
    _, told = call(
        "POST", "/retrieval/search", {"question": "days of leave", "dense_weight": 0.3, "n_kept": 1}
    )
    first = told["hits"][0]
    assert (first["document"], first["is_kept"]) == ("leave.md", True)
    assert sum(first["made_of"].values()) == pytest.approx(first["score"])
    assert first["made_of"]["words"] == pytest.approx(0.7)
    assert not told["hits"][1]["is_kept"]


def test_a_search_as_of_a_date_looks_at_what_was_there(call: Call) -> None:
    """A question about last year must not be answered by a page of today."""
    _, before = call("POST", "/retrieval/search", {"question": "days of leave", "as_of": "1999-12-31"})
    _, now = call("POST", "/retrieval/search", {"question": "days of leave", "as_of": "2999-12-31"})

    assert before["hits"] == []
    assert now["hits"][0]["document"] == "leave.md"
    assert call("POST", "/retrieval/search", {"question": "leave", "as_of": "soon"})[0] == 400


@pytest.mark.parametrize("reranker", ["words", "diversity", "model"])
def test_rerankers_keep_every_hit(call: Call, reranker: str) -> None:
    _, told = call("POST", "/retrieval/search", {"question": "days of leave", "reranker": reranker})
    assert {hit["document"] for hit in told["hits"]} == {"leave.md", "travel.md"}
    assert [hit["rank"] for hit in told["hits"]] == [1, 2]


def test_only_what_filters_let_through_is_found(call: Call) -> None:
    call("PATCH", "/documents/travel.md", {"attributes": {"team": "travel"}})
    for filters in (
        {"documents": "tra*.md"},
        {"filters": '{"type": "eq", "key": "team", "value": "travel"}'},
    ):
        _, told = call("POST", "/retrieval/search", {"question": "days of leave", **filters})
        assert {hit["document"] for hit in told["hits"]} == {"travel.md"}
    status, told = call("POST", "/retrieval/search", {"question": "leave", "filters": "no JSON"})
    assert (status, told["error"]["param"]) == (400, "filters")


def test_a_way_is_measured_against_the_settings(served: Served, call: Call) -> None:
    ask(served.running.workspace.folder, 12)
    _, told = call("POST", "/retrieval/measure", {"documents": "leave.md", "n_kept": 1})
    assert told["metrics"]["recall"]["mean"] == 0.5
    assert told["changes"]["recall"]["mean"] == -0.5
    assert told["changes"]["recall"]["n"] == 12
    assert (told["n_answerable"], told["n_unanswerable"]) == (12, 1)
    _, same = call("POST", "/retrieval/measure", {})
    assert same["changes"]["ndcg"]["mean"] == 0.0


def test_a_weight_is_fitted_on_some_and_tried_on_others(served: Served, call: Call) -> None:
    assert call("POST", "/retrieval/fit")[0] == 400
    ask(served.running.workspace.folder, 12)
    _, told = call("POST", "/retrieval/fit")
    assert told["gain"]["n"] == 12
    assert len(told["fold_weights"]) == 5
    assert told["is_measurable"] is False


def test_a_way_is_kept_in_the_settings_file_with_its_comments(served: Served, call: Call) -> None:
    path = served.running.workspace.folder / "lorewright.toml"
    path.write_text(path.read_text() + "# ours\n[retrieval]\nn_kept = 2  # enough\n")
    served.running.workspace.reload()
    _, told = call("POST", "/retrieval/settings", {"dense_weight": 0.2, "n_kept": 2})
    assert told["changed"] == ["retrieval.dense_weight"]
    assert "n_kept = 2  # enough" in path.read_text()
    assert "dense_weight = 0.2" in path.read_text()
    assert served.running.workspace.settings.retrieval.dense_weight == 0.2
    assert call("POST", "/retrieval/settings", {"n_kept": 80, "n_candidates": 10})[0] == 400


def test_a_question_is_saved_with_what_answers_it(served: Served, call: Call) -> None:
    new = {"question": "May I go by train?", "document_ids": ["travel.md"], "answer": "Yes."}
    _, told = call("POST", "/retrieval/questions", new)
    assert told["document_ids"] == ["travel.md"]
    more = {"question": told["id"], "document_ids": ["leave.md"], "is_saved": True}
    assert call("POST", "/retrieval/questions", more)[1]["document_ids"] == ["travel.md", "leave.md"]
    less = more | {"is_right": False}
    assert call("POST", "/retrieval/questions", less)[1]["document_ids"] == ["travel.md"]
    [saved] = read_questions(served.running.workspace.questions_folder)
    assert (saved.text, saved.targets) == ("May I go by train?", ("Yes.",))
    assert call("POST", "/retrieval/questions", new | {"document_ids": ["no.md"]})[0] == 400
    assert call("POST", "/retrieval/questions", new | {"answer": ""})[0] == 400


def test_what_a_file_says_is_right_is_changed_there(served: Served, call: Call) -> None:
    ask(served.running.workspace.folder, 2)
    body = {"question": "q0", "document_ids": ["leave.md"], "is_saved": True, "is_right": False}
    assert call("POST", "/retrieval/questions", body)[0] == 400
    more = body | {"document_ids": ["travel.md"], "is_right": True}
    assert call("POST", "/retrieval/questions", more)[1]["document_ids"] == ["leave.md", "travel.md"]
    [first, *_] = read_questions(served.running.workspace.questions_folder)
    assert first.text == "How many days of leave? (0)"


def test_who_sees_no_documents_finds_none(served: Served, call: Call) -> None:
    _, secret = served.running.keys.make("guest", stores=())
    assert call("POST", "/retrieval/search", {"question": "leave"}, key=secret)[0] == 400

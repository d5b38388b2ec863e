"""Questions suggested from documents over HTTP, and rows written without a file."""

import time

import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def test_a_written_example_and_a_written_question_are_rows_of_the_dataset(call: Call) -> None:
    """A program that collects questions needs no file to bring them in."""
    status, example = call("POST", "/data/examples", {"question": "May I fly?", "answer": "By train."})
    assert (status, example["object"]) == (200, "example")
    status, question = call(
        "POST", "/data/questions", {"question": "Who founded the firm?", "answerable": False}
    )
    assert (status, question["answerable"]) == (200, False)

    _, examples = call("GET", "/data/examples")
    assert [(row["question"], row["file"]) for row in examples["data"]] == [("May I fly?", "written.jsonl")]
    assert call("POST", "/data/examples", {"question": "Who founded the firm", "answer": "A"})[0] == 400


@pytest.mark.thorough
def test_questions_are_suggested_accepted_and_rejected(call: Call) -> None:
    """Documents alone lead to held-out questions, by one call after the other."""
    assert call("POST", "/suggestions", {"n": 0})[0] == 400
    status, job = call("POST", "/suggestions", {"n": 5, "how": "templates"})
    assert (status, job["kind"]) == (200, "suggest")
    while call("GET", f"/jobs/{job['id']}")[1]["state"] not in ("finished", "failed"):
        time.sleep(0.2)

    _, found = call("GET", "/suggestions?status=waiting")
    [first, *_] = found["data"]
    assert first["evidence"][0]["document_id"] in ("leave.md", "travel.md")
    _, changed = call("PATCH", f"/suggestions/{first['id']}", {"question": "Is this better?"})
    assert changed["question"] == "Is this better?"
    assert call("POST", f"/suggestions/{first['id']}/accept")[1]["status"] == "accepted"
    _, questions = call("GET", "/data/questions")
    assert [row["question"] for row in questions["data"]] == ["Is this better?"]
    assert call("POST", f"/suggestions/{first['id']}/reject")[1]["status"] == "rejected"
    assert call("GET", "/data/questions")[1]["data"] == []
    assert call("POST", "/suggestions/qsug_none/accept")[0] == 404

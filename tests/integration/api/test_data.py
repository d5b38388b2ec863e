"""Examples and held-out questions over HTTP: looked at, changed, and brought back."""

import json
from typing import Any

import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

EXAMPLES: list[dict[str, Any]] = [
    {"question": "How long is the leave?", "answer": "28 days.", "tag": "x"},
    {"question": "How do we travel?", "answer": "By train."},
    {"question": "how do we travel", "answer": "By car."},
]
QUESTION = {"question": "What may a hotel cost?", "answers": ["120", "120 euros"], "level": "easy"}
HELD_OUT = "/data/rows/questions/q.jsonl:1"


@pytest.fixture
def call(served: Served) -> Call:
    folder = served.running.workspace.folder
    for side, rows in (("examples", EXAMPLES), ("questions", [QUESTION])):
        (folder / side).mkdir(exist_ok=True)
        (folder / side / "q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return caller_to(served)


def test_examples_are_listed_with_what_was_found(call: Call) -> None:
    _, first = call("GET", "/data/examples?limit=2")
    assert [row["question"] for row in first["data"]] == ["How long is the leave?", "How do we travel?"]
    assert first["has_more"]
    _, rest = call("GET", f"/data/examples?after={first['last_id']}")
    assert [row["answer"] for row in rest["data"]] == ["By car."]
    _, found = call("GET", "/data/examples?finding=conflict")
    assert len(found["data"]) == 2
    assert call("GET", "/data/examples?after=none")[0] == 400


def test_the_dataset_is_checked_and_masked(call: Call) -> None:
    """A pipeline checks before it trains."""
    _, checked = call("GET", "/data/check")
    assert (checked["n_examples"], checked["findings"]["conflict"]) == (3, 2)
    assert "There are 3 examples" in checked["notes"][0]
    call("POST", "/data/examples", {"question": "Whom to call?", "answer": "Call +49 30 1234567."})
    assert call("POST", "/data/mask")[1]["rows"] == ["examples/written.jsonl:1"]
    _, row = call("GET", "/data/rows/examples/written.jsonl:1")
    assert row["answer"] == "Call [phone number]."


def test_a_question_is_changed_in_all_its_fields_and_keeps_the_others(served: Served, call: Call) -> None:
    _, row = call("GET", HELD_OUT)
    assert (row["object"], row["targets"], row["stale_targets"]) == (
        "data.question",
        ["120", "120 euros"],
        [],
    )
    change = {
        "question": "What may a room cost?", "targets": ["140 euros"], "stale_targets": ["120 euros"],
        "document_ids": ["travel.md"],
    }  # fmt: skip
    status, told = call("PATCH", HELD_OUT, {"digest": row["digest"], **change})
    assert (status, told["why"]) == (200, "Changed q.jsonl, row 1")
    _, now = call("GET", HELD_OUT)
    assert {name: now[name] for name in change} == change
    path = served.running.workspace.questions_folder / "q.jsonl"
    assert json.loads(path.read_text()) == {
        "question": "What may a room cost?", "answers": ["140 euros"], "level": "easy",
        "stale_targets": ["120 euros"], "document_ids": ["travel.md"],
    }  # fmt: skip
    assert call("PATCH", HELD_OUT, {"digest": row["digest"], "question": "Mine?"})[0] == 409
    status, told = call("PATCH", HELD_OUT, {"digest": now["digest"], "targets": []})
    assert (status, "has no answer" in told["error"]["message"]) == (400, True)
    assert call("PATCH", HELD_OUT, {"digest": now["digest"], "answer": "x"})[1]["error"]["param"] == "answer"


def test_an_example_is_changed_and_deleted(call: Call) -> None:
    name = "/data/rows/examples/q.jsonl:1"
    digest = call("GET", name)[1]["digest"]
    assert call("PATCH", name, {"digest": digest, "answer": "30 days.", "answerable": False})[0] == 200
    _, row = call("GET", name)
    assert (row["answer"], row["answerable"]) == ("30 days.", False)
    assert call("DELETE", f"{name}?digest={digest}")[0] == 409
    assert call("DELETE", f"{name}?digest={row['digest']}")[1]["n_examples"] == 2
    assert call("GET", "/data/rows/examples/q.jsonl:9")[0] == 404


def test_versions_are_compared_and_restored(call: Call) -> None:
    digest = call("GET", HELD_OUT)[1]["digest"]
    call("PATCH", HELD_OUT, {"digest": digest, "targets": ["140"]})
    _, versions = call("GET", "/data/versions")
    new, old = (version["id"] for version in versions["data"])
    _, found = call("GET", f"/data/difference?before={old}")
    [changed] = found["questions"]["changed"]
    assert (changed["before"]["answer"], changed["after"]["answer"]) == ("120\n120 euros", "140")
    assert call("GET", f"/data/difference?before={old}&after_version={new}")[1]["questions"]["changed"]
    assert "questions/q.jsonl" in call("GET", f"/data/versions/{old}")[1]["files"]

    assert call("POST", f"/data/versions/{old}/restore")[0] == 200

    assert call("GET", HELD_OUT)[1]["targets"] == ["120", "120 euros"]
    assert call("GET", "/data/versions/none")[0] == 404


def test_who_may_only_read_changes_nothing(served: Served, call: Call) -> None:
    _, reader = served.running.keys.make("reader", verbs=("read",))
    _, stranger = served.running.keys.make("stranger", verbs=("chat",))
    digest = call("GET", HELD_OUT, key=reader)[1]["digest"]
    assert call("PATCH", HELD_OUT, {"digest": digest, "question": "Mine?"}, key=reader)[0] == 403
    assert call("DELETE", f"{HELD_OUT}?digest={digest}", key=reader)[0] == 403
    version = call("GET", "/data/versions", key=reader)
    assert version[0] == 200
    for path in ("/data/examples", "/data/questions", "/data/versions", "/data/difference?before=x"):
        assert call("GET", path, key=stranger)[0] == 403


def test_feedback_is_exported_as_preference_pairs(call: Call) -> None:
    status, body = call("POST", "/data/pairs")
    assert (status, body) == (200, {"object": "data.pairs", "data": [], "left_out": {}})

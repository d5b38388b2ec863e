"""Comparisons over HTTP: questions and answers, what if, another one beside it, and the report as a file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.fixtures.served import Served

from lorewright.access import LOCAL
from lorewright.workspace.comparisons.bundled import load_bundled_comparison
from lorewright.workspace.domain.version_desk import create_demo


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    """A served version desk with the comparison that comes with it."""
    server = Served(create_demo(tmp_path / "desk"))
    load_bundled_comparison(server.running.workspace, LOCAL)
    yield server
    server.close()


@pytest.fixture
def comparison_id(desk: Served) -> str:
    return desk.running.workspace.comparisons.ids()[0]


def ask(served: Served, method: str, path: str, *, key: str = "", **told: Any) -> httpx2.Response:
    return httpx2.request(
        method,
        f"{served.url}/lorewright/v1{path}",
        headers={"Authorization": f"Bearer {key or served.key}"},
        timeout=30,
        **told,
    )


def test_the_shipped_comparison_is_one_call_away(served: Served, desk: Served) -> None:
    found = ask(desk, "POST", "/comparisons/version-desk").json()
    assert "not on this machine" in found["origin"]
    refused = ask(served, "POST", "/comparisons/version-desk")
    assert refused.status_code == 400
    assert "does not hold the files of a template" in refused.json()["error"]["message"]


def test_questions_are_listed_by_what_became_of_them(desk: Served, comparison_id: str) -> None:
    path = f"/comparisons/{comparison_id}/questions"
    every = ask(desk, "GET", path, params={"limit": 100}).json()
    won = ask(desk, "GET", path, params={"right": "hybrid", "wrong": ["rag", "tuned"]}).json()
    assert every["total"] == 30
    assert 0 < won["total"] < 30
    for question in won["data"]:
        assert question["answers"]["hybrid"]["is_right"]
        assert not question["answers"]["rag"]["is_right"]


def test_a_page_goes_on_after_the_last(desk: Served, comparison_id: str) -> None:
    path = f"/comparisons/{comparison_id}/questions"
    first = ask(desk, "GET", path, params={"limit": 20}).json()
    rest = ask(desk, "GET", path, params={"limit": 20, "after": first["last_id"]}).json()
    assert first["has_more"]
    assert not rest["has_more"]
    assert len({one["id"] for one in (*first["data"], *rest["data"])}) == 30


def test_an_answer_tells_what_was_retrieved(desk: Served, comparison_id: str) -> None:
    question = ask(desk, "GET", f"/comparisons/{comparison_id}/questions").json()["data"][0]["id"]
    found = ask(desk, "GET", f"/comparisons/{comparison_id}/answers/hybrid/{question}").json()
    assert found["hits"][0]["chunk"]["text"]
    assert found["prompt"][-1]["role"] == "user"
    gone = ask(desk, "GET", f"/comparisons/{comparison_id}/answers/hybrid/nothing")
    assert gone.status_code == 404


def test_other_assumptions_are_reckoned_without_measuring(desk: Served, comparison_id: str) -> None:
    path = f"/comparisons/{comparison_id}/what-if"
    cheap = ask(desk, "POST", path, json={"questions_per_month": 100}).json()
    dear = ask(desk, "POST", path, json={"questions_per_month": 100_000_000}).json()
    assert dear["assumptions"]["questions_per_month"] == 100_000_000
    month = [
        sum(line["usd"] for line in found["recommendation"]["costs"][0]["month"]) for found in (cheap, dear)
    ]
    assert month[1] > 1000 * month[0]
    assert ask(desk, "POST", path, json={"questions_per_month": -1}).status_code == 400


def test_the_report_is_a_file_of_its_own(desk: Served, comparison_id: str) -> None:
    page = ask(desk, "GET", f"/comparisons/{comparison_id}/report.html")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "<html" in page.text
    assert "src=" not in page.text
    whole = ask(desk, "GET", f"/comparisons/{comparison_id}/report.json").json()
    assert whole["comparison"]["id"] == comparison_id


def test_two_comparisons_lie_side_by_side(desk: Served, comparison_id: str) -> None:
    workspace = desk.running.workspace
    known = workspace.comparisons.get(comparison_id)
    later = replace(known, id="later", created_at=known.created_at + 60, reports=known.reports[:3])
    workspace.comparisons.save(later)
    found = ask(desk, "GET", f"/comparisons/later/against/{comparison_id}").json()
    assert (found["before"], found["now"]) == (comparison_id, "later")
    assert found["n_shared"] == 30
    assert found["only_before"] == list(known.arms[3:])


def test_a_comparison_is_named_and_removed(desk: Served, comparison_id: str) -> None:
    named = ask(desk, "POST", f"/comparisons/{comparison_id}", json={"name": " June "}).json()
    assert named["name"] == "June"
    assert ask(desk, "DELETE", f"/comparisons/{comparison_id}").json()["deleted"]
    assert ask(desk, "GET", f"/comparisons/{comparison_id}").status_code == 404


def test_who_may_only_read_starts_and_removes_nothing(desk: Served, comparison_id: str) -> None:
    key = desk.running.keys.make("reader", verbs=["read"])[1]
    path = f"/comparisons/{comparison_id}"
    assert ask(desk, "GET", path, key=key).status_code == 200
    assert ask(desk, "DELETE", path, key=key).status_code == 403
    assert ask(desk, "POST", "/comparisons", key=key, json={}).status_code == 403


def test_a_tag_that_no_question_has_is_told_by_the_job(desk: Served) -> None:
    job = ask(desk, "POST", "/comparisons", json={"arms": ["rag"], "tags": ["weather"], "drill": False})
    assert job.json()["order"]["tags"] == ["weather"]


def test_the_interview_leads_to_where_to_begin(served: Served) -> None:
    steps = ask(served, "GET", "/interview").json()["steps"]
    said = {step["topic"]: step["choices"][0]["id"] for step in steps}
    found = ask(served, "POST", "/interview", json={"answers": said}).json()
    assert found["is_measured"] is False
    assert found["firm_up"]
    refused = ask(served, "POST", "/interview", json={"answers": {"examples": "plenty"}})
    assert refused.status_code == 400

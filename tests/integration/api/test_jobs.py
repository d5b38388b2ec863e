"""Long work and what is known of the domain: jobs, comparisons, the recommendation, the domain itself."""

import json

import httpx2
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.measured_domain import measure
from tests.fixtures.served import Served


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def test_a_job_is_started_followed_and_listed(call: Call, served: Served) -> None:
    (served.running.workspace.documents_folder / "pets.md").write_text("# Pets\n\nNo cats.\n")
    status, job = call("POST", "/jobs", {"kind": "add"})
    assert (status, job["kind"]) == (200, "add")
    with httpx2.stream(
        "GET",
        f"{served.url}/lorewright/v1/jobs/{job['id']}/events",
        headers={"Authorization": f"Bearer {served.key}"},
        timeout=60,
    ) as told:
        lines = list(told.iter_lines())
    assert "event: progress" in lines
    last = json.loads(next(line for line in reversed(lines) if line.startswith("data:"))[5:])
    assert (last["object"], last["state"], last["result"]["n_new"]) == ("job", "finished", 1)
    listed = call("GET", "/jobs?kind=add&state=finished&limit=1")[1]
    assert [found["id"] for found in listed["data"]] == [job["id"]]


def test_a_job_that_waits_is_cancelled(call: Call, served: Served) -> None:
    job = served.running.workspace.queue.submit("tune", {"only": None})
    status, told = call("POST", f"/jobs/{job.id}/cancel")
    assert (status, told["state"]) == (200, "cancelled")
    assert call("POST", f"/jobs/{job.id}/cancel")[0] == 400


def test_jobs_of_others_do_not_exist(call: Call, served: Served) -> None:
    """What others' files and evaluations are called is theirs."""
    job = served.running.workspace.queue.submit("eval-run", {"run": "run_1"})
    _, secret = served.running.keys.make("reader", verbs=("read",))
    assert call("GET", f"/jobs/{job.id}", key=secret)[0] == 404
    assert job.id not in [found["id"] for found in call("GET", "/jobs", key=secret)[1]["data"]]
    assert call("GET", f"/jobs/{job.id}")[0] == 200
    own = served.running.workspace.queue.submit("tune", {"only": None})
    assert call("POST", f"/jobs/{own.id}/cancel", key=secret)[0] == 403
    assert call("POST", "/jobs", {"kind": "tune"}, key=secret)[0] == 403


def test_comparisons_are_listed_and_read_whole(call: Call, served: Served) -> None:
    first = measure(served.running.workspace, "rag", n_right=9, n=10)
    second = measure(served.running.workspace, "base", n_right=2, n=10, at=2.0)
    _, listed = call("GET", "/comparisons?limit=1")
    assert ([found["id"] for found in listed["data"]], listed["has_more"]) == ([second], True)
    assert listed["data"][0]["arms"]["base"]["mean"] == 0.2
    _, rest = call("GET", f"/comparisons?after={second}")
    assert [found["id"] for found in rest["data"]] == [first]
    status, whole = call("GET", f"/comparisons/{first}")
    assert (status, len(whole["comparison"]["reports"][0]["rows"])) == (200, 10)
    assert whole["recommendation"]["arm"]
    assert call("GET", "/comparisons/none")[0] == 404


def test_a_comparison_is_started_as_a_job(call: Call, served: Served) -> None:
    status, job = call("POST", "/comparisons", {"arms": ["nothing"], "limit": 5})
    assert (status, job["order"]) == (200, {"arms": ["nothing"], "limit": 5, "is_drilled": True})
    served.running.workers.wait()
    _, ended = call("GET", f"/jobs/{job['id']}")
    assert (ended["state"], ended["error"]["type"]) == ("failed", "NothingMeasured")


def test_the_recommendation_needs_no_comparison(call: Call) -> None:
    status, told = call("GET", "/recommendation")
    assert (status, told["comparison"]) == (200, None)
    assert told["recommendation"]["arm"]
    assert told["text"]


def test_the_domain_tells_how_much_there_is_and_no_secrets(call: Call, served: Served) -> None:
    _, listed = call("GET", "/domains")
    domain = listed["data"][0]
    assert (domain["id"], domain["counts"]["documents"], domain["counts"]["chunks"]) == ("handbook", 2, 2)
    assert domain["settings"]["models"]["chat"] == "file:/models/parrot.gguf"
    assert call("GET", "/domains/handbook")[1] == domain
    assert call("GET", "/domains/other")[0] == 404
    assert served.key not in json.dumps(domain)

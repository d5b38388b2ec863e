"""Tuning runs over HTTP."""

import json
from collections.abc import Iterator

import httpx2
import pytest
from tests.fixtures.served import SETTINGS, Served, lay_out
from tests.fixtures.tiny_base import write_tiny_gguf

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served domain with one finished run."""
    place = tmp_path_factory.mktemp("tuned")
    folder = lay_out(place / "desk")
    base = write_tiny_gguf(place / "tiny.gguf")
    more = f'\n[tuning]\nbase = "file:{base}"\nmin_examples = 10\nepochs = 1\n'
    (folder / "lorewright.toml").write_text(SETTINGS + more)
    (folder / "examples").mkdir(exist_ok=True)
    rows = ({"question": f"thing {n}?", "answer": f"It is {n}."} for n in range(40))
    (folder / "examples" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    server = Served(folder)
    server.running.start("tune", {"only": "bare"})
    server.running.workers.wait()
    yield server
    server.close()


@pytest.fixture
def http(tuned: Served) -> Iterator[httpx2.Client]:
    headers = {"authorization": f"Bearer {tuned.key}"}
    with httpx2.Client(base_url=f"{tuned.url}/lorewright/v1/tuning", headers=headers) as client:
        yield client


def test_a_run_is_listed_with_its_metrics(http: httpx2.Client) -> None:
    (run,) = http.get("/runs").json()["data"]
    assert (run["object"], run["adapter"], run["state"], run["in_use"]) == (
        "tuning.run", "bare", "finished", True,
    )  # fmt: skip
    assert run["metrics"]["n_rows"] > 0


def test_a_run_has_its_curve_and_samples(http: httpx2.Client) -> None:
    run_id = http.get("/runs").json()["data"][0]["id"]
    curve = http.get(f"/runs/{run_id}").json()["curve"]
    assert len(curve["losses"]) == curve["n_steps"]
    assert curve["looks"][0]["samples"][0]["question"].startswith("thing ")


def test_an_adapter_is_downloaded(http: httpx2.Client) -> None:
    run_id = http.get("/runs").json()["data"][0]["id"]
    assert http.get(f"/runs/{run_id}/adapter").content[:4] == b"GGUF"
    assert http.get(f"/runs/{run_id}/safetensors").content[:2] == b"PK"


def test_a_finished_run_is_promoted_and_neither_paused_nor_cancelled(http: httpx2.Client) -> None:
    run_id = http.get("/runs").json()["data"][0]["id"]
    assert http.post(f"/runs/{run_id}/promote").json()["in_use"]
    assert http.post(f"/runs/{run_id}/pause").status_code == 409
    assert http.post(f"/runs/{run_id}/cancel").status_code == 409
    assert http.get("/runs/nothing").status_code == 404

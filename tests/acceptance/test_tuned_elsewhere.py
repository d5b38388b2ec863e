"""A laptop whose model is tuned by another Lorewright: two processes, and one of them is killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from tests.fixtures.command_line import Domain, worker_of
from tests.fixtures.tiny_base import write_tiny_gguf

pytestmark = pytest.mark.thorough

SERVER = '[models]\nembedding = "hashing"\nchat = "file:{model}"\ncontext_tokens = 1024\n'
LAPTOP = """
[models]
embedding = "hashing"
chat = "openai:tiny@{url}"
api_key_env = "GPU_HOST_KEY"
[prompt]
max_answer_tokens = 8
[tuning]
base = "openai:tiny@{url}"
min_examples = 10
epochs = {epochs}
[prices]
training_million_tokens_usd = 2.0
"""


class GpuHost:
    """The other Lorewright, serving a two-layer model."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.domain = Domain(folder / "host", cache)
        model = write_tiny_gguf(folder / "tiny.gguf")
        self.domain.write("lorewright.toml", SERVER.format(model=model))
        self.process = self.domain.start("serve", "--no-studio", "--port", "0", "--json")
        assert self.process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            told += self.process.stdout.readline()
        self.url, self.key = json.loads(told)["base_url"], json.loads(told)["key"]

    def close(self) -> None:
        """Stop the server."""
        self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GpuHost]:
    folder = tmp_path_factory.mktemp("host")
    host = GpuHost(folder, folder / "cache")
    yield host
    host.close()


@pytest.fixture
def laptop(host: GpuHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    """A domain without a model of its own."""
    monkeypatch.setenv("GPU_HOST_KEY", host.key)
    laptop = Domain(tmp_path / "laptop", tmp_path / "cache")
    laptop.write("lorewright.toml", LAPTOP.format(url=host.url, epochs=1))
    rows = [{"question": f"thing number {i}?", "answer": f"It is {i}, they say."} for i in range(60)]
    laptop.write("examples/a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    return laptop


def jobs_of(host: GpuHost) -> int:
    return len(list((host.domain.folder / ".lorewright" / "fine_tuning").glob("*")))


def test_what_is_tuned_there_answers_here(laptop: Domain) -> None:
    """The whole way: rows go there, a model's name comes back, and both adapters answer as arms."""
    laptop.write("documents/things.md", "# Things\n\nThing number 7 is green. Thing number 8 is blue.\n")

    tuned = laptop.json("tune")

    assert set(tuned["runs"]) == {"bare", "context"}
    for run in tuned["runs"].values():
        assert (run["kind"], run["state"]) == ("remote", "finished")
        assert run["metrics"]["n_tokens"] > 0
        assert run["metrics"]["usd"] == pytest.approx(run["metrics"]["n_tokens"] * 2e-6)
        assert run["metrics"]["losses"]
    compared = laptop.json("compare", "--arms", "base,tuned,hybrid", "--limit", "2")["comparison"]
    assert {report["arm"] for report in compared["reports"]} == {"base", "tuned", "hybrid"}
    assert "tiny" in compared["measured"]["adapters"]["bare"]
    assert not list((laptop.folder / ".lorewright" / "runs").rglob("*.gguf"))


def test_killed_in_the_middle_nothing_is_ordered_twice(host: GpuHost, laptop: Domain) -> None:
    """The laptop is shut; the server goes on, and the same command finds what it made."""
    laptop.write("lorewright.toml", LAPTOP.format(url=host.url, epochs=12))
    before = jobs_of(host)
    with laptop.start("tune", "--only", "bare") as process:
        wait_for(laptop, process)
        for pid in (process.pid, worker_of(process.pid)):
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=60)

    tuned = laptop.json("tune", "--only", "bare")

    assert tuned["runs"]["bare"]["metrics"]["n_tokens"] > 0
    assert jobs_of(host) == before + 1


def test_ctrl_c_stops_the_job_on_the_server_and_the_same_command_goes_on(
    host: GpuHost, laptop: Domain
) -> None:
    laptop.write("lorewright.toml", LAPTOP.format(url=host.url, epochs=40))
    before = jobs_of(host)
    with laptop.start("tune", "--only", "bare") as process:
        wait_for(laptop, process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    with openai.OpenAI(base_url=host.url, api_key=host.key) as client:
        assert client.fine_tuning.jobs.retrieve(submitted(laptop)).to_dict()["status"] == "paused"

    laptop.json("tune", "--only", "bare")
    assert jobs_of(host) == before + 1


def wait_for(laptop: Domain, process: "subprocess.Popen[str]") -> None:
    """Return as soon as the job was handed over."""
    while not submitted(laptop):
        assert process.poll() is None
        time.sleep(0.05)


def submitted(laptop: Domain) -> str:
    for path in (laptop.folder / ".lorewright" / "runs").rglob("remote-job.json"):
        return str(json.loads(path.read_text())["job"])
    return ""

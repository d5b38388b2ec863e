"""Two commands, or two servers, on one domain at the same time: nothing is doubled, lost or left half."""

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

from lorewright.workspace import Workspace

pytestmark = pytest.mark.thorough
N = 12


def page(number: int) -> str:
    return f"# Locker {number}\n\nLocker {number} of the boat house has the key number {number}77.\n"


def check_equal(domain: Domain) -> None:
    """Every file is one document, and every document one chunk of the index."""
    files = {path.name for path in (domain.folder / "documents").iterdir()}
    with Workspace(domain.folder) as workspace:
        assert set(workspace.documents.states()) == files
        assert workspace.documents.count() == len(files)
        found = [
            hit.chunk.document_id
            for number in range(N)
            for hit in workspace.collection.search(f"key number of locker {number}", n=50)
            if hit.chunk.document_id == f"locker{number}.md"
        ]
    assert sorted(found) == sorted(f"locker{number}.md" for number in range(N))


def ended(process: "subprocess.Popen[str]") -> str:
    printed, told = process.communicate(timeout=300)
    assert process.returncode == 0, f"{printed}\n{told}"
    assert "Traceback" not in told
    return printed


def test_two_syncs_at_once_index_every_document_once(domain: Domain) -> None:
    """Somebody presses sync while a scheduled one runs."""
    for number in range(N):
        domain.write(f"documents/locker{number}.md", page(number))

    for process in [domain.start("add", "--sync") for _ in range(2)]:
        ended(process)

    check_equal(domain)


def test_a_tuning_that_is_killed_is_finished_by_the_comparison_that_waits_for_it(tunable: Domain) -> None:
    """Both ask for the same adapter: they never write into one folder at once, and nothing is lost."""
    settings = (tunable.folder / "lorewright.toml").read_text()
    tunable.write("lorewright.toml", settings.replace("epochs = 1.0", "epochs = 200.0"))
    tuning = tunable.start("tune", "--only", "bare")
    (folder,) = awaited(tunable, "runs/bare-*")
    comparing = tunable.start("compare", "--arms", "tuned", "--no-drill")
    assert comparing.stderr is not None
    line = next(line for line in comparing.stderr if "Another job (tune" in line)
    assert "waiting to use what it learns" in line

    for pid in (tuning.pid, worker_of(tuning.pid)):
        os.kill(pid, signal.SIGKILL)
    tuning.communicate()
    _, told = comparing.communicate(timeout=900)

    assert comparing.returncode == 0, told
    with Workspace(tunable.folder) as workspace:
        assert [run.state for run in workspace.runs.all()] == ["finished"]
    again = tunable.json("tune", "--only", "bare")
    assert Path(again["runs"]["bare"]["path"]).parent == folder


def awaited(domain: Domain, pattern: str) -> list[Path]:
    """Return the files of a domain's state that match, once there are some."""
    for _ in range(3000):
        if paths := list((domain.folder / ".lorewright").glob(pattern)):
            return paths
        time.sleep(0.1)
    raise AssertionError(domain.log())


class Serving:
    """A server of the domain, with a client of its own; only the first one tells a key."""

    def __init__(self, domain: Domain, key: str = "") -> None:
        self.process = domain.start("serve", "--no-studio", "--port", "0", "--json")
        assert self.process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            told += self.process.stdout.readline()
        self.key = key or json.loads(told)["key"]
        self.client = openai.OpenAI(base_url=json.loads(told)["base_url"], api_key=self.key, max_retries=5)

    def close(self) -> None:
        """Close the client and stop the server."""
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture
def servers(domain: Domain) -> Iterator[list[Serving]]:
    started: list[Serving] = []
    try:
        started.append(Serving(domain))
        started.append(Serving(domain, started[0].key))
        yield started
    finally:
        for server in started:
            server.close()


def test_two_servers_on_one_domain_share_its_jobs_and_its_index(
    servers: list[Serving], tmp_path: Path
) -> None:
    """A second window with `lorewright serve` is easily forgotten."""
    one, other = servers
    store = one.client.vector_stores.create(name="handbook")
    made = []
    for number in range(N):
        client = (one, other)[number % 2].client
        path = tmp_path / f"locker{number}.md"
        path.write_text(page(number))
        file = client.files.create(file=path, purpose="assistants")
        made.append(client.vector_stores.files.create(store.id, file_id=file.id).id)

    for file_id in made:
        done = other.client.vector_stores.files.poll(file_id, vector_store_id=store.id, poll_interval_ms=300)
        assert done.status == "completed"

    for server in servers:
        assert server.client.vector_stores.retrieve(store.id).file_counts.completed == N
        listed = [file.id for file in server.client.vector_stores.files.list(store.id)]
        assert sorted(listed) == sorted(made)
        for number in range(N):
            hits = server.client.vector_stores.search(
                store.id, query=f"key of locker {number}", max_num_results=50
            )
            texts = [hit.content[0].text for hit in hits.data]
            assert len(texts) == len(set(texts))
            assert any(f"{number}77." in text for text in texts)

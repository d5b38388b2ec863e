"""The API in several processes on one database."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import openai
import pytest
from tests.fixtures.command_line import Domain


class Server:
    """A server in two processes: its address, its key, and the processes that answer."""

    def __init__(self, domain: Domain) -> None:
        self.process = domain.start("serve", "--no-studio", "--workers", "2", "--port", "0", "--json")
        assert self.process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            told += self.process.stdout.readline()
        self.url, self.key = json.loads(told)["base_url"], json.loads(told)["key"]
        self.client = openai.OpenAI(base_url=self.url, api_key=self.key, max_retries=5)

    def answering(self) -> list[int]:
        """Return the processes that answer, of this server's children."""
        pid = self.process.pid
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [child for child in children if b"resource_tracker" not in _command(child)]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.fixture
def server(domain: Domain) -> Iterator[Server]:
    started = Server(domain)
    yield started
    started.client.close()
    started.process.terminate()
    started.process.communicate(timeout=60)


def test_processes_share_files_jobs_and_limits(server: Server) -> None:
    """Whoever asks twice may be answered by two processes, and must not notice."""
    client = server.client
    file = client.files.create(
        file=("leave.md", b"# Leave\n\n28 days of leave a year.\n"), purpose="assistants"
    )
    store = client.vector_stores.create(name="handbook")
    added = client.vector_stores.files.create_and_poll(
        file.id, vector_store_id=store.id, poll_interval_ms=200
    )
    assert added.status == "completed"
    assert client.vector_stores.search(store.id, query="days of leave").data[0].filename == "leave.md"

    limits = {"requests_per_minute": 5}
    made = httpx2.post(
        f"{server.url.removesuffix('/v1')}/lorewright/v1/keys",
        json={"name": "five", "limits": limits}, headers={"Authorization": f"Bearer {server.key}"},
    ).json()  # fmt: skip
    codes = [
        httpx2.post(
            f"{server.url}/embeddings", json={"model": "hashing", "input": "leave"},
            headers={"Authorization": f"Bearer {made['secret']}"},
        ).status_code
        for _ in range(9)
    ]  # fmt: skip
    assert codes == [200] * 5 + [429] * 4


def test_a_process_that_dies_is_replaced(server: Server) -> None:
    """One killed process must not take the server with it, nor what was acknowledged."""
    file = server.client.files.create(file=("a.txt", b"kept"), purpose="assistants")
    first = server.answering()
    assert len(first) == 2

    os.kill(first[0], signal.SIGKILL)

    for _ in range(20):
        assert server.client.files.content(file.id).read() == b"kept"


def test_the_studio_is_not_served_by_several(domain: Domain) -> None:
    """Its pages live in one process; another would not know them."""
    assert "--no-studio" in domain.run("serve", "--workers", "2", code=2)

"""A server that is killed while many clients write to it: what it acknowledged is there when it is back."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import openai
import pytest
from tests.fixtures.command_line import Domain
from tests.fixtures.tiny_base import write_tiny_gguf

N_CLIENTS = 6
N_OF_EACH = 5
"""So much of every kind is acknowledged before the server is killed."""


class Server:
    """A server of a domain, and whatever processes it has started."""

    def __init__(self, domain: Domain, key: str = "") -> None:
        self.process = domain.start("serve", "--no-studio", "--port", "0", "--json")
        assert self.process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            told += self.process.stdout.readline()
        self.url, self.key = json.loads(told)["base_url"], json.loads(told)["key"] or key
        self.client = openai.OpenAI(base_url=self.url, api_key=self.key, max_retries=0, timeout=120)

    def kill(self) -> None:
        """Kill it and its workers at once, as a machine that loses power does."""
        for pid in (self.process.pid, *_descendants(self.process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.communicate(timeout=60)

    def stop(self) -> None:
        """End it as an administrator does."""
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=120)


class Load:
    """Clients that write until the server is gone, and what it acknowledged to them, by kind and id."""

    def __init__(self, client: openai.OpenAI, store_id: str) -> None:
        self._client = client
        self._store_id = store_id
        self._changed = threading.Condition()
        self.is_killed = False
        self.refused: list[Exception] = []
        self.kept: dict[str, dict[str, str]] = {kind: {} for kind in self._kinds()}

    def until_enough(self) -> list[threading.Thread]:
        """Begin, wait until enough of every kind was acknowledged, and return the clients, still at work."""
        threads = [threading.Thread(target=self._write, args=(n,)) for n in range(N_CLIENTS)]
        for thread in threads:
            thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self.refused or self._is_enough(), timeout=300)
            assert not self.refused, self.refused
            assert self._is_enough(), {kind: len(kept) for kind, kept in self.kept.items()}
            self.is_killed = True
        return threads

    def _is_enough(self) -> bool:
        return all(len(kept) >= N_OF_EACH for kept in self.kept.values())

    def _kinds(self) -> dict[str, Callable[[str], tuple[str, str]]]:
        return {
            "file": self._file,
            "upload": self._upload,
            "stored": self._stored,
            "response": self._response,
            "stream": self._stream,
            "conversation": self._conversation,
            "chat": self._chat,
        }

    def _write(self, number: int) -> None:
        kinds = list(self._kinds().items())
        turn = number
        while not self.is_killed:
            kind, write = kinds[turn % len(kinds)]
            try:
                made, content = write(f"client {number} turn {turn}")
            except Exception as error:  # noqa: BLE001 - told to whoever waits
                with self._changed:
                    self.refused += [] if self.is_killed else [error]
                    self._changed.notify_all()
                return
            with self._changed:
                self.kept[kind][made] = content
                self._changed.notify_all()
            turn += 1

    def _file(self, said: str) -> tuple[str, str]:
        file = self._client.files.create(file=("note.txt", said.encode() * 999), purpose="assistants")
        return file.id, said * 999

    def _upload(self, said: str) -> tuple[str, str]:
        size = len(said.encode())
        upload = self._client.uploads.create(
            bytes=size, filename="part.txt", mime_type="text/plain", purpose="assistants"
        )
        part = self._client.uploads.parts.create(upload.id, data=said.encode())
        done = self._client.uploads.complete(upload.id, part_ids=[part.id])
        assert done.file is not None
        return done.file.id, said

    def _stored(self, said: str) -> tuple[str, str]:
        page = f"# {said}\n\nThe word of {said} is kept.\n"
        file = self._client.files.create(file=("page.md", page.encode()), purpose="assistants")
        self._client.vector_stores.files.create(self._store_id, file_id=file.id)
        return file.id, page

    def _response(self, said: str) -> tuple[str, str]:
        made = self._client.responses.create(model="tiny", input=said, max_output_tokens=16)
        return made.id, made.output_text

    def _stream(self, said: str) -> tuple[str, str]:
        events = self._client.responses.create(model="tiny", input=said, max_output_tokens=16, stream=True)
        *_, last = events
        assert last.type in ("response.completed", "response.incomplete")
        return last.response.id, last.response.output_text

    def _conversation(self, said: str) -> tuple[str, str]:
        made = self._client.conversations.create(items=[{"type": "message", "role": "user", "content": said}])
        return made.id, said

    def _chat(self, said: str) -> tuple[str, str]:
        made = self._client.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": said}], max_tokens=8, store=True
        )
        return made.id, made.choices[0].message.content or ""


@pytest.fixture
def tiny(tmp_path: Path) -> Domain:
    made = Domain(tmp_path / "desk", tmp_path / "cache")
    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    made.write(
        "lorewright.toml",
        f'[models]\nembedding = "hashing"\nchat = "file:{model}"\n'
        "[serve]\naccess_log = false\n",  # nobody would read it, and a full pipe stops who writes
    )
    return made


def test_what_was_acknowledged_survives_a_kill_under_load(tiny: Domain) -> None:
    """Files, uploads, a store's files, responses, conversations, chats, and a job that was running."""
    first = Server(tiny)
    store_id = first.client.vector_stores.create(name="kept").id
    job_id = _tune(first.client)
    load = Load(first.client, store_id)
    try:
        threads = load.until_enough()
    finally:
        first.kill()
    for thread in threads:
        thread.join()

    again = Server(tiny, first.key)
    try:
        _check(again.client, load.kept, store_id)
        assert _ended(again.client, job_id) == "succeeded"
    finally:
        again.stop()


def _check(client: openai.OpenAI, kept: dict[str, dict[str, str]], store_id: str) -> None:
    for kind in ("file", "upload", "stored"):
        for file_id, content in kept[kind].items():
            assert client.files.content(file_id).read().decode() == content
    for file in client.files.list():  # acknowledged or not, nothing is there by half
        assert len(client.files.content(file.id).read()) == file.bytes
    for kind in ("response", "stream"):
        for response_id, text in kept[kind].items():
            response = client.responses.retrieve(response_id)
            assert response.status in ("completed", "incomplete")  # incomplete: cut at its length
            assert response.output_text == text
    for conversation_id, said in kept["conversation"].items():
        assert said in client.conversations.items.list(conversation_id).data[0].to_json()
    for completion_id, text in kept["chat"].items():
        choice = client.chat.completions.retrieve(completion_id).choices[0]
        assert (choice.message.content or "") == text
    for file_id in kept["stored"]:
        assert client.vector_stores.files.poll(file_id, vector_store_id=store_id).status == "completed"
    for added in client.vector_stores.files.list(store_id):
        held = client.vector_stores.files.content(added.id, vector_store_id=store_id).data[0].text
        assert held == client.files.content(added.id).read().decode().strip()


def _tune(client: openai.OpenAI) -> str:
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"Which desk looks after matter number {n}?"},
                {"role": "assistant", "content": f"DESK: {n}"},
            ]
        }
        for n in range(64)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    file = client.files.create(file=("train.jsonl", lines.encode()), purpose="fine-tune")
    method = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 20}}}
    job = client.fine_tuning.jobs.create(model="tiny", training_file=file.id, extra_body={"method": method})
    return job.id


def _ended(client: openai.OpenAI, job_id: str) -> str:
    while (status := client.fine_tuning.jobs.retrieve(job_id).status) not in ("succeeded", "failed"):
        pass
    return status


def _descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(FileNotFoundError):
        for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield int(word)
            yield from _descendants(int(word))

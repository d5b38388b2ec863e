"""Files become searchable whatever happens to the process that indexes them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.access import Caller
from lorewright.errors import Transient, UserError
from lorewright.storage import Record
from lorewright.workspace.collections.batches import (
    batch_counts,
    batch_status,
    cancel_batch,
    create_batch,
    list_batch_files,
)
from lorewright.workspace.collections.changes import create_store, delete_store
from lorewright.workspace.collections.files import upload_file
from lorewright.workspace.collections.store_files import Attachment, find_store_file
from lorewright.workspace.collections.stores import retriever_over
from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough

KEY = Caller(id="key_test", name="test", is_admin=True)
SETTINGS = '[models]\nembedding = "hashing"\n'


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    (tmp_path / "lorewright.toml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
def server(domain: Path) -> Iterator[Server]:
    server = Server(domain)
    yield server
    server.close()


def store_of(server: Server, **texts: str) -> tuple[Record, list[str]]:
    """Return a new store of texts, and the ids of their files."""
    files = [
        upload_file(server, KEY, [text.encode()], filename=f"{name}.md", purpose="assistants").id
        for name, text in texts.items()
    ]
    return create_store(server, KEY, file_ids=files), files


def test_a_killed_worker_loses_no_file(server: Server) -> None:
    """`kill -9` while it works: another one goes on."""
    store, (file,) = store_of(server, pool="The pool opens at nine.")
    (job,) = server.workspace.queue.all(kind="index-files")
    while (pid := server.workspace.queue.get(job.id).pid) is None:
        pass
    os.kill(pid, 9)
    server.workers.wait()
    assert server.workspace.queue.get(job.id).attempt == 2
    assert find_store_file(server, KEY, store.id, file).label == "completed"


def test_files_are_indexed_by_the_next_server(domain: Path) -> None:
    first = Server(domain)
    store, (file,) = store_of(first, pool="The pool opens at nine.")
    first.close()

    second = Server(domain)
    assert find_store_file(second, KEY, store.id, file).label == "in_progress"
    second.resume()
    second.workers.wait()
    assert find_store_file(second, KEY, store.id, file).label == "completed"
    second.close()


def test_a_job_that_cannot_go_on_lets_no_file_wait(domain: Path, server: Server) -> None:
    assert server.workspace.embedder.name == "hashing-256"
    (domain / "lorewright.toml").write_text('[models]\nembedding = "nonsense"\n')
    store, (file,) = store_of(server, pool="The pool opens at nine.")
    server.workers.wait()
    found = find_store_file(server, KEY, store.id, file)
    assert found.label == "failed"
    assert found.body["last_error"]["code"] == "server_error"
    assert "nonsense" in found.body["last_error"]["message"]


def test_several_stores_are_searched_as_one(server: Server) -> None:
    bath, _ = store_of(server, pool="The pool opens at nine.", sauna="The sauna opens at noon.")
    sport, _ = store_of(server, gym="The gym opens at seven and has treadmills.")
    server.workers.wait()
    retriever = retriever_over(server, KEY, [bath.id, sport.id], n=2)
    assert retriever.find("treadmills of the gym")[0].filename == "gym.md"
    assert retriever.find("the sauna")[0].store_id == bath.id
    assert len(retriever.search("opens")) == 2


def test_a_store_of_another_embedding_model_is_indexed_anew(server: Server) -> None:
    """Vectors of two models say nothing about each other."""
    store, _ = store_of(server, pool="The pool opens at nine.")
    server.workers.wait()
    server.records("vector_store").change(store.id, lambda body: body | {"embedder": "an older one"})
    with pytest.raises(Transient, match="is being re-indexed"):
        retriever_over(server, KEY, [store.id])
    server.workers.wait()
    assert len(retriever_over(server, KEY, [store.id]).search("pool")) == 1


def test_a_cancelled_batch_reads_no_more_files(server: Server) -> None:
    server.workers.close()  # nothing is read while we look
    store, _ = store_of(server)
    files = [
        upload_file(server, KEY, [b"text"], filename=f"{n}.md", purpose="assistants").id for n in range(3)
    ]
    batch = create_batch(server, KEY, store.id, [Attachment(file, {}, 128) for file in files])
    cancelled = cancel_batch(server, KEY, store.id, batch.id)
    counts = batch_counts(server, cancelled)
    assert (batch_status(cancelled, counts), counts["cancelled"], counts["total"]) == ("cancelled", 3, 3)
    page = list_batch_files(server, KEY, store.id, batch.id, state="cancelled", limit=2)
    assert [file.body["file"] for file in page.records] == [files[2], files[1]]
    assert page.has_more


def test_an_expired_store_cannot_be_searched(server: Server) -> None:
    store = create_store(server, KEY, expires_after={"anchor": "last_active_at", "days": 1})
    server.records("vector_store").change(store.id, lambda body: body | {"last_active_at": 0})
    with pytest.raises(UserError, match="has expired"):
        retriever_over(server, KEY, [store.id])


def test_a_deleted_store_leaves_no_folder(server: Server) -> None:
    store, _ = store_of(server, pool="The pool opens at nine.")
    delete_store(server, KEY, store.id)
    server.workers.wait()
    assert not (server.workspace.state_folder / "stores" / store.id).exists()

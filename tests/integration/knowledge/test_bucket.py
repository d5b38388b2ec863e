"""The index in an object store finds what that in a folder finds; tried on a stand-in server for S3.

It runs where that server is installed, which brings a great deal: pip install 'moto[server]' boto3
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import Any

import httpx2
import pytest

from lorewright.documents import Document
from lorewright.errors import IndexUnavailable
from lorewright.knowledge import Collection
from lorewright.knowledge.index import home_at
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

moto_server = pytest.importorskip("moto.server", reason="a stand-in for S3")
serving = pytest.importorskip("werkzeug.serving", reason="a stand-in for S3")
pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore")]

PAGES = {
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "travel.md": "# Travel\n\nTravel by train. A hotel may cost 120 euros a night.\n",
}


class Store:
    """A store that does one thing after the other, as S3 does, and whose answer may get lost on the way."""

    def __init__(self) -> None:
        self._app = moto_server.DomainDispatcherApplication(moto_server.create_backend_app)
        self._lock = Lock()
        self.n_lost = 0
        """How many of the next commits are done, and told to have failed."""
        self.at_once: Barrier | None = None
        """Where the next commits wait for each other, all made from the same state of the index."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_commit = environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].endswith(".manifest")
        if is_commit and self.at_once is not None:
            self.at_once.wait()
        with self._lock:
            answer: list[Any] = []
            body = list(self._app(environ, lambda *given: answer.append(given)))
            is_lost = is_commit and self.n_lost > 0 and answer[0][0].startswith("200")
            self.n_lost -= is_lost
        if is_lost:
            start_response("503 Slow Down", [("Content-Length", "0")])
            return []
        start_response(*answer[0])
        return body


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[str]:
    boto3 = pytest.importorskip("boto3")
    server = serving.make_server("127.0.0.1", 0, store, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    host, port = "127.0.0.1", server.server_port
    variables = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT": f"http://{host}:{port}",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    httpx2.post(f"{variables['AWS_ENDPOINT']}/moto-api/reset").raise_for_status()  # of the test before
    boto3.client("s3").create_bucket(Bucket="indexes")
    yield "s3://indexes/handbook"
    server.shutdown()
    thread.join()


def _opened(folder: Path, address: str) -> Collection:
    return Collection(
        folder, HashingEmbedder(64), Retrieval(), home=lambda place: home_at(address, place.name, place)
    )


def _documents() -> list[Document]:
    return [Document(id=name, title=name, text=text) for name, text in PAGES.items()]


def test_what_one_server_adds_another_finds(bucket: str, tmp_path: Path) -> None:
    """Two hosts with folders of their own share one index."""
    one, other = _opened(tmp_path / "a" / "index", bucket), _opened(tmp_path / "b" / "index", bucket)
    folder = Collection(tmp_path / "folder", HashingEmbedder(64), Retrieval())
    folder.add(_documents())

    one.add(_documents())
    other.add([Document(id="pay.md", title="Pay", text="# Pay\n\nSalaries rise in May.\n")])
    other.remove(["pay.md"])

    assert other.search("days of leave")[0].chunk.document_id == "leave.md"
    assert one.text_hashes() == other.text_hashes() == folder.text_hashes()
    assert one.version == other.version == folder.version
    assert list(tmp_path.glob("[ab]")) == []


def test_a_rebuilt_index_leaves_nothing_behind(bucket: str, tmp_path: Path) -> None:
    collection = _opened(tmp_path / "index", bucket)
    collection.add(_documents())

    collection.clear()

    assert collection.n_chunks == 0
    collection.add(_documents())
    assert collection.n_chunks == len(PAGES)


def test_a_commit_whose_answer_was_lost_is_in_once(bucket: str, store: Store, tmp_path: Path) -> None:
    """A slow store does what it is asked and says that it failed: the same chunks are sent again."""
    collection = _opened(tmp_path / "index", bucket)
    collection.add(_documents()[:1])
    store.n_lost = 1

    collection.add(_documents()[1:])

    assert store.n_lost == 0, "an answer was lost"
    assert collection.n_chunks == len(PAGES)
    assert [len(collection.chunks_of(name)) for name in PAGES] == [1] * len(PAGES)


def test_what_two_servers_add_at_once_is_in_once(bucket: str, store: Store, tmp_path: Path) -> None:
    """Both find nothing of a document yet, and neither commit touches a row of the other one."""
    servers = [_opened(tmp_path / name / "index", bucket) for name in "ab"]
    servers[0].add(_documents()[:1])
    store.at_once = Barrier(len(servers), action=lambda: setattr(store, "at_once", None), timeout=60)

    with ThreadPoolExecutor(len(servers)) as pool:
        list(pool.map(lambda server: server.add(_documents()[1:]), servers))

    assert store.at_once is None, "two commits met"
    assert servers[0].n_chunks == len(PAGES)
    assert servers[0].text_hashes() == {one.id: one.text_hash for one in _documents()}


def test_a_bucket_that_vanished_is_named_with_the_way_out(bucket: str, tmp_path: Path) -> None:
    boto3 = pytest.importorskip("boto3")
    collection = _opened(tmp_path / "index", bucket)
    collection.add(_documents())
    store = boto3.resource("s3").Bucket("indexes")
    store.objects.all().delete()
    store.delete()

    with pytest.raises(IndexUnavailable, match=r"The index at s3://indexes/handbook") as caught:
        collection.search("days of leave")

    assert "add --rebuild" in caught.value.hint

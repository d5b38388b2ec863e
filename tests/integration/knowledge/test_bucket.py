"""The index in an object store finds what that in a folder finds; tried on a stand-in server for S3.

It runs where that server is installed, which brings a great deal: pip install 'moto[server]' boto3
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.documents import Document
from lorewright.errors import IndexUnavailable
from lorewright.knowledge import Collection
from lorewright.knowledge.index import home_at
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

moto_server = pytest.importorskip("moto.server", reason="a stand-in for S3")
pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore")]

PAGES = {
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "travel.md": "# Travel\n\nTravel by train. A hotel may cost 120 euros a night.\n",
}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    boto3 = pytest.importorskip("boto3")
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
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
    boto3.client("s3").create_bucket(Bucket="indexes")
    yield "s3://indexes/handbook"
    server.stop()


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
    assert one.version == other.version == folder.version
    assert list(tmp_path.glob("[ab]")) == []


def test_a_rebuilt_index_leaves_nothing_behind(bucket: str, tmp_path: Path) -> None:
    collection = _opened(tmp_path / "index", bucket)
    collection.add(_documents())

    collection.clear()

    assert collection.n_chunks == 0
    collection.add(_documents())
    assert collection.n_chunks == len(PAGES)


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

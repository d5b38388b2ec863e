"""Uploaded files in a store that several hosts reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from lorewright.errors import InvalidSetting, Transient
from lorewright.storage.remote_blobs import RemoteBlobs

NOTE = b"The notice period is 3 months."
NAME = sha256(NOTE).hexdigest()


@contextmanager
def alone(_name: str) -> Iterator[None]:
    yield


@pytest.fixture(params=["memory", "folder"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory":
        return f"memory://{uuid4().hex}"
    return f"file://{tmp_path / 'shared'}"


def host(address: str, cache: Path) -> RemoteBlobs:
    return RemoteBlobs(address, cache, alone)


def test_what_one_host_keeps_another_one_reads(address: str, tmp_path: Path) -> None:
    one, other = host(address, tmp_path / "one"), host(address, tmp_path / "other")

    kept = one.add([NOTE[:9], NOTE[9:]])

    assert (kept.sha256, kept.size_bytes) == (NAME, len(NOTE))
    (tmp_path / "other").mkdir()
    assert other.path(NAME).read_bytes() == NOTE
    assert other.exists(NAME)


def test_what_was_let_go_is_gone_for_every_host_unless_somebody_uses_it(address: str, tmp_path: Path) -> None:
    one, other = host(address, tmp_path / "one"), host(address, tmp_path / "other")
    one.add([NOTE])

    other.remove_unless(NAME, lambda: True)
    assert one.exists(NAME)
    other.remove_unless(NAME, lambda: False)

    assert not one.exists(NAME)
    assert not other.path(NAME).exists()


def test_damaged_bytes_are_not_served(address: str, tmp_path: Path) -> None:
    """What processes load is compared with its name, which is its hash."""
    host(address, tmp_path / "one").add([NOTE])
    files, root = fsspec.core.url_to_fs(address)
    files.pipe_file(f"{root}/{NAME[:2]}/{NAME}", b"something else")

    with pytest.raises(Transient, match="is damaged"):
        host(address, tmp_path / "other").path(NAME)
    assert not (tmp_path / "other" / NAME[:2] / NAME).exists()


def test_nothing_half_sent_is_found(address: str, tmp_path: Path) -> None:
    files, root = fsspec.core.url_to_fs(address)
    host(address, tmp_path / "one").add([NOTE])
    assert [name.rpartition("/")[2] for name in files.find(root)] == [NAME]


def test_a_store_that_cannot_be_reached_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    blobs = host(f"file://{tmp_path}/a file/below", tmp_path / "one")
    with pytest.raises(Transient, match="cannot be reached") as told:
        blobs.add([NOTE])
    assert "storage.blobs" in told.value.hint


def test_an_address_that_nothing_understands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"storage\.blobs"):
        host("nowhere://x", tmp_path)

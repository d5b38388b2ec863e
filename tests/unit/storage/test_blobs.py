"""Bytes that are kept once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.storage import Blobs


def test_bytes_are_kept_under_their_hash(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    blob = blobs.add([b"one ", b"two"])
    assert blobs.add([b"one two"]) == blob
    assert blob.size_bytes == 7
    assert blobs.path(blob.sha256).read_bytes() == b"one two"


def test_half_an_upload_leaves_nothing(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    blobs = Blobs(tmp_path / "blobs")
    with pytest.raises(ConnectionError):
        blobs.add(breaks())
    assert list((tmp_path / "blobs").iterdir()) == []

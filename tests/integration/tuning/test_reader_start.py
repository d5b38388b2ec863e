"""An adapter that ships as GGUF: run by its name, and learned on from."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tests.fixtures.tuning_rows import ROWS

from lorewright.models import Sampling, complete
from lorewright.models.engines.llama_cpp import LlamaCpp
from lorewright.tuning import Adapter, Recipe, load_trainer
from lorewright.tuning.base import read_base
from lorewright.tuning.gguf_adapter import read_adapter, write_adapter
from lorewright.tuning.reader_start import can_start_from_reader, unpack_reader

PREFIX = "base_model.model."
SHORT = Sampling(max_tokens=24)


@pytest.fixture
def shipped(base: Path, trained: Adapter, tmp_path: Path) -> Path:
    """What was trained, in 16 bits and with a name."""
    saved = load_file(trained.folder / "adapter_model.safetensors")
    modules = [
        name.removeprefix(PREFIX).removesuffix(".lora_A.weight") for name in saved if ".lora_A" in name
    ]
    weights = {
        module: (saved[f"{PREFIX}{module}.lora_A.weight"], saved[f"{PREFIX}{module}.lora_B.weight"])
        for module in modules
    }
    path = tmp_path / "shipped.gguf"
    write_adapter(path, weights, alpha=32.0, facts=read_base(base), name="the reader", dtype=np.float16)
    return path


def test_weights_come_back_from_gguf_as_they_were(base: Path, trained: Adapter) -> None:
    """llama.cpp wants queries and keys in another order: taken back wrongly, a run starts from noise."""
    saved = load_file(trained.folder / "adapter_model.safetensors")
    module = "model.layers.1.self_attn.q_proj"
    a, b = read_adapter(trained.path, [module], read_base(base))[module]
    assert np.array_equal(a, saved[f"{PREFIX}{module}.lora_A.weight"])
    assert np.array_equal(b, saved[f"{PREFIX}{module}.lora_B.weight"])


def test_an_engine_says_which_adapter_it_wears(base: Path, shipped: Path) -> None:
    """Nobody should take what the reader says for what the model says."""
    engine = LlamaCpp(base, name="tiny", adapter=shipped, context_tokens=512)
    try:
        assert engine.name == "tiny with the reader"
        assert complete(engine, ROWS[0].messages, sampling=SHORT).text.startswith("in the ")
    finally:
        engine.close()


def test_a_run_starts_where_the_shipped_adapter_is(
    base: Path, trained: Adapter, shipped: Path, tmp_path: Path
) -> None:
    """The few examples of a domain should not have to teach reading again."""
    start = unpack_reader(shipped, base=base, folder=tmp_path)
    run = load_trainer("transformers").train(
        ROWS[:1],
        validation=ROWS[:3],
        recipe=Recipe(epochs=1.0),
        base=base,
        folder=tmp_path / "run",
        init_from=start,
    )
    assert run.metrics.validation_loss_before == pytest.approx(trained.metrics.validation_loss, rel=0.05)


def test_other_ranks_and_layers_do_not_start_from_the_reader() -> None:
    assert can_start_from_reader(Recipe())
    assert not can_start_from_reader(Recipe(rank=8, alpha=16.0))
    assert not can_start_from_reader(Recipe(name="lora-last-layers", layers_share=0.5))

"""A run that cannot work is refused before anything heavy loads."""

import json
import struct
import sys
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
import pytest

from lorewright.errors import TooFewExamples, TooLittleMemory, UnfitBase
from lorewright.messages import Message
from lorewright.settings import Tuning
from lorewright.tuning import Recipe, Row, check_fit, needed_bytes
from lorewright.tuning.base import BaseFacts
from lorewright.tuning.fit import is_sharded
from lorewright.tuning.timing import CHARACTERS_PER_TOKEN

ROWS = [Row((Message("user", f"question {n}"),), "answer " * 20) for n in range(60)]
GB = 10**9


def header_only(path: Path, *, architecture: str = "llama", chat_template: str = "{{ messages }}") -> Path:
    """Write a GGUF file that says it is large and holds one small tensor."""
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(30)
    writer.add_context_length(8192)
    writer.add_embedding_length(576)
    writer.add_feed_forward_length(1536)
    writer.add_head_count(9)
    writer.add_head_count_kv(3)
    if chat_template:
        writer.add_chat_template(chat_template)
    writer.add_tensor("token_embd.weight", np.zeros((1000, 576), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def safetensors_folder(folder: Path, n_parameters: int) -> Path:
    """Write a folder whose header promises this many parameters; the weights are never read."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [n_parameters], "data_offsets": [0, 0]}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    config = {"model_type": "qwen2", "num_hidden_layers": 24, "hidden_size": 896, "intermediate_size": 4864,
              "vocab_size": 151936, "num_attention_heads": 14, "num_key_value_heads": 2}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    return folder


def test_a_run_that_fits_is_estimated_without_loading_torch(tmp_path: Path) -> None:
    before = set(sys.modules)
    needed = check_fit(ROWS, Recipe(), base=header_only(tmp_path / "a.gguf"), available_bytes=16 * GB)
    assert 0.5 * GB < needed < 8 * GB
    assert "torch" not in set(sys.modules) - before


def test_too_few_examples_are_counted(tmp_path: Path) -> None:
    with pytest.raises(TooFewExamples, match="12 examples to learn from; tuning needs 50") as refused:
        check_fit(ROWS[:12], Recipe(), base=tmp_path / "never-looked-at", available_bytes=0)
    assert "rag" in refused.value.hint


def test_a_model_that_does_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    base = safetensors_folder(tmp_path, 7_000_000_000)
    with pytest.raises(TooLittleMemory, match=r"7,000 million parameters.*8\.0 GB is free"):
        check_fit(ROWS, Recipe(), base=base, available_bytes=8 * GB)
    small = safetensors_folder(tmp_path, 100_000_000)
    lora = check_fit(ROWS, Recipe(), base=small, available_bytes=16 * GB)
    full = check_fit(ROWS, Recipe(name="full"), base=small, available_bytes=16 * GB)
    assert full > lora


def test_a_remote_model_cannot_be_tuned() -> None:
    with pytest.raises(UnfitBase, match="does not run on this machine"):
        check_fit(ROWS, Recipe(), base=Path("openai:gpt-5@https://api"), available_bytes=GB)


@pytest.mark.parametrize(
    ("architecture", "template", "said"),
    [("mamba", "{{ messages }}", "'mamba' model"), ("llama", "", "no chat template")],
)
def test_an_unfit_model_is_refused_with_its_reason(
    tmp_path: Path, architecture: str, template: str, said: str
) -> None:
    base = header_only(tmp_path / "a.gguf", architecture=architecture, chat_template=template)
    with pytest.raises(UnfitBase, match=said) as refused:
        check_fit(ROWS, Recipe(), base=base, available_bytes=16 * GB)
    assert refused.value.hint


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF", b"GGUF\x03\x00\x00\x00\xff\xff\xff"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(UnfitBase, match=r"model\.gguf"):
        check_fit(ROWS, Recipe(), base=path, available_bytes=16 * GB)


DEFAULT_BASE = BaseFacts(
    architecture="llama", n_parameters=134_515_008, n_layers=30, n_hidden=576, n_inner=1536,
    n_vocabulary=49152, n_heads=9, n_key_heads=3, has_chat_template=True,
)  # fmt: skip


def rows_of(n_tokens: int) -> list[Row]:
    return [Row((Message("user", "x" * int(CHARACTERS_PER_TOKEN * n_tokens)),), "")]


def test_the_memory_of_long_prompts_is_what_a_run_on_them_took() -> None:
    """Planned at 3.55 GB, a run on retrieved context took 4.87: on a machine with 4 it was killed."""
    assert needed_bytes(rows_of(600), Recipe(), DEFAULT_BASE) == pytest.approx(4.87e9, rel=0.05)


def test_memory_grows_with_the_rows_until_attention_keeps_no_scores() -> None:
    """Long rows cost more than as many tokens in short ones; past 512 tokens another kernel takes over."""
    short, long, longer = (needed_bytes(rows_of(n), Recipe(), DEFAULT_BASE) for n in (60, 500, 900))

    assert short < long < longer
    assert longer - long < (long - short) / 5


def test_small_batches_take_less_memory() -> None:
    """Fifty short rows in a hundred steps never hold a thousand tokens at once."""
    rows = rows_of(60) * 50
    few, many = (needed_bytes(rows, Recipe(least_steps=n), DEFAULT_BASE) for n in (0, 100))
    assert many < few


def test_numbers_of_16_bits_fit_into_the_plan() -> None:
    """Where the processor multiplies those faster, two rows of 500 tokens took 1.82 GB."""
    assert needed_bytes(rows_of(500), Recipe(), DEFAULT_BASE) > 1.82e9


def test_processes_that_share_a_base_out_take_less_memory_than_one_base_each(tmp_path: Path) -> None:
    """What decides whether a base that is too large for each of them is tuned at all."""
    base = safetensors_folder(tmp_path, 3_000_000_000)

    def needed(shard: Literal["auto", "on", "off"], free: int) -> int:
        tuning = Tuning(processes=4, shard=shard)
        return check_fit(ROWS, Recipe(), base=base, available_bytes=free, tuning=tuning)

    whole, shared = needed("off", 10**15), needed("on", 10**15)
    assert whole > 4 * 10 * 3 * GB
    assert shared < whole / 2
    assert needed("auto", whole) == whole
    with pytest.raises(TooLittleMemory):
        needed("off", whole - 1)
    with pytest.raises(TooLittleMemory):
        needed("auto", whole - 1)


@pytest.mark.parametrize(
    ("recipe", "tuning", "device_bytes", "expected"),
    [
        (Recipe(), Tuning(processes=2), None, False),
        (Recipe(), Tuning(processes=2), 10**6, True),
        (Recipe(), Tuning(processes=2), 80 * GB, False),
        (Recipe(), Tuning(), 10**6, False),
        (Recipe(), Tuning(processes=2, shard="off"), 10**6, False),
        (Recipe(), Tuning(processes=2, shard="on"), None, True),
        (Recipe(name="full"), Tuning(processes=2), 10**6, False),
        (Recipe(name="qlora"), Tuning(processes=2), 10**6, False),
    ],
)
def test_a_base_is_sharded_where_a_gpu_cannot_hold_it(
    recipe: Recipe, tuning: Tuning, device_bytes: int | None, expected: bool
) -> None:
    """Sharding is slower than a base in each process, so it is done where it must be or is asked for."""
    enough = 10**15
    decided = is_sharded(ROWS, recipe, DEFAULT_BASE, tuning, host_bytes=enough, device_bytes=device_bytes)
    assert decided is expected

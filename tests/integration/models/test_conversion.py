"""A model of the hub says in llama.cpp what it says in transformers, token for token."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.fixtures.llama import Llama
from tests.fixtures.tiny_bases import KINDS, save_base
from tests.fixtures.tiny_tokenizers import END, PHI3_TOKENS, STRINGS, ids_of
from tests.fixtures.tuning_rows import IN_TURNS, ROWS, WITH_SYSTEM
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

from lorewright.models.conversion import convert
from lorewright.models.vocabulary_check import check_tokens
from lorewright.tuning import Recipe, load_trainer
from lorewright.tuning.base import read_base
from lorewright.tuning.gguf_adapter import write_adapter
from lorewright.tuning.trainers.encoding import encode_prompt
from lorewright.tuning.trainers.loading import load_tokenizer

pytestmark = pytest.mark.thorough

PROMPTS = [ROWS[0].messages, WITH_SYSTEM, IN_TURNS]
N_TOKENS = 12
SURE = 0.0005  # what rounding moves is less than the likeliest token is ahead by
SEEDS: Mapping[str, int] = {"mistral": 3, "qwen3": 2, "phi3": 1, "phi4": 3, "smollm3": 1, "granite": 1}
SPLITS_MARKS_OTHERWISE = ("tekken", "gpt-4o")  # llama.cpp's own; Hindi is among the strings


@pytest.fixture(scope="module", params=KINDS)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = request.param
    return save_base(KINDS[name], tmp_path_factory.mktemp("bases") / name, seed=SEEDS.get(name, 0))


@pytest.fixture(scope="module")
def converted(base: Path) -> Path:
    path = base.parent / "converted.gguf"
    convert(base, path, precision="f32")
    return path


def greedy(model: Any, ids: Sequence[int], ends: Sequence[int]) -> tuple[list[int], float]:
    """Return the likeliest tokens, and how far the likeliest was ahead where it was least."""
    written: list[int] = []
    ahead = float("inf")
    with torch.inference_mode():
        while len(written) < N_TOKENS:
            first, second = model(input_ids=torch.tensor([[*ids, *written]])).logits[0, -1].topk(2)[0]
            ahead = min(ahead, float(first - second))
            written.append(int(model(input_ids=torch.tensor([[*ids, *written]])).logits[0, -1].argmax()))
            if written[-1] in ends:
                break
    return written, ahead


def same(model: Any, llama: Llama, base: Path) -> int:
    """Compare every prompt's tokens; return how many texts were clear enough to compare."""
    tokenizer, n_clear = load_tokenizer(base), 0
    for messages in PROMPTS:
        ids = encode_prompt(tokenizer, messages)
        assert llama.prompt_ids(messages) == ids
        wanted, ahead = greedy(model, ids, tokenizer.convert_tokens_to_ids([END, *PHI3_TOKENS]))
        if ahead > SURE:
            assert llama.next_ids(ids, n_tokens=N_TOKENS)[: len(wanted)] == wanted
            n_clear += 1
    return n_clear


def test_the_text_is_the_same_token_for_token(base: Path, converted: Path) -> None:
    """A figure measured on a converted base must be one of that base."""
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    assert same(model, Llama(converted, is_exact=True), base) >= 2


def test_an_adapter_says_the_same_token_for_token(base: Path, converted: Path, tmp_path: Path) -> None:
    """It is learned in transformers and runs in llama.cpp: names and row orders must be those of the base."""
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    draw, weights = np.random.default_rng(0), {}
    layers = model.get_submodule("model.layers").named_modules(prefix="model.layers")
    for name, part in layers:
        if isinstance(part, torch.nn.Linear):
            a = draw.normal(0, 0.2, (4, part.in_features)).astype(np.float32)
            b = draw.normal(0, 0.2, (part.out_features, 4)).astype(np.float32)
            weights[name] = (a, b)
            with torch.no_grad():
                part.weight += torch.from_numpy(2.0 * b @ a)  # alpha 8 over rank 4
    assert len(weights) >= 8
    adapter = tmp_path / "adapter.gguf"
    write_adapter(adapter, weights, alpha=8.0, facts=read_base(base))
    assert same(model, Llama(converted, adapter, is_exact=True), base) >= 2


def test_texts_have_the_same_tokens(base: Path, converted: Path) -> None:
    """Spaces, digits, emoji, scripts and special tokens: what is split otherwise is another prompt."""
    tokenizer, llama = Tokenizer.from_file(str(base / "tokenizer.json")), Llama(converted)
    wanted = dict(zip(STRINGS, ids_of(tokenizer, STRINGS), strict=True))
    wrong = [text for text in STRINGS if llama.ids(text) != wanted[text]]
    has_marks = KINDS[base.name].splitting in SPLITS_MARKS_OTHERWISE
    assert all("हिन्दी" in text for text in wrong) if has_marks else wrong == []
    assert "marks" in check_tokens(base) or not has_marks or not wrong


@pytest.mark.parametrize("precision", ["f16", "q8_0"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_weights_in_sixteen_bits_are_read_without_torch(tmp_path: Path, dtype: Any, precision: Any) -> None:
    """Most repositories hold bfloat16, which numpy does not know."""
    base = save_base(KINDS["qwen2"], tmp_path / "base", dtype=dtype)
    convert(base, tmp_path / "model.gguf", precision=precision)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    llama, tokenizer, n_same = Llama(tmp_path / "model.gguf", is_exact=True), load_tokenizer(base), 0
    for messages in PROMPTS:
        ids = encode_prompt(tokenizer, messages)
        likeliest = int(model(input_ids=torch.tensor([ids])).logits[0, -1].argmax())
        n_same += llama.next_ids(ids, n_tokens=1) == [likeliest]
    assert n_same == len(PROMPTS) if precision == "f16" else n_same >= 2  # of 420 tokens; 8 bits round


@pytest.mark.parametrize("recipe", ["lora", "full"])
def test_a_base_in_safetensors_is_tuned_and_runs(tmp_path: Path, recipe: Any) -> None:
    """From a folder of the hub to an answer in the learned form, without a GGUF file of anybody's."""
    base = save_base(KINDS["qwen3"], tmp_path / "base")
    rate = 1e-2 if recipe == "lora" else 5e-3
    settings = Recipe(name=recipe, epochs=30.0, batch_tokens=512, learning_rate=rate)
    tuned = load_trainer("transformers").train(
        ROWS, validation=[], recipe=settings, base=base, folder=tmp_path / "run"
    )
    if recipe == "full":
        llama = Llama(tuned.path)
    else:
        convert(base, tmp_path / "model.gguf")
        llama = Llama(tmp_path / "model.gguf", tuned.path)
    assert llama.say(ROWS[0].messages).startswith("in the ")


def test_a_base_without_a_chat_template_is_asked_in_plain_words(tmp_path: Path) -> None:
    """Pretrained models come without one; tuned and run alike, they learn the plain form."""
    base = save_base(replace(KINDS["llama"], template=""), tmp_path / "base")
    convert(base, tmp_path / "model.gguf")
    ids = encode_prompt(load_tokenizer(base), WITH_SYSTEM)
    assert Llama(tmp_path / "model.gguf").prompt_ids(WITH_SYSTEM) == ids
    assert load_tokenizer(base).decode(ids).endswith("\n\nAssistant:\n")

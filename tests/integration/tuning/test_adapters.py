"""What was learned is what llama.cpp says."""

from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from tests.fixtures.llama import Llama
from tests.fixtures.plain_model import plain
from tests.fixtures.tiny_base import END
from tests.fixtures.tuning_rows import IN_TURNS, ROWS, WITH_SYSTEM

from lorewright.messages import Conversation
from lorewright.tuning import Adapter, Recipe, load_trainer
from lorewright.tuning.trainers.encoding import encode_prompt, encode_rows
from lorewright.tuning.trainers.loading import load_tokenizer

pytestmark = pytest.mark.thorough

PROMPTS = [ROWS[0].messages, ROWS[9].messages, WITH_SYSTEM, IN_TURNS]


def greedy(model: Any, base: Path, messages: Conversation, n_tokens: int = 24) -> str:
    tokenizer = load_tokenizer(base)
    ids = encode_prompt(tokenizer, messages)
    end = tokenizer.convert_tokens_to_ids(END)
    said: list[int] = []
    with torch.inference_mode():
        while len(said) < n_tokens:
            said.append(int(model(input_ids=torch.tensor([ids + said])).logits[0, -1].argmax()))
            if said[-1] == end:
                said.pop()
                break
    return str(tokenizer.decode(said)).strip()


@pytest.mark.parametrize("messages", PROMPTS, ids=["bare", "bare-2", "system", "turns"])
def test_a_prompt_has_the_same_token_ids_as_at_inference(base: Path, messages: Conversation) -> None:
    assert encode_prompt(load_tokenizer(base), messages) == Llama(base).prompt_ids(messages)


def test_a_completion_ends_with_the_end_of_the_turn(base: Path) -> None:
    tokenizer = load_tokenizer(base)
    (row,) = encode_rows(tokenizer, ROWS[:1])
    assert tokenizer.decode(row.ids[row.n_prompt :]) == f"in the aaa.{END}"
    assert row.ids[: row.n_prompt] == tuple(encode_prompt(tokenizer, ROWS[0].messages))


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # of peft
def test_the_gguf_adapter_says_what_the_trained_model_says(base: Path, trained: Adapter) -> None:
    """PEFT reads our safetensors, llama.cpp our GGUF: two readers that know nothing of each other."""
    tuned = peft.PeftModel.from_pretrained(plain(base), trained.folder)
    llama = Llama(base, trained.path)
    for messages in PROMPTS:
        assert llama.say(messages) == greedy(tuned, base, messages)
    assert all(llama.say(row.messages).startswith("in the ") for row in ROWS)
    assert not Llama(base).say(PROMPTS[0]).startswith("in the ")


def test_full_tuning_writes_a_model_that_takes_the_bases_place(base: Path, tmp_path: Path) -> None:
    recipe = Recipe(name="full", epochs=40, batch_tokens=512, learning_rate=5e-3)
    model = load_trainer("transformers").train(ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path)
    assert model.kind == "full"
    llama = Llama(model.path)
    assert llama.say(PROMPTS[0]) == greedy(plain(model.path), base, PROMPTS[0])
    assert llama.say(PROMPTS[0]).startswith("in the ")
    assert model.metrics.validation_loss is None

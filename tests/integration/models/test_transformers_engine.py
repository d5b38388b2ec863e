"""A model that llama.cpp does not have answers through transformers."""

from pathlib import Path

import pytest
from tests.fixtures.tiny_bases import KINDS, Kind, save_base
from tests.fixtures.tuning_rows import ROWS

from lorewright.errors import BadParameter, PromptTooLong
from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, complete, open_engine
from lorewright.models.conversion import convert, reason_not_convertible
from lorewright.tuning import Recipe, load_trainer

pytestmark = pytest.mark.thorough

QUESTION = [Message("user", "What is the word in the beginning?")]
STABLE = Kind(model_type="stablelm", splitting="smollm")  # transformers has it, our conversion does not


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_base(STABLE, tmp_path_factory.mktemp("base") / "stable")


def test_what_cannot_be_converted_says_why_and_still_answers(folder: Path, tmp_path: Path) -> None:
    assert "'stablelm'" in reason_not_convertible(folder)
    engine = open_engine(f"file:{folder}", store=ModelStore(tmp_path))

    whole = complete(engine, QUESTION, sampling=Sampling(max_tokens=12))
    again = complete(engine, QUESTION, sampling=Sampling(max_tokens=12))

    assert whole == again
    assert whole.usage.completion_tokens > 0
    assert whole.usage.prompt_tokens == engine.count_tokens(QUESTION)
    drawn = Sampling(max_tokens=12, temperature=1.0, seed=3)
    assert complete(engine, QUESTION, sampling=drawn) == complete(engine, QUESTION, sampling=drawn)
    engine.close()


def test_it_tells_log_probabilities_and_refuses_what_it_cannot_hold(folder: Path, tmp_path: Path) -> None:
    """A form that is not held would be a promise broken in silence."""
    engine = open_engine(f"file:{folder}", store=ModelStore(tmp_path), context_tokens=128)
    request = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4, "temperature": 0}

    chunks = list(engine.chat({**request, "logprobs": True, "top_logprobs": 2}))

    told = [entry for chunk in chunks for choice in chunk["choices"] if "logprobs" in choice
            for entry in choice["logprobs"]["content"]]  # fmt: skip
    assert all(entry["logprob"] <= 0 and len(entry["top_logprobs"]) == 2 for entry in told)
    assert told
    assert chunks[-1]["usage"]["completion_tokens"] == len(told)
    with pytest.raises(BadParameter, match="response_format"):
        list(engine.chat({**request, "response_format": {"type": "json_object"}}))
    with pytest.raises(PromptTooLong):
        complete(engine, [Message("user", "word " * 300)])


def test_an_adapter_is_learned_and_worn(folder: Path, tmp_path: Path) -> None:
    """Tuning reaches bases that GGUF does not."""
    recipe = Recipe(epochs=30.0, batch_tokens=512, learning_rate=1e-2)
    tuned = load_trainer("transformers").train(
        ROWS, validation=[], recipe=recipe, base=folder, folder=tmp_path / "run"
    )
    assert tuned.path.suffix == ".safetensors"

    engine = open_engine(f"file:{folder}", store=ModelStore(tmp_path), adapter=tuned.path)

    assert complete(engine, ROWS[0].messages, sampling=Sampling(max_tokens=12)).text.startswith("in the ")
    assert engine.fingerprint.endswith(tuned.sha256)


def test_both_engines_say_the_same(tmp_path: Path) -> None:
    """The slow way is the reference of the fast one."""
    from lorewright.models.engines.transformers import TransformersEngine

    base = save_base(KINDS["llama"], tmp_path / "llama")
    convert(base, tmp_path / "model.gguf", precision="f32")
    fast = open_engine(f"file:{tmp_path / 'model.gguf'}", store=ModelStore(tmp_path / "cache"))
    slow = TransformersEngine(base)

    assert fast.count_tokens(QUESTION) == slow.count_tokens(QUESTION)
    few = Sampling(max_tokens=4)
    assert complete(fast, QUESTION, sampling=few).text == complete(slow, QUESTION, sampling=few).text

"""llama.cpp as an engine, on a real model of two layers."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from lorewright.errors import BadParameter, Permanent, PromptTooLong, RequestRefused, UnknownModel
from lorewright.messages import Message
from lorewright.models import Engine, Sampling, complete
from lorewright.models.engine import CountsChats
from lorewright.models.engines.llama_cpp import LlamaCpp
from lorewright.models.fakes import HashingEmbedder
from lorewright.models.joined_calls import calls_in
from lorewright.models.tool_relevance import ToolRelevance

SHOTS = (
    Message("system", "You answer in the house style, and briefly."),
    Message("user", "Is release 3.1 still supported?"),
    Message("assistant", "Status: ended on 2024-03-01."),
)
SHORT = Sampling(max_tokens=12)


def asked(question: str) -> tuple[Message, ...]:
    return (*SHOTS, Message("user", question))


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> Iterator[LlamaCpp]:
    engine = LlamaCpp(tiny_model, context_tokens=4096)
    yield engine
    engine.close()


def test_the_same_prompt_says_the_same_whatever_was_asked_before(tiny_model: Path, engine: Engine) -> None:
    """A report that changes with the order of its questions measures nothing."""
    questions = [asked(f"Is release {n}.{n} supported? {'Please. ' * n}") for n in range(6)]
    unrelated = (Message("user", "Something else."),)
    alone = []
    for question in questions:
        fresh = LlamaCpp(tiny_model)
        alone.append(complete(fresh, question, sampling=SHORT).text)
        fresh.close()

    forwards = [complete(engine, question, sampling=SHORT).text for question in questions]
    complete(engine, unrelated, sampling=SHORT)
    backwards = [complete(engine, question, sampling=SHORT).text for question in reversed(questions)]

    assert forwards == alone
    assert backwards[::-1] == alone


def test_a_model_that_is_dropped_as_soon_as_it_is_loaded_lets_go(tiny_model: Path) -> None:
    """llama.cpp's server waits for ever where it is told to end before its loop began."""
    script = (
        "import sys; from pathlib import Path; from lorewright.models.engines.llama_cpp import LlamaCpp\n"
    )
    script += "for _ in range(100): LlamaCpp(Path(sys.argv[1])).close()"
    done = subprocess.run([sys.executable, "-c", script, str(tiny_model)], timeout=300, check=False)
    assert done.returncode == 0


def test_what_prompts_share_is_computed_once(engine: Engine) -> None:
    complete(engine, asked("First?"), sampling=SHORT)

    usage = complete(engine, asked("Second?"), sampling=SHORT).usage

    assert usage.prompt_tokens == engine.count_tokens(asked("Second?"))
    assert engine.count_tokens(SHOTS) - 20 < usage.cached_tokens < usage.prompt_tokens


def test_a_completion_is_cut_at_the_limit_and_says_so(engine: Engine) -> None:
    completion = complete(engine, asked("Go on."), sampling=Sampling(max_tokens=5))

    assert completion.finish_reason == "length"
    assert completion.usage.completion_tokens == 5


def test_a_seed_draws_the_same_text_again(engine: Engine) -> None:
    def draw(seed: int) -> str:
        return complete(
            engine, asked("Go on."), sampling=Sampling(max_tokens=20, temperature=1.0, seed=seed)
        ).text

    assert draw(1) == draw(1) != draw(2)


def test_a_stop_sequence_ends_the_text(engine: Engine) -> None:
    whole = complete(engine, asked("Go on."), sampling=Sampling(max_tokens=20)).text
    middle = whole[8:10]

    text = complete(engine, asked("Go on."), sampling=Sampling(max_tokens=20, stop=(middle,))).text

    assert text == whole[: whole.index(middle)]


def test_leaving_a_stream_early_stops_the_work(engine: Engine) -> None:
    """A user who closes the page must not keep the processor busy."""
    stream = engine.stream(asked("Go on."), sampling=Sampling(max_tokens=200))
    next(stream)
    n_threads = threading.active_count()

    stream.close()  # type: ignore[attr-defined]  # streams are generators

    assert threading.active_count() == n_threads - 1
    assert complete(engine, asked("Go on."), sampling=SHORT).usage.completion_tokens == 12


def test_a_stream_asks_between_pieces_whether_to_stop(engine: Engine) -> None:
    enough = threading.Event()
    stream = engine.stream(asked("Go on."), sampling=Sampling(max_tokens=200), stopped=enough.is_set)
    assert [piece.usage for piece in islice(stream, 3)] == [None] * 3

    enough.set()

    assert list(stream) == []


def test_two_threads_may_ask_at_once(engine: Engine) -> None:
    questions = [asked(f"Question {n}?") for n in range(4)]
    expected = [complete(engine, question, sampling=SHORT).text for question in questions]
    heard: dict[int, str] = {}

    def ask(n: int) -> None:
        heard[n] = complete(engine, questions[n], sampling=SHORT).text

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [heard[n] for n in range(4)] == expected


def test_a_client_of_the_api_leaves_nothing_behind(tiny_model: Path, engine: Engine) -> None:
    """A request that was passed on as it came uses the same cache as the arms do."""
    fresh = LlamaCpp(tiny_model)
    alone = complete(fresh, asked("Is 9.9 supported?"), sampling=SHORT).text
    fresh.close()

    complete(engine, asked("First?"), sampling=SHORT)
    request = {"messages": [{"role": "user", "content": "Something else."}], "max_tokens": 4}
    chunks = list(engine.chat(request))

    assert chunks[-1]["usage"]["completion_tokens"] == 4
    assert complete(engine, asked("Is 9.9 supported?"), sampling=SHORT).text == alone


def test_a_value_the_model_cannot_take_is_refused_by_name(engine: Engine) -> None:
    with pytest.raises(BadParameter, match="messages"):
        list(engine.chat({"messages": "not a list"}))


def test_what_goes_wrong_inside_llama_cpp_reaches_the_caller(engine: Engine) -> None:
    """It was taken for the end of the stream: an answer without choices, and status 200."""
    request = {"messages": [{"role": "user", "content": "Go on."}], "temperature": "warm"}

    with pytest.raises(RequestRefused, match="temperature"):
        list(engine.chat(request))


WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "enum": ["Graz", "Rome"]}},
            "required": ["city"],
        },
    },
}
HOW = [{"role": "user", "content": "How is Graz?"}]


def test_a_call_that_is_asked_for_is_made_by_any_model(engine: Engine) -> None:
    """Random weights, and a template that knows no tools: the grammar holds all the same."""
    chunks = list(engine.chat({"messages": HOW, "tools": [WEATHER], "tool_choice": "required"}))

    ((name, arguments),) = calls_in(chunks)
    reasons = [choice["finish_reason"] for chunk in chunks for choice in chunk.get("choices", ())]
    assert name == "weather"
    assert json.loads(arguments)["city"] in ("Graz", "Rome")
    assert reasons[-1] == "tool_calls"
    assert len(chunks) > 5  # as it is written, not at once


def test_a_model_that_may_call_calls_the_function_that_is_asked_for(tiny_model: Path) -> None:
    """A model whose template shows no tools writes prose about the weather instead of asking for it."""
    about = {"description": "Whether Graz or Rome is sunny, and how the weather in it is"}
    function: dict[str, Any] = {**WEATHER["function"], **about}
    weather = {**WEATHER, "function": function}
    engine = LlamaCpp(tiny_model, relevance=ToolRelevance(HashingEmbedder))

    called = calls_in(engine.chat({"messages": HOW, "tools": [weather], "tool_choice": "auto"}))
    result = {"role": "tool", "tool_call_id": "1", "content": "How is Graz? Sunny."}
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    turns = [*HOW, {"role": "assistant", "content": None, "tool_calls": [call]}, result]
    bounds = {"max_tokens": 8, "temperature": 0.0}
    answered = calls_in(engine.chat({"messages": turns, "tools": [weather], **bounds}))

    engine.close()
    assert [name for name, _ in called] == ["weather"]
    assert answered == []


def test_a_text_keeps_to_its_schema(engine: Engine) -> None:
    schema = {
        "type": "object",
        "properties": {"day": {"type": "string", "pattern": r"^\d{4}-\d{2}$"}, "n": {"type": "integer"}},
        "required": ["day", "n"],
    }
    form = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}

    for seed in range(3):
        request = {"messages": HOW, "response_format": form, "seed": seed, "temperature": 1.0}
        said = json.loads("".join(_texts(engine.chat(request))))
        assert re.fullmatch(r"\d{4}-\d\d", said["day"])
        assert isinstance(said["n"], int)


def test_a_prompt_is_gone_on_with_as_it_is(engine: LlamaCpp) -> None:
    """Without a template: what stands in the prompt is all that the model sees."""
    *_, end = engine.complete({"prompt": "Once upon a time", "max_tokens": 3, "temperature": 0.0})

    assert end["usage"]["prompt_tokens"] == len(engine.tokens("Once upon a time"))
    assert end["usage"]["completion_tokens"] == 3


def test_an_id_that_is_no_token_is_refused(engine: LlamaCpp) -> None:
    """llama.cpp would read past the end of its table."""
    assert engine.text_of(engine.tokens("Graz")) == "Graz"
    for unknown in (-1, 10**6):
        with pytest.raises(ValueError, match="is not a token ID"):
            engine.text_of([unknown])
        with pytest.raises(BadParameter, match="is not a token ID"):
            list(engine.complete({"prompt": [unknown]}))


def test_the_tokens_of_a_prompt_are_told_with_their_likelihood(engine: LlamaCpp) -> None:
    """An evaluation harness compares endings by their log-likelihood."""
    prompt, ending = "abc", "de"
    request = {"prompt": prompt + ending, "max_tokens": 0, "echo": True, "logprobs": 1}

    choices = [choice for chunk in engine.complete(request) for choice in chunk["choices"]]
    tokens = [token for choice in choices for token in (choice["logprobs"] or {}).get("content", ())]

    assert "".join(choice["text"] for choice in choices) == prompt + ending
    assert [token["token"] for token in tokens] == list(prompt + ending)
    assert tokens[0]["logprob"] is None
    for place, token in enumerate(tokens[1:], start=1):
        wanted = {"prompt": (prompt + ending)[:place], "max_tokens": 1, "temperature": 0.0, "logprobs": 20}
        first = next(chunk for chunk in engine.complete(wanted) if chunk["choices"])
        likeliest = first["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        same = [one["logprob"] for one in likeliest if one["token"] == token["token"]]
        assert not same or abs(same[0] - token["logprob"]) < 1e-3
        assert token["logprob"] <= likeliest[0]["logprob"] + 1e-3


def _texts(chunks: Iterable[dict[str, Any]]) -> list[str]:
    choices = [choice for chunk in chunks for choice in chunk.get("choices", ())]
    return [choice["delta"].get("content") or "" for choice in choices]


def test_several_slots_answer_several_at_once(tiny_model: Path) -> None:
    engine = LlamaCpp(tiny_model, n_slots=3)
    streams = [engine.stream(asked(f"Number {n}?"), sampling=SHORT) for n in range(3)]
    begun = [next(stream).text for stream in streams]  # none of them waits for another's end
    ended = [sum(piece.usage is not None for piece in stream) for stream in streams]
    engine.close()
    assert all(begun)
    assert ended == [1, 1, 1]


def test_a_prompt_longer_than_the_context_is_refused_with_both_counts(engine: Engine) -> None:
    too_long = (Message("user", "x" * 1100),)

    with pytest.raises(
        PromptTooLong, match=rf"has {engine.count_tokens(too_long)} tokens.* is limited to 1024"
    ) as caught:
        complete(engine, too_long)

    assert "models.context_tokens" in caught.value.hint


def test_a_request_takes_the_tokens_that_were_counted(engine: Engine) -> None:
    """Tools count as the model is shown them, by its template or in words."""
    assert isinstance(engine, CountsChats)
    function = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
    request = {
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How is Graz?"}],
        "tools": [{"type": "function", "function": function}],
        "max_tokens": 2,
    }
    *_, last = engine.chat(request)
    assert engine.count_chat(request) == last["usage"]["prompt_tokens"]


def test_an_adapter_changes_the_text_and_the_fingerprint(
    tiny_model: Path, tiny_adapter: Path, engine: Engine
) -> None:
    tuned = LlamaCpp(tiny_model, adapter=tiny_adapter)
    try:
        texts = [complete(each, asked("Go on."), sampling=SHORT).text for each in (engine, tuned)]
    finally:
        tuned.close()

    assert texts[0] != texts[1]
    assert tuned.fingerprint.startswith(engine.fingerprint + "+sha256:")


def test_a_file_that_is_no_model_is_named(tmp_path: Path, tiny_adapter: Path) -> None:
    page = tmp_path / "page.gguf"
    page.write_text("<html>Not found</html>")

    with pytest.raises(UnknownModel, match=r"page\.gguf is not a GGUF model file"):
        LlamaCpp(page)
    with pytest.raises(UnknownModel, match=r"adapter\.gguf is a GGUF adapter, not a GGUF model"):
        LlamaCpp(tiny_adapter)


def test_a_model_that_llama_cpp_cannot_load_is_named(tmp_path: Path, tiny_model: Path) -> None:
    """A download that was cut short keeps its header and loses its weights."""
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_model.read_bytes()[:-2000])

    with pytest.raises(Permanent, match=r"cannot load .*cut\.gguf") as caught:
        LlamaCpp(cut)

    assert "may be incomplete" in caught.value.hint


def test_nothing_is_written_to_the_terminal(tiny_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = LlamaCpp(tiny_model)
    complete(engine, asked("Go on."), sampling=SHORT)
    engine.close()

    assert capfd.readouterr() == ("", "")


def test_a_chat_that_grows_is_computed_from_where_it_was_left(tiny_model: Path) -> None:
    """Every turn sends the whole chat again; others in between must not make it be read again."""
    engine = LlamaCpp(tiny_model, n_slots=2, prompt_cache_mb=16)
    chats = [(Message("user", f"{letter * 40} Where is the desk?"),) for letter in "ABC"]
    try:
        begun = [complete(engine, chat, sampling=SHORT) for chat in chats]
        first, said = chats[0], begun[0].text
        grown = (*first, Message("assistant", said), Message("user", "And when?"))
        usage = complete(engine, grown, sampling=SHORT).usage
        *_, end = engine.chat({"messages": [turn.to_json() for turn in grown], "max_tokens": 4})
    finally:
        engine.close()

    assert [turn.usage.cached_tokens < 20 for turn in begun] == [True] * 3
    assert begun[0].usage.prompt_tokens <= usage.cached_tokens < usage.prompt_tokens
    assert end["usage"]["prompt_tokens_details"]["cached_tokens"] >= usage.cached_tokens

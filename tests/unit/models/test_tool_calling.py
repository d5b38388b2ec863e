"""Calls of functions by models that were never taught to."""

import json
from typing import Any

import pytest
from llguidance import LLMatcher, LLTokenizer

from lorewright.errors import BadParameter
from lorewright.models.call_reader import CallReader
from lorewright.models.joined_calls import calls_in
from lorewright.models.tool_calling import (
    answered_calls,
    choice_of,
    identity_of,
    tool_grammar,
    with_tools,
    without_calls,
)

BYTES = LLTokenizer("byte")
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
CLOCK: dict[str, Any] = {"type": "function", "function": {"name": "clock"}}
PARIS = '{"name": "weather", "arguments": {"city": "Paris"}}'


def can_write(text: str, **request: Any) -> bool:
    choice = choice_of({"tools": [WEATHER, CLOCK], **request})
    matcher = LLMatcher(BYTES, tool_grammar(choice, max_characters=100))
    n_taken = matcher.try_consume_tokens(BYTES.tokenize_str(text))
    return bool(n_taken == len(text.encode()) and matcher.is_accepting())


def can_search(text: str, question: str, **parameters: Any) -> bool:
    schema = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    search = {"type": "function", "function": {"name": "search", "parameters": {**schema, **parameters}}}
    choice = choice_of({"tools": [search], "tool_choice": "required"})
    matcher = LLMatcher(BYTES, tool_grammar(choice, max_characters=100, question=question))
    call = f'{{"name": "search", "arguments": {text}}}'
    return bool(matcher.try_consume_tokens(BYTES.tokenize_str(call)) == len(call.encode()))


STRING = {"type": "string"}
QUESTION = 'Who pays for a "Härtefall"?'
ASKED, OTHER = json.dumps({"query": QUESTION}, ensure_ascii=False), '{"query": "taxi"}'


def test_a_search_is_called_with_the_question_itself() -> None:
    """A model that was never taught to call functions writes a word or two of it at best."""
    assert can_search(ASKED, QUESTION)
    assert not can_search(OTHER, QUESTION)


@pytest.mark.parametrize(
    ("question", "parameters"),
    [
        ("", {}),
        ("Where is my order 4821377?", {}),
        ("Ask ann@example.org when she is back.", {}),
        (QUESTION, {"properties": {"query": {"type": "string", "enum": ["taxi"]}}}),
        (
            QUESTION,
            {"properties": {"query": STRING, "to": STRING}, "required": ["query", "to"]},
        ),
    ],
    ids=["no question", "a number to look up", "an address", "a choice", "something else as well"],
)
def test_all_other_arguments_are_the_models_own(question: str, parameters: dict[str, Any]) -> None:
    written = '{"query": "taxi", "to": "a"}' if "required" in parameters else OTHER

    assert can_search(written, question, **parameters)


def read(*pieces: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text and the calls that the pieces of a model's text come to."""
    reader = CallReader(["weather", "clock"])
    deltas = [delta for piece in pieces for delta in reader.hear(piece)] + list(reader.rest())
    chunks = [{"choices": [{"delta": delta}]} for delta in deltas]
    return "".join(delta.get("content", "") for delta in deltas), calls_in(chunks)


@pytest.mark.parametrize(
    ("choice", "may", "may_not"),
    [
        ("required", PARIS, "It is sunny."),
        ("auto", "It is sunny.", '{"city": "Paris"}'),
        ("auto", PARIS, '{"name": "weather", "arguments": {}}'),
        ({"type": "function", "function": {"name": "clock"}}, '{"name": "clock", "arguments": {}}', PARIS),
        (
            {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [WEATHER]}},
            PARIS,
            '{"name": "clock", "arguments": {}}',
        ),
    ],
)
def test_a_choice_of_functions_holds(choice: Any, may: str, may_not: str) -> None:
    """An agent that asked for a call cannot use a poem."""
    assert can_write(may, tool_choice=choice)
    assert not can_write(may_not, tool_choice=choice)


def test_several_calls_are_made_where_they_are_asked_for() -> None:
    both = f'{PARIS}\n{{"name": "clock", "arguments": {{}}}}'

    assert can_write(both, tool_choice="required", parallel_tool_calls=True)
    assert not can_write(both, tool_choice="required")
    assert not can_write(both, tool_choice="required", parallel_tool_calls=False)


@pytest.mark.parametrize(
    "choice",
    ["sometimes", {"type": "function", "function": {"name": "nobody"}}, {"type": "allowed_tools"}],
)
def test_a_choice_that_cannot_be_is_named(choice: Any) -> None:
    with pytest.raises(BadParameter) as caught:
        choice_of({"tools": [WEATHER], "tool_choice": choice})

    assert caught.value.param.startswith("tool_choice")


def test_a_keyword_of_a_strict_function_that_cannot_be_held_is_named() -> None:
    strict = {"name": "tags", "strict": True, "parameters": {"properties": {"of": {"uniqueItems": True}}}}
    choice = choice_of({"tools": [WEATHER, {"type": "function", "function": strict}]})

    with pytest.raises(BadParameter) as caught:
        tool_grammar(choice, max_characters=100)

    assert caught.value.param == "tools[1].function.parameters.properties.of.uniqueItems"


def test_calls_come_as_they_are_written() -> None:
    """A client shows what is being called before all of it is there."""
    written = f'{PARIS}\n{{"name": "clock", "arguments": {{"at": "a \\"}}\\" b", "n": [1, {{}}]}}}}'

    whole = read(written)
    by_letters = read(*written)

    assert whole == by_letters
    assert whole[0] == ""
    assert [(name, json.loads(arguments)) for name, arguments in whole[1]] == [
        ("weather", {"city": "Paris"}),
        ("clock", {"at": 'a "}" b', "n": [1, {}]}),
    ]


def test_a_text_is_a_text() -> None:
    assert read("It is ", "sunny.") == ("It is sunny.", [])
    assert read('{"name": ', '"Ada"}') == ('{"name": "Ada"}', [])
    assert read('{"na') == ('{"na', [])


def test_functions_are_shown_to_a_model_whose_template_shows_none() -> None:
    """llama.cpp drops them in silence: the prompt was the same with and without."""
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "How is Paris?"}]

    system, _ = with_tools(turns, choice_of({"tools": [WEATHER]}))

    assert system["content"].startswith("Be brief.")
    assert '"city"' in system["content"]
    assert with_tools(turns, choice_of({"tools": [WEATHER], "tool_choice": "none"})) == turns


HOW = {"role": "user", "content": "How is Paris?"}
CALLED = {"id": "1", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
SUNNY = {"role": "tool", "tool_call_id": "1", "content": "sunny"}


def test_results_stand_below_the_question_for_such_a_model() -> None:
    """Shown its own call, a small model writes it again instead of an answer."""
    turns = without_calls([HOW, {"role": "assistant", "content": "", "tool_calls": [CALLED]}, SUNNY, SUNNY])

    below = "How is Paris?\n\nweather returned: sunny\n\nweather returned: sunny"
    assert turns == [{"role": "user", "content": below}]


def test_what_was_said_with_a_call_stays() -> None:
    said = {"role": "assistant", "content": "Let me look.", "tool_calls": [CALLED]}

    assert without_calls([HOW, said, SUNNY]) == [
        HOW,
        {"role": "assistant", "content": "Let me look."},
        {"role": "user", "content": "weather returned: sunny"},
    ]


def test_a_call_that_nothing_answered_stays() -> None:
    """Two turns of the user in a row break the templates of many models."""
    turns = without_calls([HOW, {"role": "assistant", "content": "", "tool_calls": [CALLED]}, HOW])

    assert turns == [HOW, {"role": "assistant", "content": PARIS}, HOW]


def test_the_same_call_is_known_again() -> None:
    call = {"function": {"name": "weather", "arguments": '{"a": 1, "b": 2}'}}
    turns: list[dict[str, Any]] = [
        {"role": "user"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool"},
    ]

    assert identity_of("weather", '{"b": 2, "a": 1}') in answered_calls(turns)
    assert not answered_calls([*turns, {"role": "user"}])

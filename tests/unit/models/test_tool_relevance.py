"""Which functions a message is after, where the model cannot tell."""

from typing import Any

from lorewright.errors import UnknownModel
from lorewright.models.embedding import EmbeddingModel
from lorewright.models.fakes import HashingEmbedder
from lorewright.models.tool_relevance import ToolRelevance


def tool(name: str, description: str, **parameters: str) -> dict[str, Any]:
    properties = {key: {"type": "string", "description": text} for key, text in parameters.items()}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": {"properties": properties}},
    }


WEATHER = tool("get_weather", "weather in a city", city="the city")
ORDERS = tool("orders", "status of an order", number="number of the order")


def wanted(question: str, *tools: dict[str, Any]) -> list[str]:
    found = ToolRelevance(HashingEmbedder).wanted(question, tools)
    return [one["function"]["name"] for one in found]


def test_a_function_is_wanted_that_does_what_is_asked_for() -> None:
    assert wanted("What is the weather in the city of Graz?", ORDERS, WEATHER) == ["get_weather"]


def test_small_talk_wants_no_function() -> None:
    assert wanted("Hello!", ORDERS, WEATHER) == []


def test_functions_that_are_as_good_are_all_left_to_choose_from() -> None:
    assert wanted(
        "the weather in a city", WEATHER, tool("forecast", "weather in a city", city="the city")
    ) == [
        "get_weather",
        "forecast",
    ]


def test_a_function_without_description_is_known_by_its_name() -> None:
    bare = {"type": "function", "function": {"name": "cancel-order"}}

    assert wanted("cancel order", bare) == ["cancel-order"]


def test_no_question_and_no_function_want_nothing() -> None:
    assert wanted("  ", WEATHER) == []
    assert wanted("What is the weather in Graz?") == []


def test_without_an_embedding_model_nothing_is_known_to_help() -> None:
    """A machine without network that never fetched one goes on to chat."""

    def missing() -> EmbeddingModel:
        raise UnknownModel("The embedding model could not be fetched.")

    assert ToolRelevance(missing).wanted("What is the weather in Graz?", [WEATHER]) == ()


def test_the_last_sentence_of_a_long_message_is_what_it_asks() -> None:
    story = "Once upon a time there was a king. " * 100

    assert wanted(f"{story} What is the weather in a city", WEATHER) == ["get_weather"]

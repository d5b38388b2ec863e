"""What a client got wrong is told by its name, before any model is asked."""

from typing import Any

import pytest

from lorewright.errors import BadParameter
from lorewright.models.chat_request import check_chat, text_turns

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize(
    ("param", "request_of_client"),
    [
        ("messages", {"messages": "Hello"}),
        ("messages", {"messages": []}),
        ("messages.0.content", {"messages": [{"role": "user"}]}),
        ("messages.0.content", {"messages": [{"role": "user", "content": 5}]}),
        ("messages.1.role", {"messages": [*HELLO, {"role": "foo", "content": "x"}]}),
        ("top_logprobs", {"top_logprobs": 2}),
        ("top_logprobs", {"top_logprobs": 0}),
        ("top_logprobs", {"top_logprobs": 21, "logprobs": True}),
        ("response_format.type", {"response_format": {"type": "yaml"}}),
        ("response_format.type", {"response_format": "json"}),
        ("response_format.json_schema", {"response_format": {"type": "json_schema"}}),
        ("tools[0].type", {"tools": [{"type": "custom", "custom": {"name": "x"}}]}),
        ("tools[0].function", {"tools": [{"type": "function"}]}),
        ("tools[0].function.parameters", {"tools": [{"type": "function", "function": {"name": "f", "parameters": 3}}]}),  # noqa: E501
        ("stop", {"stop": 5}),
        ("logit_bias", {"logit_bias": "x"}),
    ],
)  # fmt: skip
def test_a_mistake_of_a_client_is_named(param: str, request_of_client: dict[str, Any]) -> None:
    """A 5xx is tried again twice by every SDK, and rings at night."""
    with pytest.raises(BadParameter) as caught:
        check_chat({"messages": HELLO, **request_of_client})

    assert caught.value.param == param


def test_what_is_right_passes() -> None:
    check_chat({"messages": [*HELLO, {"role": "assistant", "content": None, "tool_calls": [{}]}]})
    check_chat({"messages": HELLO, "logprobs": True, "top_logprobs": 0, "stop": ["a"], "tools": None})


def test_parts_of_text_are_read_and_others_named() -> None:
    parts = [{"type": "text", "text": "How "}, {"type": "text", "text": "are you?"}]

    (turn,) = text_turns([{"role": "developer", "content": parts}])

    assert turn == {"role": "system", "content": "How are you?"}
    with pytest.raises(BadParameter) as caught:
        text_turns([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}])
    assert caught.value.param == "messages.0.content.0.type"

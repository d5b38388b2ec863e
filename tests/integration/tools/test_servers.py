"""Tools of a server in another process, over the Model Context Protocol."""

from collections.abc import Callable
from itertools import count

import pytest

from lorewright.errors import Cancelled, LorewrightError, Permanent, Transient, UnknownName
from lorewright.settings import ToolServer
from lorewright.tools.servers import ServerTools

Serving = Callable[..., ServerTools]


@pytest.fixture
def serving(desk: str) -> Serving:
    def served(url: str = desk, **more: object) -> ServerTools:
        about = {"url": url, "key_env": "DESK_KEY", "timeout_seconds": 8.0, "max_characters": 1000} | more
        return ServerTools({"desk": ToolServer(**about)})  # type: ignore[arg-type]

    return served


def test_the_tools_are_listed_with_what_they_take(serving: Serving) -> None:
    tools = {tool.name: tool for tool in serving().listed("desk")}

    assert tools["find"].description == "Find rules by their words."
    assert tools["find"].schema["required"] == ["query"]
    assert [tool.name for tool in serving(allowed=("find",)).listed("desk")] == ["find"]


def test_a_call_brings_text_and_structure(serving: Serving) -> None:
    said = serving().call("desk", "find", {"query": "leave", "n": 1})

    assert "28 days of leave" in said.text
    assert said.structured == {"result": [{"title": "Leave", "text": "28 days of leave (leave)."}]}


@pytest.mark.parametrize(
    ("tool", "arguments", "settings", "kind", "words"),
    [
        (
            "failing",
            {},
            {},
            Permanent,
            "'failing' of 'desk' failed: Error executing tool failing: The moon is full.",
        ),
        ("nothing", {}, {}, UnknownName, "'desk' has no tool 'nothing'"),
        ("find", {}, {}, Permanent, "'find' of 'desk' failed"),
        ("slow", {}, {"timeout_seconds": 1.0}, Transient, "'slow' of 'desk' did not answer within 1 seconds"),
        (
            "large",
            {"n": 2000},
            {},
            Permanent,
            "'large' of 'desk' returned 2,014 characters; the limit is 1,000",
        ),
        ("large", {"n": 9_000_000}, {}, Permanent, "'large' of 'desk' returned more than 8,000,000 bytes"),
        ("find", {}, {"url": "http://127.0.0.1:9/mcp"}, Transient, "'find' of 'desk' cannot be reached"),
        ("find", {}, {"key_env": ""}, Permanent, "'find' of 'desk' rejected the key (status 401)"),
        ("slow", {}, {"allowed": ("find",)}, UnknownName, "'slow' of 'desk' is not allowed"),
    ],
)
def test_what_goes_wrong_is_told_with_server_and_tool(
    tool: str, arguments: dict[str, object], settings: dict[str, object], kind: type[LorewrightError],
    words: str, serving: Serving,
) -> None:  # fmt: skip
    with pytest.raises(kind) as told:
        serving(**settings).call("desk", tool, arguments)

    assert words in str(told.value)
    assert told.value.hint
    assert "desk-key" not in f"{told.value} {told.value.hint}"


def test_a_path_that_is_no_mcp_server_is_told(serving: Serving, desk: str) -> None:
    with pytest.raises(Permanent, match=r"is not an MCP server \(status 404\)"):
        serving(url=f"{desk}x").listed("desk")


def test_a_server_nobody_set_up_is_named(serving: Serving) -> None:
    with pytest.raises(UnknownName, match="No tool server named 'weather'") as told:
        serving().call("weather", "today", {})

    assert "[tools.weather]" in told.value.hint


def test_stopping_does_not_wait_for_the_tool(serving: Serving) -> None:
    """A call that its caller gave up is cancelled, though the tool would go on."""
    asked = count()
    with pytest.raises(Cancelled):
        serving().call("desk", "slow", {}, stopped=lambda: next(asked) >= 3)

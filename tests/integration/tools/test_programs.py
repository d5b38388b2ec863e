"""Tool servers that are programs: started for a call, without the secrets of whoever starts them."""

import sys
from pathlib import Path

import pytest

from lorewright.errors import InvalidSetting, Transient
from lorewright.settings import ToolServer
from lorewright.tools.servers import ServerTools

pytestmark = pytest.mark.thorough
PROGRAM = """
import os
from mcp.server.mcpserver import MCPServer
server = MCPServer("clock", log_level="CRITICAL")

@server.tool()
def told(name: str) -> str:
    '''Say what a variable of the environment holds.'''
    return os.environ.get(name, "nothing")

@server.tool()
def die() -> str:
    '''End at once.'''
    os._exit(1)

server.run("stdio")
"""


def tools(tmp_path: Path, **rest: object) -> ServerTools:
    """Return the tools of a program."""
    program = tmp_path / "clock.py"
    program.write_text(PROGRAM)
    server = ToolServer(command=(sys.executable, str(program)), timeout_seconds=30, **rest)  # type: ignore[arg-type]
    return ServerTools({"clock": server})


def test_a_program_is_listed_and_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets the key that is meant for it, and no other secret."""
    monkeypatch.setenv("CLOCK_KEY", "for-the-clock")
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    calling = tools(tmp_path, key_env="CLOCK_KEY")

    assert [tool.name for tool in calling.listed("clock")] == ["told", "die"]
    assert calling.call("clock", "told", {"name": "CLOCK_KEY"}).text == "for-the-clock"
    assert calling.call("clock", "told", {"name": "OPENAI_API_KEY"}).text == "nothing"


def test_a_program_that_dies_or_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    """An agent or a flow hears of it, and goes on."""
    with pytest.raises(Transient, match="The tool 'die' of 'clock'"):
        tools(tmp_path).call("clock", "die", {})
    missing = ServerTools({"gone": ToolServer(command=("/no/such/program",), timeout_seconds=5)})
    with pytest.raises(Transient, match="cannot be reached"):
        missing.listed("gone")


def test_a_server_is_one_thing() -> None:
    """An address and a program at once could mean either."""
    with pytest.raises(InvalidSetting, match="url"):
        ToolServer(url="https://a.example/mcp", command=("a",))

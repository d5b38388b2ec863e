"""Tools from installed packages: functions that run in this process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.errors import LorewrightError, Permanent
from lorewright.registry import Registry
from lorewright.tools.tool import Result, Tool


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginTool:
    """A tool from a plug-in: what it does, the JSON Schema of its arguments, and the function.

    The function gets the arguments by name and returns a text, or a `Result` with JSON behind it.
    """

    description: str
    schema: Mapping[str, Any]
    run: Callable[..., str | Result]


TOOLS: Registry[PluginTool] = Registry(
    "tool",
    {},
    group="tool",
    accepts=lambda part: isinstance(part, PluginTool),
    form="a lorewright.tools.PluginTool",
)


def plugin_tools(names: Sequence[str]) -> list[Tool]:
    """Return the tools of these names; raise `UnknownName` or `BrokenPlugin` as loading them does."""
    loaded = [(name, TOOLS.load(name)) for name in names]
    return [Tool(name, tool.description, tool.schema) for name, tool in loaded]


def call_plugin_tool(name: str, arguments: Mapping[str, Any]) -> Result:
    """Return what a tool says; raise `Permanent`, whose text goes on after its name, where it fails."""
    tool = TOOLS.load(name)
    _check(arguments, tool.schema)
    try:
        reply = tool.run(**arguments)
    except LorewrightError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:500] or "no reason given."
        raise Permanent(f"failed: {type(error).__name__}: {reason}") from error
    return reply if isinstance(reply, Result) else Result(str(reply))


def _check(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    from jsonschema import Draft202012Validator, ValidationError  # only tools of plug-ins need it

    try:
        Draft202012Validator(schema).validate(dict(arguments))
    except ValidationError as error:
        raise Permanent(
            f"rejected the arguments: {error.message}.",
            hint="Check the arguments of the node.",
        ) from error

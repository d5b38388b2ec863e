"""A tool that an agent may call, and what it gives back."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import TypeAdapter, create_model

from lorewright.documents import Chunk

_ARGUMENT = re.compile(r"^ {4,}(\w+): (.+?)(?=^ {4,}\w+: |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a tool gives back: a text, the passages behind it that may be cited, and what it took.

    `documents` are others that it was made of, `None` where they are not all known.
    """

    text: str = ""
    chunks: tuple[Chunk, ...] = ()
    tokens: int = 0
    usd: float = 0.0
    documents: tuple[str, ...] | None = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentTool:
    """A tool: its name, what a driver reads of it, the JSON Schema of its arguments, and the function.

    `run` takes the arguments by name and returns a text or a `ToolOutput`; what it raises as a
    `LorewrightError` is told to the driver in its words. One that `needs_approval` waits for a person
    before each call. One that is `changing` something outside of the run is never called a second time
    after a crash. With `is_source` its text can be cited. One that is `alone` runs beside no other.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    run: Callable[..., str | ToolOutput]
    needs_approval: bool = False
    changing: bool = False
    is_source: bool = False
    alone: bool = False
    timeout_seconds: float = 60.0


def tool_from(function: Callable[..., str | ToolOutput], **traits: Any) -> AgentTool:
    """Return a function as a tool; its schema comes from its signature and its docstring.

    The docstring's first paragraphs say what the tool does, its `Args:` what the arguments are.
    """
    name = str(traits.pop("name", getattr(function, "__name__", "")))
    about, _, given = (inspect.getdoc(function) or "").partition("\nArgs:\n")
    described = {match[1]: " ".join(match[2].split()) for match in _ARGUMENT.finditer(given)}
    return AgentTool(
        name=name,
        description=str(traits.pop("description", about.strip())),
        schema=_schema(function, described),
        run=function,
        **traits,
    )


def _schema(function: Callable[..., Any], described: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON Schema of a function's parameters."""
    kinds = get_type_hints(function)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        is_needed = parameter.default is inspect.Parameter.empty
        fields[name] = (kinds[name], ... if is_needed else parameter.default)
    schema = TypeAdapter(create_model("Arguments", **fields)).json_schema()
    properties = {
        name: _plain(about) | ({"description": described[name]} if name in described else {})
        for name, about in schema.get("properties", {}).items()
    }
    required = schema.get("required", [])
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _plain(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if name != "title"}


def wrong_arguments(tool: AgentTool, arguments: Mapping[str, Any]) -> str:
    """Return what is wrong with the arguments of a call, in words; '' where nothing is."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # A registry of its own: a schema of a server must not make this process fetch an address.
    checker = Draft202012Validator(dict(tool.schema), registry=Registry())
    try:
        errors = sorted(checker.iter_errors(dict(arguments)), key=str)
    except (SchemaError, Unresolvable, AttributeError, TypeError):
        return ""  # the schema of a server makes no sense: the server decides
    if not errors:
        return ""
    places = [".".join(map(str, error.path)) or "the arguments" for error in errors[:3]]
    told = "; ".join(f"{place}: {error.message[:200]}" for place, error in zip(places, errors, strict=False))
    return f"{tool.name} was not called: {told}. It takes: {signature(tool)}."


def signature(tool: AgentTool) -> str:
    """Return how a tool is called, in a line."""
    required = tool.schema.get("required", ())
    names = tool.schema.get("properties", {})
    return f"{tool.name}({', '.join(name if name in required else f'{name}?' for name in names)})"


def without_twins(tools: Sequence[AgentTool]) -> tuple[AgentTool, ...]:
    """Return the tools, of two with the same name the first."""
    return tuple({tool.name: tool for tool in reversed(tools)}[name] for name in
                 dict.fromkeys(tool.name for tool in tools))  # fmt: skip

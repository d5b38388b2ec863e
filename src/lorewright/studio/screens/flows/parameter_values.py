"""What the flow editor offers as values of parameters: tool servers, their tools, flows, adapters."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lorewright.flows import describe_kinds
from lorewright.models import READER
from lorewright.studio.i18n import t
from lorewright.tools import Tool
from lorewright.workspace.flows.tool_servers import Offered

_EMPTY: Mapping[str, Any] = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


def offered_kinds(servers: Sequence[Offered], names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the kinds of nodes with what their parameters may name here.

    `servers` are those of tools with what they offer; `names` are those of the flows that can be called.
    """
    flows = [{"value": name} for name in names]
    adapters = [
        {"value": "", "name": t("none (base model)")},
        {"value": READER, "name": t("reader for the default model (reader)")},
        {"value": "bare", "name": t("trained on examples (bare)")},
        {"value": "context", "name": t("trained with retrieved chunks (context)")},
    ]
    classifiers = [{"value": "classifier", "name": t("classifier trained on labels")}]
    offers = {
        ("subflow", "flow"): {"": {"items": flows, "error": ""}},
        ("tool", "server"): {"": _servers(servers)},
        ("tool", "tool"): {one.id: _tools(one) for one in servers},
    }
    kinds = describe_kinds()
    for kind in kinds:
        for parameter in kind["parameters"]:
            of = offers.get((kind["kind"], parameter["name"]))
            if parameter["name"] == "adapter":
                usable = classifiers if kind["kind"] == "classify" else adapters
                of = {"": {"items": usable, "error": ""}}
            if of is not None:
                parameter["suggestions"] = {"by": "server" if parameter["name"] == "tool" else "", "of": of}
    return kinds


def servers_by_name(names: Iterable[str]) -> list[Offered]:
    """Return tool servers by their names alone, until they have told what they offer."""
    return [Offered(name, error=t("Loading its tools …")) for name in names]


def _servers(servers: Sequence[Offered]) -> dict[str, Any]:
    none = t("No tool server is configured. An administrator can add [tools.name] to lorewright.toml.")
    return {"items": [{"value": one.id} for one in servers], "error": "" if servers else none}


def _tools(server: Offered) -> dict[str, Any]:
    return {"items": [_tool(tool) for tool in server.tools], "error": server.error}


def _tool(tool: Tool) -> dict[str, Any]:
    """Return a tool to choose: what it says, what it takes, and the arguments to begin with."""
    taken: Mapping[str, Any] = tool.schema.get("properties") or {}
    needed = list(tool.schema.get("required") or ()) or list(taken)[:1]
    listed = ", ".join(
        f"{name}{'' if name in needed else '?'}: {_type(about)}" for name, about in taken.items()
    )
    takes = t("Arguments: {arguments}", arguments=listed) if listed else t("No arguments.")
    begin = {name: _EMPTY.get(_type(taken.get(name)), "{question}") for name in needed}
    return {
        "value": tool.name,
        "says": "\n".join(text for text in (tool.description[:600], takes) if text),
        "sets": {"arguments": json.dumps(begin, ensure_ascii=False)},
    }


def _type(about: Any) -> str:
    kind = about.get("type") if isinstance(about, Mapping) else None
    return kind if isinstance(kind, str) else "any"

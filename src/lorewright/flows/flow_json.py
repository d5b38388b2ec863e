"""Flows as JSON, and their identity."""

import dataclasses
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, cast

from lorewright.errors import InvalidFlow
from lorewright.flows.flow import Edge, Flow, Node
from lorewright.flows.parameters import build


def flow_to_json(flow: Flow) -> dict[str, Any]:
    """Return the flow as plain JSON values; `flow_from_json` gives the same flow back."""
    return {
        "name": flow.name,
        "nodes": [{"id": node.id, "kind": node.kind, "params": dict(node.params)} for node in flow.nodes],
        "edges": [dataclasses.asdict(edge) for edge in flow.edges],
    }


def flow_from_json(values: Mapping[str, Any]) -> Flow:
    """Return the flow in JSON values; raises `InvalidFlow` for values that are not a flow.

    Whether the flow can run is not looked at: `check` does that.
    """
    _need_keys(values, {"name": str, "nodes": list, "edges": list}, "A flow")
    for node in values["nodes"]:
        _need_keys(node, {"id": str, "kind": str}, "A node", optional={"params": dict})
    for edge in values["edges"]:
        _need_keys(edge, {field.name: str for field in dataclasses.fields(Edge)}, "An edge")
    return Flow(
        values["name"],
        tuple(Node(node["id"], node["kind"], dict(node.get("params", {}))) for node in values["nodes"]),
        tuple(Edge(**edge) for edge in values["edges"]),
    )


def flow_hash(flow: Flow) -> str:
    """Identify what the flow does: its name, the order of its parts and left-out defaults do not matter."""
    content = {
        "nodes": sorted(
            [node.id, node.kind, dataclasses.asdict(cast(Any, build(node)))] for node in flow.nodes
        ),
        "edges": sorted(dataclasses.astuple(edge) for edge in flow.edges),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _need_keys(
    values: object, keys: Mapping[str, type], what: str, *, optional: Mapping[str, type] | None = None
) -> None:
    """Refuse values that are not an object with exactly these keys of these types."""
    allowed = {**keys, **(optional or {})}
    fits = (
        isinstance(values, Mapping)
        and set(keys) <= set(values) <= set(allowed)
        and all(isinstance(value, allowed[key]) for key, value in values.items())
    )
    if not fits:
        wanted = ", ".join(f"{key} ({kind.__name__})" for key, kind in allowed.items())
        raise InvalidFlow(
            f"{what} in JSON has the wrong form: {str(values)[:200]}.", hint=f"It must have: {wanted}."
        )

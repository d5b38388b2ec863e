"""What is different between two versions of a flow, in words."""

from collections.abc import Mapping
from typing import Any


def flow_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one sentence for every node, parameter and edge that differs; both flows are given as JSON."""
    before = {node["id"]: node for node in old["nodes"]}
    after = {node["id"]: node for node in new["nodes"]}
    lines = [f"Added {id_} ({after[id_]['kind']})." for id_ in after if id_ not in before]
    lines += [f"Removed {id_} ({before[id_]['kind']})." for id_ in before if id_ not in after]
    for id_ in before:
        if id_ in after:
            lines += _changed(before[id_], after[id_])
    had, has = ({_edge(edge) for edge in flow["edges"]} for flow in (old, new))
    lines += [f"Connected {edge}." for edge in sorted(has - had)]
    lines += [f"Disconnected {edge}." for edge in sorted(had - has)]
    return tuple(lines)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    if old["kind"] != new["kind"]:
        return [f"Changed {old['id']} from {old['kind']} to {new['kind']}."]
    had, has = old.get("params", {}), new.get("params", {})
    return [
        f"{old['id']}.{name}: {_value_text(had, name)} → {_value_text(has, name)}"
        for name in dict.fromkeys([*had, *has])
        if had.get(name, _NOTHING) != has.get(name, _NOTHING)
    ]


_NOTHING = object()


def _value_text(params: Mapping[str, Any], name: str) -> str:
    return repr(params[name])[:200] if name in params else "default"


def _edge(edge: Mapping[str, Any]) -> str:
    return f"{edge['source']}.{edge['source_port']} → {edge['target']}.{edge['target_port']}"

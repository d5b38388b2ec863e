"""What a node put out in a run: its ports, what it called, and the nodes of a flow that it called."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.text import Text, muted

MAX_SHOWN = 40_000
MAX_OF_INNER = 4000
N_SHOWN = 50


def show_outputs(outputs: Mapping[str, Any], *, most: int = MAX_SHOWN) -> None:
    """Show everything that a node put out, the call of a tool and the nodes of a called flow first."""
    if "call" in outputs:
        _call(outputs["call"])
    if "nodes" in outputs:
        _inner(outputs["nodes"])
    for port, value in outputs.items():
        if port not in ("call", "nodes"):
            Text("p", port, classes="lw-strong")
            _value(value, most)


def in_short(outputs: Mapping[str, Any]) -> str:
    """Return what a node put out, short enough to stand on it."""
    for value in outputs.values():
        if isinstance(value, Mapping) and "text" in value:
            return str(value["text"])[:300]
        if isinstance(value, list) and value:
            texts = [
                str(one.get("text") or one.get("content") or "") for one in value if isinstance(one, Mapping)
            ]
            return "\n".join(text[:120] for text in texts[:4])[:400]
    return json.dumps(dict(outputs), ensure_ascii=False)[:300]


def _value(value: Any, most: int) -> None:
    """Show a value as it is read: hits and turns as a list, a draft as its text; all of it below as JSON."""
    items = value if isinstance(value, list) else [value]
    texts = [one for one in items if isinstance(one, Mapping) and isinstance(_text(one), str)]
    if not texts or len(texts) < len(items):
        _json(value, most)
        return
    with ui.element("ol").classes("lw-flow-inner"):
        for one in texts[:N_SHOWN]:
            with ui.element("li"):
                head = " · ".join(_head(one))
                if head:
                    Text("p", head, classes="lw-small lw-muted")
                Text("p", str(_text(one))[:MAX_OF_INNER], classes="lw-small lw-pre")
    with ui.element("details"):
        Text("summary", t("Full output as JSON"), classes="lw-small")
        _json(value, most)


def _text(one: Mapping[str, Any]) -> Any:
    return one.get("text", one.get("content"))


def _head(one: Mapping[str, Any]) -> list[str]:
    """Return what stands above a text: where a hit is from and how good it is, or who speaks."""
    if "rank" in one:
        return [f"{one['rank']}", str(one["title"] or one["document_id"]), f"{one['score']:.2f}"]
    if "role" in one:
        return [str(one["role"])]
    return [t("refused")] if one.get("refused") else []


def _json(value: Any, most: int) -> None:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    Text("pre", text[:most], classes="lw-mono lw-pre lw-secret").props('tabindex="0"')
    if len(text) > most:
        muted(t("{n} more characters not shown.", n=f"{len(text) - most:,}")).classes("lw-small")


def _call(call: Mapping[str, Any]) -> None:
    """Say which tool was called, with what, and how long it took."""
    label = t("Called {tool} of {server}", tool=call["tool"], server=call["server"])
    Text("p", f"{label} · {seconds_text(call.get('time_ms', 0) / 1000)}", classes="lw-strong")
    _json(call["arguments"], MAX_OF_INNER)
    if call.get("error"):
        Text("p", t("Failed: {error}", error=call["error"]), classes="lw-error lw-pre")


def _inner(nodes: Sequence[Mapping[str, Any]]) -> None:
    """List the nodes of a called flow, each with its time; what it put out opens below it."""
    ran = [node for node in nodes if node["outputs"]]
    total = seconds_text(sum(node["time_ms"] for node in nodes) / 1000)
    head = tn("{n} node ran in the called flow", "{n} nodes ran in the called flow", len(ran))
    Text("p", f"{head} · {total}", classes="lw-strong")
    with ui.element("ol").classes("lw-flow-inner"):
        for node in nodes:
            with ui.element("li"):
                _one(node)


def _one(node: Mapping[str, Any]) -> None:
    if not node["outputs"]:
        Text("span", node["id"], classes="lw-strong")
        muted(t("not needed")).classes("lw-small")
        return
    with ui.element("details"):
        with ui.element("summary"):
            Text("span", node["id"], classes="lw-strong")
            if node["kind"] != node["id"]:
                muted(node["kind"]).classes("lw-small")
            muted(seconds_text(node["time_ms"] / 1000)).classes("lw-small lw-flow-time")
            Text("span", in_short(node["outputs"])[:160], classes="lw-small lw-muted lw-flow-short")
        show_outputs(node["outputs"], most=MAX_OF_INNER)

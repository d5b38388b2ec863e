"""What a run does, in lines for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.agents.journal import STEPS
from lorewright.amounts import seconds_text, usd_text

_MOST = 160


def line_of(entry: Mapping[str, Any]) -> str:
    """Return an entry of a journal as a line; '' for one that says nothing new."""
    who = f"[{entry['agent']}] " if entry["agent"] else ""
    line = _LINES.get(str(entry["kind"]), _nothing)(entry)
    return who + line if line else ""


def trace_line(entry: Mapping[str, Any]) -> str:
    """Return an entry as a line of a trace: steps of the driver with what they took are among them."""
    if entry["kind"] not in STEPS or not entry.get("model"):
        return line_of(entry)
    who = f"[{entry['agent']}] " if entry["agent"] else ""
    said = f" → {_short(entry['text'], 100)}" if entry["text"] else ""
    return f"{who}{entry['model']}: {taken_text(entry)}{said}"


def taken_text(entry: Mapping[str, Any]) -> str:
    """Return what a step of a driver took: time, tokens, money."""
    tokens = f"{entry['tokens_in']:,} tokens in, {entry['tokens_out']:,} out"
    return f"{seconds_text(float(entry['ms']) / 1000)}, {tokens}, {usd_text(float(entry['usd']))}"


def with_numbers(text: str, citations: Sequence[Mapping[str, Any]]) -> str:
    """Return a text with the numbers of its citations where they belong, each number once in a place."""
    places = {(int(one["position"]), int(one["number"])) for one in citations}
    for position, number in sorted(places, key=lambda place: (-place[0], -place[1])):
        text = f"{text[:position]} [{number}]{text[position:]}"
    return text


def _nothing(_entry: Mapping[str, Any]) -> str:
    return ""


def _call(entry: Mapping[str, Any]) -> str:
    said = entry.get("error") or entry.get("output") or ""
    failed = "failed: " if entry.get("error") else ""
    return f"{entry['tool']}({_short(_plain(entry['arguments']), 80)}) → {failed}{_short(said, 100)}"


def _plan(entry: Mapping[str, Any]) -> str:
    marks = {"open": "☐", "doing": "▸", "done": "☑", "dropped": "✕"}
    items = "; ".join(f"{marks[item['state']]} {item['text']}" for item in entry["items"])
    by = " (edited by a person)" if entry["by"] == "person" else ""
    return f"Plan{by}: {_short(items, 300)}"


def _approval(entry: Mapping[str, Any]) -> str:
    called = f"{entry['tool']}({_short(_plain(entry['arguments']), _MOST)})"
    return f"Waits for approval of {called}; call {entry['call']}"


def _end(entry: Mapping[str, Any]) -> str:
    spent = entry["spent"]
    taken = f"{spent['steps']} steps, {spent['tokens']} tokens, {spent['seconds']:.0f} s"
    return f"{str(entry['state']).capitalize()} after {taken}."


def _sub_agent(entry: Mapping[str, Any]) -> str:
    return f"Sub-agent {entry['name']}" if entry.get("name") else "Sub-agent"


def _missing(entry: Mapping[str, Any]) -> str:
    sub_agent = entry.get("sub_agent")
    return f"the sub-agent {sub_agent}" if sub_agent else f"the tools of {entry['server']}"


_LINES = {
    "call": _call,
    "plan": _plan,
    "approval": _approval,
    "sub": lambda entry: f"{_sub_agent(entry)}: {_short(entry['text'], _MOST)}",
    "sub_end": lambda entry: f"Done: {_short(entry['text'], _MOST)}",
    "file": lambda entry: f"Wrote {entry['path']} ({entry['bytes']:,} bytes)",
    "check": lambda entry: f"Not supported by any passage: {', '.join(entry['unsupported'])}; asked again",
    "refused": lambda entry: f"{entry['tool']}: {_short(entry['error'], _MOST)}",
    "missing": lambda entry: f"Without {_missing(entry)}: {_short(entry['error'], _MOST)}",
    "end": _end,
}


def _plain(arguments: Any) -> str:
    if not isinstance(arguments, Mapping):
        return str(arguments)
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())


def _short(text: Any, most: int) -> str:
    plain = " ".join(str(text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"

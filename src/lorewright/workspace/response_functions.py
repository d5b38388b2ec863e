"""A model that has found files and may call functions: what it says of the files is checked and cited."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lorewright.access import Key
from lorewright.flows import Flow, Parts
from lorewright.flows.draft import Draft
from lorewright.flows.flow import Node
from lorewright.flows.kinds import Running
from lorewright.flows.parameters import build
from lorewright.flows.prompts import RULE
from lorewright.flows.runner import unheard
from lorewright.messages import Conversation
from lorewright.models import Stopped
from lorewright.workspace.file_search import FileSearch, file_citation
from lorewright.workspace.home import Home
from lorewright.workspace.response_asked import Asked
from lorewright.workspace.response_engine import choices, heard, keep
from lorewright.workspace.response_events import Event, Output
from lorewright.workspace.texts import conversation_from

FUNCTIONS_RULE = f"Call a function where one can tell what is asked. Else: {RULE}"

Turns = Sequence[Mapping[str, Any]]


def events_with_functions(
    home: Home,
    caller: Key,
    asked: Asked,
    search: FileSearch,
    parts: Parts,
    output: Output,
    stopped: Stopped,
) -> Iterator[Event]:
    """Yield the calls of functions as they come, or else the whole text, cited.

    A text that rests on what functions gave back is cited where it can be, and never refused.
    """
    begun = time.perf_counter()
    conversation = spoken(asked.messages)
    running = Running(conversation, parts, unheard, stopped, 0, {})
    hits = tuple(hit for found in search.retriever.found.values() for hit in (one.hit for one in found))
    prompt = _node(search.flow, "prompt", rule=FUNCTIONS_RULE)
    shown = build(prompt).run({"conversation": conversation, "hits": hits}.get, running)
    since = _since_question(asked.messages)
    messages = [*(turn.to_json() for turn in shown["messages"]), *since]
    text, is_calling = "", False
    for choice in choices(home, caller, asked, messages, output, stopped):
        delta = choice.get("delta") or {}
        text += delta.get("content") or ""
        if delta.get("tool_calls"):
            is_calling = True
            yield from heard({**choice, "delta": {**delta, "content": None}}, output)
    if stopped():
        return
    if not is_calling:
        ground = _node(search.flow, "ground", **({"policy": "flag"} if since else {}))
        taken = {"draft": Draft(text=text.strip()), "conversation": conversation, "hits": shown["hits"]}
        draft: Draft = build(ground).run(taken.get, running)["draft"]
        yield from _told(draft, search, output)
    keep(home, caller, asked, output.text, latency_ms=(time.perf_counter() - begun) * 1000)


def spoken(messages: Turns) -> Conversation:
    """Return what was said up to the user's last turn, without calls of functions and what they gave back."""
    upto = len(messages) - len(_since_question(messages))
    turns = [turn for turn in messages[:upto] if turn["role"] != "tool" and turn.get("content")]
    return conversation_from(turns, param="input")


def _since_question(messages: Turns) -> Turns:
    """Return the turns after the user's last one: calls of functions and what they gave back."""
    last = max((place for place, turn in enumerate(messages) if turn["role"] == "user"), default=-1)
    return messages[last + 1 :]


def _node(flow: Flow, kind: str, **changes: Any) -> Node:
    node = next(node for node in flow.nodes if node.kind == kind)
    return replace(node, params={**node.params, **changes})


def _told(draft: Draft, search: FileSearch, output: Output) -> Iterator[Event]:
    yield from output.say(draft.text)
    yield from output.annotate([
        file_citation(citation, search.retriever.filename(citation.document_id))
        for citation in draft.citations
    ])  # fmt: skip
    output.extras = {"lorewright": {"refused": draft.refused, "unsupported": list(draft.unsupported)}}

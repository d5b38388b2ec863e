"""How an answer came about: hits with their scores and why not, the prompt, time and tokens per node."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nicegui import ui

from lorewright.agents.packed_turns import whole_spans
from lorewright.amounts import seconds_text, usd_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, h3, muted

MAX_LETTERS = 20_000
_HEADING = re.compile(r"^#{1,6} .*$\n?", re.MULTILINE)
"""Headings of a chunk stand above it already."""


def show_trace(
    trace: Mapping[str, Any], *, cited: Collection[int] = (), claims: Collection[str] = ()
) -> None:
    """Show all of a trace, the hits first.

    `cited` are the numbers that the answer cites, `claims` what nothing supports.
    """
    load_stylesheet("trace")
    if trace.get("labels"):
        _show_labels(trace["labels"])
    else:
        _show_hits(trace, cited)
    if claims:
        Text("p", t("Not supported by any source: {claims}", claims=", ".join(claims)), classes="lw-error")
    for call in trace.get("calls", ()):
        _show_call(call)
    for one in trace.get("missing", ()):
        muted(t("Without the tools of {server}: {error}", server=one["server"], error=one["error"]))
    spans = whole_spans(trace.get("spans", ()))
    for n, span in enumerate(spans, start=1):
        show_span(n, span)
    for file in trace.get("files", ()):
        _folded(t("Working file {path}", path=file["path"]), str(file["text"]))
    if trace["draft"]:
        _folded(t("Draft of the model"), str(trace["draft"]))
    if trace["prompt"] or not spans:  # the prompts of an agent stand at its steps
        _folded(t("Prompt, as it was sent"), _prompt_text(trace["prompt"]))
    _nodes(trace["nodes"])
    made_by = [(name, str(value)[:28]) for name, value in trace["provenance"].items() if value != ""]
    if made_by:
        h3(t("Provenance"))
        table(t("Provenance"), (t("What"), t("Which")), made_by)


def _show_labels(fields: Sequence[Mapping[str, Any]]) -> None:
    """Show the likeliest labels of every field, and the examples nearest to what was asked."""
    rows = [
        (field.get("field", ""), one["label"] or t("(none)"), f"{one['probability']:.0%}")
        for field in fields
        for one in field["top"]
    ]
    h3(t("Labels"))
    if any(field["unknown"] for field in fields):
        muted(t("It is unlike the examples: below the threshold, no label is given."))
    table(t("Labels"), (t("Field"), t("Label"), t("Probability")), rows)
    nearest = [(one["question"], one["answer"], f"{one['likeness']:.2f}") for one in fields[0]["nearest"]]
    if nearest:
        h3(t("Nearest examples"))
        table(t("Nearest examples"), (t("Example"), t("Answer"), t("Likeness")), nearest)


def _show_call(call: Mapping[str, Any]) -> None:
    """Show which tool was called, with what, what it said, and how long it took."""
    title = t("Called {tool} of {server}", tool=call["tool"], server=call["server"] or "?")
    said = str(call.get("text") or "")
    if call.get("error"):
        said = t("Failed: {error}", error=call["error"])
    asked = _content_text(call["arguments"])
    _folded(f"{title} · {seconds_text(float(call['ms']) / 1000)}", f"{asked}\n\n{said}")


def show_span(n: int, span: Mapping[str, Any]) -> None:
    """Show a step of an agent at which a model was asked: what it took, was sent, and answered."""
    who = t("Sub-agent {n}", n=span["agent"]) if span["agent"] else ""
    title = " · ".join(filter(None, (t("Step {n}", n=n), who, str(span["model"]), taken_text(span))))
    with ui.element("details").classes("trace-folded"):
        Text("summary", title)
        show_prompt(span["messages"], span["tools"])
        show_answer(span)


def taken_text(span: Mapping[str, Any]) -> str:
    """Return what a step took: time, tokens, money."""
    took = seconds_text(float(span["ms"]) / 1000)
    return " · ".join(filter(None, (took, _tokens_text(span), usd_text(float(span["usd"])))))


def show_prompt(turns: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> None:
    """Show a prompt as it was sent: its turns with their calls, and the tools that it offers."""
    _text_block(t("Prompt, as it was sent"), _prompt_text(turns))
    if tools:
        _text_block(t("Tools that were offered"), _content_text(list(tools)))


def show_answer(span: Mapping[str, Any]) -> None:
    """Show what a model answered: a text, or calls of tools."""
    calls = [f"{call['tool']} {call['arguments']}" for call in span["calls"]]
    _text_block(t("Answer"), "\n".join(filter(None, (str(span["text"]), *calls))))


def _text_block(title: str, text: str) -> None:
    Text("h3", title, classes="lw-h3")
    Text("pre", text[:MAX_LETTERS], classes="lw-mono lw-pre").props('tabindex="0"')


def _show_hits(trace: Mapping[str, Any], cited: Collection[int]) -> None:
    """Show what was found: first what reached the prompt, then what did not and why."""
    hits = trace["hits"]
    if not hits:
        muted(t("Nothing was retrieved."))
        return
    taken = sorted((hit for hit in hits if hit["number"]), key=lambda hit: int(hit["number"]))
    left_out = [hit for hit in hits if not hit["number"]]
    summary = tn("{n} chunk reached the prompt.", "{n} chunks reached the prompt.", len(taken))
    muted(
        summary
        + " "
        + t("The fused score combines the keyword and vector scores, each normalized to 0 to 1.")
    )
    top = max(float(hit["score"]) for hit in hits) or 1.0
    for hit in taken:
        numbers = hit.get("numbers") or [hit["number"]]
        _hit(hit, top=top, is_cited=any(number in cited for number in numbers))
    n = int(trace.get("retrieved") or 0)
    if left_out:
        with ui.element("details").classes("trace-folded"):
            Text("summary", tn("{n} chunk was not used", "{n} chunks were not used", len(left_out)))
            with ui.element("div").classes("lw-stack lw-tight"):
                for hit in left_out:
                    _hit(hit, top=top, is_cited=False)
    if n:
        muted(
            tn(
                "Retrieval took the best chunk; what ranks lower was not looked at.",
                "Retrieval took the best {n} chunks; what ranks lower was not looked at.",
                n,
            )
        ).classes("lw-small")


def _prompt_text(prompt: Sequence[Mapping[str, Any]]) -> str:
    return "\n\n".join(f"{turn['role']}:\n{_turn_text(turn)}" for turn in prompt)


def _turn_text(turn: Mapping[str, Any]) -> str:
    calls = [call["function"] for call in turn.get("tool_calls") or ()]
    called = [f"{call['name']} {call['arguments']}" for call in calls]
    content = turn.get("content")
    return "\n".join([*([] if content is None else [_content_text(content)]), *called])


def _content_text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False)


def _hit(hit: Mapping[str, Any], *, top: float, is_cited: bool) -> None:
    name = str(hit.get("name") or hit["document_id"])
    with ui.element("section").classes("trace-hit" if hit["number"] else "trace-hit is-left-out"):
        with ui.element("div").classes("lw-row"):
            if hit["number"]:
                Text("span", str(hit["number"]), classes="trace-number")
            Text("h3", str(hit["title"] or name), classes="lw-h3 lw-grow lw-clip")
            if is_cited:
                badge(t("cited"), "good")
            elif not hit["number"]:
                badge(t("not used"), "plain")
        if hit.get("why"):
            Text("p", t(str(hit["why"])) + ".", classes="lw-small trace-why")
        page = t("page {n}", n=hit["page"]) if hit.get("page") else ""
        where = " / ".join(filter(None, [name, *hit.get("headings", ()), page]))
        muted(where).classes("lw-small")
        with ui.element("dl").classes("trace-scores"):
            _score(t("fused"), f"{hit['score']:.2f}", float(hit["score"]) / top)
            cosine, bm25 = hit["cosine"], hit["bm25"]
            _score(t("vector"), "-" if cosine is None else f"{cosine:.2f}", cosine or 0.0)
            _score(t("keyword"), "-" if bm25 is None else f"{bm25:.1f}", None)
        Text("p", _HEADING.sub("", str(hit["text"])).strip()[:1500], classes="lw-pre lw-small trace-hit-text")


def _score(name: str, value: str, share: float | None) -> None:
    with ui.element("div"):
        Text("dt", name)
        Text("dd", value)
        if share is not None:
            with ui.element("dd").classes("trace-meter").props('aria-hidden="true"'):
                ui.element("i").style(f"width: {max(0.0, min(1.0, share)):.0%}")


def _nodes(nodes: Sequence[Mapping[str, Any]]) -> None:
    """Show the time and the tokens of every node, the longest as a full bar."""
    h3(t("Time and tokens per node"))
    longest = max((float(node["ms"]) for node in nodes), default=0.0) or 1.0
    with ui.element("ul").classes("trace-nodes"):
        for node in nodes:
            with ui.element("li"):
                Text("span", str(node["id"]), classes="lw-clip")
                with ui.element("span").classes("trace-meter").props('aria-hidden="true"'):
                    ui.element("i").style(f"width: {float(node['ms']) / longest:.0%}")
                Text("span", seconds_text(float(node["ms"]) / 1000), classes="lw-number")
                Text("span", _tokens_text(node), classes="lw-number lw-muted trace-tokens")


def _tokens_text(node: Mapping[str, Any]) -> str:
    n_in, n_out = int(node.get("tokens_in") or 0), int(node.get("tokens_out") or 0)
    return t("{n} in, {m} out", n=f"{n_in:,}", m=f"{n_out:,}") if n_in or n_out else ""


def _folded(title: str, text: str) -> None:
    with ui.element("details").classes("trace-folded"):
        Text("summary", title)
        Text("pre", text[:MAX_LETTERS], classes="lw-mono lw-pre").props('tabindex="0"')

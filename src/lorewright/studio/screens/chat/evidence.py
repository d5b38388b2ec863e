"""How an answer came about: the hits with their scores, what reached the prompt, the prompt, the times."""

import re
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, h3, muted

MAX_LETTERS = 20_000
_HEADING = re.compile(r"^#{1,6} .*$\n?", re.MULTILINE)
"""Headings of a chunk stand above it already."""


def show_evidence(answer: Mapping[str, Any], evidence: Mapping[str, Any]) -> None:
    """Show it all, the hits first."""
    hits = evidence["hits"]
    cited = {one["number"] for one in answer.get("citations", ())}
    if hits:
        n = sum(bool(hit["number"]) for hit in hits)
        summary = tn("{n} chunk reached the prompt.", "{n} chunks reached the prompt.", n)
        muted(
            summary
            + " "
            + t("The fused score combines the keyword and vector scores, each normalized to 0 to 1.")
        )
        top = max(float(hit["score"]) for hit in hits) or 1.0
        for hit in hits:
            _hit(hit, top=top, is_cited=hit["number"] in cited)
    else:
        muted(t("No retrieval: the model answers from what it learned."))
    if answer.get("claims"):
        Text(
            "p",
            t("Not supported by any source: {claims}", claims=", ".join(answer["claims"])),
            classes="lw-error",
        )
    if evidence["draft"]:
        _folded(t("Draft of the model"), str(evidence["draft"]))
    prompt = "\n\n".join(f"{turn['role']}:\n{turn['content']}" for turn in evidence["prompt"])
    _folded(t("Prompt"), prompt)
    _nodes(evidence["nodes"])
    h3(t("Provenance"))
    made_by = [(name, str(value)[:28]) for name, value in evidence["provenance"].items() if value != ""]
    table(t("Provenance"), (t("What"), t("Which")), made_by)


def _hit(hit: Mapping[str, Any], *, top: float, is_cited: bool) -> None:
    with ui.element("section").classes("chat-hit"):
        with ui.element("div").classes("lw-row"):
            if hit["number"]:
                Text("span", str(hit["number"]), classes="chat-number")
            Text("h3", str(hit["title"] or hit["name"]), classes="lw-h3 lw-grow lw-clip")
            if is_cited:
                badge(t("cited"), "good")
            elif not hit["number"]:
                badge(t("excluded"), "plain")
        page = t("page {n}", n=hit["page"]) if hit.get("page") else ""
        where = " / ".join(filter(None, [str(hit["name"]), *hit.get("headings", ()), page]))
        muted(where).classes("lw-small")
        with ui.element("dl").classes("chat-scores"):
            _score(t("fused"), f"{hit['score']:.2f}", float(hit["score"]) / top)
            cosine, bm25 = hit["cosine"], hit["bm25"]
            _score(t("vector"), "-" if cosine is None else f"{cosine:.2f}", cosine or 0.0)
            _score(t("keyword"), "-" if bm25 is None else f"{bm25:.1f}", None)
        Text("p", _HEADING.sub("", str(hit["text"])).strip()[:1500], classes="lw-pre lw-small chat-hit-text")


def _score(name: str, value: str, share: float | None) -> None:
    with ui.element("div"):
        Text("dt", name)
        Text("dd", value)
        if share is not None:
            with ui.element("dd").classes("chat-meter").props('aria-hidden="true"'):
                ui.element("i").style(f"width: {max(0.0, min(1.0, share)):.0%}")


def _nodes(nodes: list[Mapping[str, Any]]) -> None:
    """Show the time of every node, the longest as a full bar."""
    h3(t("Time per node"))
    longest = max((float(node["ms"]) for node in nodes), default=0.0) or 1.0
    with ui.element("ul").classes("chat-nodes"):
        for node in nodes:
            with ui.element("li"):
                Text("span", str(node["id"]), classes="lw-clip")
                with ui.element("span").classes("chat-meter").props('aria-hidden="true"'):
                    ui.element("i").style(f"width: {float(node['ms']) / longest:.0%}")
                Text("span", seconds_text(float(node["ms"]) / 1000), classes="lw-number")


def _folded(title: str, text: str) -> None:
    with ui.element("details").classes("chat-folded"):
        Text("summary", title)
        Text("pre", text[:MAX_LETTERS], classes="lw-mono lw-pre").props('tabindex="0"')

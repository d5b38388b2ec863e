"""Beside a conversation: a source at the cited passage, or all that was retrieved and why."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from lorewright.errors import NotFound
from lorewright.studio.parts.sizes import span_text
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.studio.visit import Visit
from lorewright.studio.words import t
from lorewright.workspace.source_text import SourceText, source_text

AROUND = 6000
"""Characters of a long source that are shown on each side of the passage."""


class Sources:
    """The panel at the right; closed until something is asked for."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._panel = ui.element("aside").classes("chat-side").props(f'aria-label="{t("Sources")}"')
        self._panel.set_visibility(False)

    def _open(self, title: str) -> None:
        self._panel.set_visibility(True)
        self._panel.clear()
        with self._panel, ui.element("div").classes("lw-row"):
            h2(title)
            ui.element("div").classes("lw-grow")
            close = ui.button(icon="close", on_click=lambda: self._panel.set_visibility(False))
            close.props(f'flat round dense autofocus aria-label="{t("Close")}"')

    async def open_citation(self, citation: Mapping[str, Any]) -> None:
        """Show the document that a citation is from, the passage marked."""
        self._open(str(citation["title"] or citation["document_id"]))
        found = await self._visit.attempt(self._found, citation)
        with self._panel:
            where = [str(citation["document_id"]), *citation.get("heading_path", ())]
            muted(" / ".join(where))
            if citation.get("page"):
                muted(t("Page {n}", n=citation["page"]))
            if found is None:
                Text("blockquote", str(citation["quote"]), classes="lw-pre")
                return
            if found.image:
                ui.image(found.image).classes("chat-page").props(
                    f'alt="{t("Page {n}", n=citation["page"])}" no-spinner'
                )
            self._passage(found, citation["start"], citation["end"])

    def _found(self, citation: Mapping[str, Any]) -> SourceText | None:
        self._visit.caller.need("read")
        try:
            return source_text(
                self._visit.home, self._visit.caller, str(citation["document_id"]), page=citation.get("page")
            )
        except NotFound:
            return None  # removed since, or a file of a store: the quote says it

    def _passage(self, found: SourceText, start: int, end: int) -> None:
        text = found.text
        if text[start:end] == "":
            muted(t("The document has changed since; the passage is gone."))
            return
        first, last = max(0, start - AROUND), min(len(text), end + AROUND)
        with ui.element("div").classes("chat-text lw-pre").props('tabindex="0"'):
            Text("span", ("… " if first else "") + text[first:start])
            Text("mark", text[start:end]).props('id="cited"')
            Text("span", text[end:last] + (" …" if last < len(text) else ""))
        ui.run_javascript(
            "setTimeout(() => document.getElementById('cited')?.scrollIntoView({block: 'center'}), 80)"
        )

    def open_retrieval(self, answer: Mapping[str, Any]) -> None:
        """Show every hit with its scores, the time of every node, and what made the answer."""
        self._open(t("What was retrieved, and why"))
        with self._panel:
            cited = {one["number"] for one in answer.get("citations", ())}
            for hit in answer["hits"]:
                self._hit(hit, is_cited=hit["rank"] in cited)
            h3(t("Time of each node"))
            rows = [(name, span_text(ms / 1000)) for name, ms in answer.get("timings_ms", {}).items()]
            table(t("Time of each node"), (t("Node"), t("Time")), rows)
            h3(t("What made it"))
            made_by = [(name, str(value)[:24]) for name, value in answer.get("provenance", {}).items()]
            table(t("What made it"), (t("What"), t("Which")), made_by)

    def _hit(self, hit: Mapping[str, Any], *, is_cited: bool) -> None:
        with ui.element("section").classes("lw-card chat-hit"):
            with ui.element("div").classes("lw-row"):
                Text("h3", f"[{hit['rank']}] {hit['title'] or hit['document_id']}", classes="lw-h3 lw-grow")
                if is_cited:
                    Text("span", t("cited"), classes="lw-badge lw-good")
            scores = [t("score {n}", n=f"{hit['score']:.2f}")]
            if hit["cosine"] is not None:
                scores.append(t("meaning {n}", n=f"{hit['cosine']:.2f}"))
            if hit["bm25"] is not None:
                scores.append(t("words {n}", n=f"{hit['bm25']:.1f}"))
            muted(" · ".join(scores)).classes("lw-small")
            Text("p", str(hit["text"])[:1500], classes="lw-pre lw-small")

"""Beside a conversation: a source at the cited passage, or what was retrieved and why."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.errors import LorewrightError
from lorewright.studio.i18n import t
from lorewright.studio.parts.answer_trace import show_trace
from lorewright.studio.parts.cleanup import is_gone
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.page_view import PageView
from lorewright.studio.parts.passage import show_passages
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.chat.contract import in_browser
from lorewright.workspace.chats.asking import find_evidence
from lorewright.workspace.collections.source_text import SourceText, source_page, source_text

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


class Sources:
    """The panel at the right; closed until something is asked for."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        self._panel = ui.element("aside").classes("chat-side").props(f'aria-label="{t("Sources")}"')
        self._panel.on("keydown.escape", self.close)
        self._panel.set_visibility(False)

    def close(self) -> None:
        """Close the panel."""
        self._panel.set_visibility(False)
        self._panel.clear()

    async def open_citation(self, answer: Mapping[str, Any], number: int) -> None:
        """Show the document that a number stands for: every passage that the answer takes from it."""
        cited = [one for one in answer.get("citations", ()) if one["number"] == number]
        if cited:
            await self._open_cited(cited, number)

    async def open_passage(self, passage: Mapping[str, Any]) -> None:
        """Show the document of a passage that stands beside an answer, at its place."""
        await self._open_cited([passage], 0)

    async def _open_cited(self, cited: list[Mapping[str, Any]], number: int) -> None:
        first = cited[0]
        self._open(str(first["title"] or first["name"]), number=number)
        with self._panel:
            where = " / ".join([str(first["name"]), *first.get("heading_path", ())])
            muted(where).classes("lw-small chat-where")
            waiting = loading()
        source = await self._load_source(str(first["document_id"]))
        if is_gone(waiting):
            return  # something else was opened meanwhile
        waiting.delete()
        with self._panel:
            if source is None:
                self._quotes(cited)
            elif source.has_pages and first.get("page"):
                self._paged(source, cited)
            else:
                self._text(source, cited)

    async def open_evidence(self, answer: Mapping[str, Any]) -> None:
        """Show every hit with its scores, the prompt, the time of every node, and what made the answer."""
        self._open(t("Trace of this answer"))
        visit, chat_id = self._page.visit, self._page.chat.id
        evidence = await visit.attempt(
            lambda: find_evidence(visit.server, visit.caller, chat_id, str(answer["id"]))
        )
        if is_gone(self._panel):
            return
        with self._panel:
            if evidence is None:
                muted(t("The trace of this answer was not stored."))
            else:
                cited = {one["number"] for one in answer.get("citations", ())}
                show_trace(evidence, cited=cited, claims=answer.get("claims", ()))

    def _open(self, title: str, *, number: int = 0) -> None:
        self._panel.set_visibility(True)
        self._panel.clear()
        with self._panel, ui.element("div").classes("chat-side-head"):
            if number:
                Text("span", str(number), classes="chat-number")
            h2(title).classes("lw-grow")
            close = icon_button("close", t("Close"), self.close)
            ui.run_javascript(f"document.getElementById({json.dumps(close.html_id)})?.focus()")

    async def _load_source(self, document_id: str) -> SourceText | None:
        def find() -> SourceText | None:
            try:
                return source_text(self._page.visit.server, self._page.visit.caller, document_id)
            except LorewrightError:
                return None  # removed since, or not for this visitor: the quotes say what was cited

        return await self._page.visit.attempt(find)

    def _paged(self, source: SourceText, cited: list[Mapping[str, Any]]) -> None:
        """Show the page as it was printed, or its text."""
        quotes = [str(one["quote"]) for one in cited]
        with ui.tabs().classes("chat-tabs").props("dense no-caps align=left") as tabs:
            page = ui.tab("page", label=t("Page"))
            text = ui.tab("text", label=t("Text"))
        with ui.tab_panels(tabs, value=page, animated=False).classes("chat-tab-panels").props("keep-alive"):
            with ui.tab_panel(page):
                # A chunk may go over several pages; the passage is on one of them.
                number = source.page_at(cited[0]["start"]) or int(cited[0]["page"])
                visit = self._page.visit
                PageView(
                    visit,
                    lambda page: source_page(visit.server, visit.caller, source.id, page, quotes),
                    name=source.name, page=number,
                    on_drawn=lambda: in_browser("toMark", self._panel.html_id),
                )  # fmt: skip
            with ui.tab_panel(text):
                self._text(source, cited)

    def _text(self, source: SourceText, cited: list[Mapping[str, Any]]) -> None:
        spans = [
            (one["start"], one["end"])
            for one in cited
            if source.text[one["start"] : one["end"]] == one["quote"]
        ]
        if not spans:
            muted(t("The document has changed since. The cited text was:"))
            self._quotes(cited)
        show_passages(source.text, spans)
        in_browser("toMark", self._panel.html_id)

    def _quotes(self, cited: list[Mapping[str, Any]]) -> None:
        for quote in dict.fromkeys(str(one["quote"]) for one in cited):
            Text("blockquote", quote, classes="lw-pre chat-quote")

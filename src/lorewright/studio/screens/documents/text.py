"""The text of a document, a stretch at a time, with the boundaries of its chunks or a passage marked."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.passage import show_blocks
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.listing import get_document
from lorewright.workspace.documents.states import DocumentFile

PLAIN = frozenset(
    {".txt", ".log", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".toml", ".ini", ".py", ".sql", ".sh"}
)
"""Files whose text is shown as it is: a line that begins with # is no heading there."""
STRETCH = 20_000
"""Characters shown at once: more make a browser slow."""


async def show_text(visit: Visit, file: DocumentFile, has_chunks: bool, start: int, end: int) -> None:  # noqa: FBT001
    """Show the text; `start` to `end` is marked and shown first."""
    include = ["text", "chunks"] if has_chunks else ["text"]
    document = await visit.attempt(
        lambda: get_document(visit.server.workspace, visit.caller, file.id, include)
    )
    if document is None:
        return
    if has_chunks and not document["chunks"]:
        empty("segment", t("No chunks"), t("The document is not indexed. Sync it."))
        return
    _Reading(document, start, end)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the text, from one character to another."""

    start: int
    end: int


class _Reading:
    """The text in stretches that end where a chunk, a page or a paragraph does."""

    def __init__(self, document: dict[str, Any], start: int, end: int) -> None:
        self._text: str = document["text"]
        self._chunks: list[dict[str, Any]] = document.get("chunks") or []
        self._pages: list[int] = document["page_starts"]
        self._is_plain = PurePosixPath(document["id"]).suffix.casefold() in PLAIN
        self._marked = (start, end) if end > start else (0, 0)
        self._stretches = self._cut()
        at = next((place for place, one in enumerate(self._stretches) if one.end > start), 0)
        if self._chunks:
            n_tokens = sum(len(chunk["text"]) for chunk in self._chunks) // len(self._chunks)
            muted(
                tn("{n} chunk", "{n} chunks", len(self._chunks))
                + " · "
                + t(
                    "{n} characters each on average. Each chunk is retrieved separately, with its headings.",
                    n=n_tokens,
                )
            )
        with card():
            self._place = ui.element("div").classes("doc-text")
            self._foot = ui.element("div").classes("lw-row")
        self._show(at)
        if self._marked[1]:
            ui.run_javascript(
                "setTimeout(() => document.querySelector('.doc-text mark')"
                "?.scrollIntoView({block: 'center'}), 120)"
            )

    def _cut(self) -> list[_Stretch]:
        cuts, begin, n = [], 0, len(self._text)
        while begin < n:
            limit = begin + STRETCH
            if limit >= n:
                end = n
            elif self._chunks:
                end = max((one["end"] for one in self._chunks if begin < one["end"] <= limit), default=limit)
            else:
                paragraph = self._text.rfind("\n", begin + 1, limit)
                end = limit if paragraph == -1 else paragraph + 1
            cuts.append(_Stretch(begin, end))
            begin = end
        return cuts or [_Stretch(0, 0)]

    def _show(self, at: int) -> None:
        stretch = self._stretches[at]
        self._place.clear()
        with self._place:
            if self._chunks:
                self._show_chunks(stretch)
            else:
                self._show_plain(stretch)
        self._foot.clear()
        self._foot.set_visibility(len(self._stretches) > 1)
        with self._foot:
            label = t("Part {n} of {all}", n=at + 1, all=len(self._stretches))
            Text("span", label, classes="lw-muted lw-grow").props('role="status"')
            before = ui.button(t("Previous"), on_click=lambda: self._show(at - 1)).props("flat no-caps")
            before.set_enabled(at > 0)
            after = ui.button(t("Next"), on_click=lambda: self._show(at + 1)).props("flat no-caps")
            after.set_enabled(at + 1 < len(self._stretches))

    def _show_plain(self, stretch: _Stretch) -> None:
        inner = [page for page in self._pages if stretch.start < page < stretch.end]
        bounds = [stretch.start, *inner, stretch.end]
        for start, end in pairwise(bounds):
            if self._pages and start in self._pages:
                Text("div", t("Page {n}", n=self._pages.index(start) + 1), classes="doc-page")
            if self._is_plain:
                self._marked_text(start, end, "doc-body-text")
                continue
            first, last = max(start, self._marked[0]) - start, min(end, self._marked[1]) - start
            with ui.element("div").classes("lw-source"):
                show_blocks(self._text[start:end], (first, last))

    def _show_chunks(self, stretch: _Stretch) -> None:
        at = stretch.start
        for number, chunk in enumerate(self._chunks, start=1):
            if chunk["end"] <= stretch.start or chunk["start"] >= stretch.end:
                continue
            if self._text[at : chunk["start"]].strip():
                Text("div", self._text[at : chunk["start"]].strip("\n"), classes="doc-between")
            with ui.element("section").classes("doc-chunk"):
                _chunk_head(number, chunk)
                self._marked_text(chunk["start"], chunk["end"], "doc-body-text")
            at = max(at, chunk["end"])
        if self._text[at : stretch.end].strip():
            Text("div", self._text[at : stretch.end].strip("\n"), classes="doc-between")

    def _marked_text(self, start: int, end: int, classes: str) -> None:
        """Show the text from `start` to `end`, what is marked of it highlighted."""
        first, last = max(start, self._marked[0]), min(end, self._marked[1])
        if first >= last:
            Text("div", self._text[start:end], classes=classes)
            return
        with ui.element("div").classes(classes):
            Text("span", self._text[start:first])
            Text("mark", self._text[first:last])
            Text("span", self._text[last:end])


def _chunk_head(number: int, chunk: dict[str, Any]) -> None:
    with ui.element("div").classes("doc-chunk-head"):
        Text("span", t("Chunk {n}", n=number), classes="lw-strong")
        if chunk["page"]:
            Text("span", t("page {n}", n=chunk["page"]))
        if chunk["heading_path"]:
            Text("span", " > ".join(chunk["heading_path"]))
        Text("span", t("{start} to {end}", start=f"{chunk['start']:,}", end=f"{chunk['end']:,}"))

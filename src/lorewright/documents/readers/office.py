"""Office files, e-books, e-mails and many more through xberg; a hostile one can crash it."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import xberg

from lorewright.documents.announcing import announces
from lorewright.documents.blocks import ITEM_MARK
from lorewright.documents.completion import completed, folded
from lorewright.documents.content import Content
from lorewright.documents.pages import Part, as_markdown
from lorewright.documents.parts import reading_parts, with_parts
from lorewright.documents.readers import ole, package
from lorewright.documents.readers.slides import slides_of
from lorewright.errors import UnreadableDocument

_CONFIG = xberg.ExtractionConfig(
    use_cache=False,
    disable_ocr=True,  # xberg's OCR fetches its models from the network
    output_format="markdown",
    escape_markdown=False,
    include_document_structure=True,
    pages=xberg.PageConfig(extract_pages=True),
    content_filter=xberg.ContentFilterConfig(include_footnotes=True),
)
_PAGED = ("pdf", "powerpoint", "presentation")
_XML = ("application/xml", "text/xml")
"""Where the attributes of an element are data; those of all other formats say how it looks."""
_DROPPED_SHARE = 0.5
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff")
"""Inside another file they are mostly logos and drawings: what it is about rarely stands in them."""
_MARKERS = re.compile(r"\[\^\w{1,8}\](?!:)|\[cmt:\d+\]")
"""Where notes and comments belong: they stand further down."""
_EMPHASIS = re.compile(r"\*{2,}")
_INNER = "  "
"""Stands before a list item that belongs to the one above it."""
_ITEM = re.compile(rf"\s*{ITEM_MARK}")
_PAIR = re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])")


def read_office(path: Path) -> Content:
    """Return a file as Markdown; slides and PDF pages are pages.

    A page of a word processor's file is none: where it ends depends on the printer.
    """
    extraction, shown = extracted(path), slides_of(path)
    content = complete(content_of(extraction, notes=shown.notes if shown else None), package.paragraphs(path))
    content = in_order(content, shown.order) if shown else content
    packed = package.embedded(path)
    inside = [file for name, data in packed for file in ole.unwrapped(name, data)] or ole.embedded(path)
    if not inside:
        return content
    with reading_parts() as parts:
        for name, data in inside:
            if not name.lower().endswith(PICTURES):
                parts.add(name, data)
    return with_parts(content, parts)


def in_order(content: Content, order: Sequence[int]) -> Content:
    """Return slides in the order in which they are shown, given by their numbers, where it names them all."""
    if sorted(order) != list(range(1, len(content.pages) + 1)):
        return content
    return replace(content, pages=tuple(content.pages[number - 1] for number in order))


def complete(content: Content, paragraphs: Sequence[Sequence[str]]) -> Content:
    """Return what was read of a file with the paragraphs it lacks, slide by slide where there are slides."""
    if content.pages and len(content.pages) == len(paragraphs):
        before = folded("".join(content.pages[:-1]))  # charts of all slides come last
        last = [text for text in paragraphs[-1] if folded(text) not in before]
        pages = map(completed, content.pages, (*paragraphs[:-1], last))
        return replace(content, pages=tuple(pages))
    every = [text for page in paragraphs for text in page]
    if not content.pages:
        return replace(content, text=completed(content.text, every))
    # Slides that are hidden or out of order: what all pages lack stands on the last one.
    whole = "\n\n".join(content.pages)
    rest = completed("", [text for text in every if folded(text) not in folded(whole)])
    return replace(content, pages=(*content.pages[:-1], f"{content.pages[-1]}\n\n{rest}".strip()))


def content_of(extraction: Any, *, notes: Mapping[int, str] | None = None) -> Content:
    """Return what xberg found as Markdown, with the notes of a speaker, by the number of their slide.

    Those of xberg, which numbers notes by themselves, are taken where nothing else says whose they are.
    """
    pages = tuple(page_texts(extraction, notes=notes))
    text = "\n\n".join(page for page in pages if page)
    if len(text) < _DROPPED_SHARE * len(extraction.content):
        pages, text = (), extraction.content  # some formats have a text and no structure
    has_pages = any(kind in extraction.mime_type for kind in _PAGED)
    return Content(
        "" if has_pages else text,
        title=extraction.metadata.title or "",
        metadata=metadata(extraction),
        pages=pages if has_pages else (),
    )


def extracted(path: Path) -> Any:
    """Return what xberg finds in a file."""
    source = xberg.ExtractInput(uri=str(path.absolute()))
    try:
        extraction = asyncio.run(xberg.extract(source, _CONFIG))
    except (RuntimeError, ValueError) as error:
        raise _unreadable(str(error)) from error
    if not extraction.results:
        raise _unreadable("; ".join(str(item.message) for item in extraction.errors))
    return extraction.results[0]


def _unreadable(reason: str) -> UnreadableDocument:
    if "encrypt" in reason.lower() or "password" in reason.lower():
        return UnreadableDocument("it is password-protected", hint="Save a copy without a password.")
    return UnreadableDocument(f"it is damaged or its format does not match its name ({reason.rstrip('.')})")


def metadata(extraction: Any) -> dict[str, str]:
    """Return what a file says about its origin."""
    about = extraction.metadata
    entries = {
        "author": ", ".join(about.authors or ()),
        "subject": about.subject,
        "keywords": ", ".join(about.keywords or ()),
        "created": about.created_at,
        "modified": about.modified_at,
        "language": about.language,
    }
    return {name: value for name, value in entries.items() if value}


def page_texts(extraction: Any, *, notes: Mapping[int, str] | None = None) -> list[str]:
    """Return the Markdown of every page; formats without pages have one."""
    return ["\n\n".join(map(as_markdown, parts)) for parts in page_parts(extraction, notes=notes)]


def page_parts(extraction: Any, *, notes: Mapping[int, str] | None = None) -> list[list[Part]]:
    """Return the parts of every page in order: Markdown blocks, and tables as rows."""
    pages: dict[int, list[Part]] = {}
    number, previous = 1, None
    is_slides = "presentation" in extraction.mime_type
    for node, content in _nodes(extraction):
        number = node.page or content.get("number") or number
        parts = pages.setdefault(number, [])
        part = _part(content)
        if is_slides and content["node_type"] == "list":
            continue
        last = parts[-1] if parts else None
        if content["node_type"] == "list_item" and isinstance(last, str) and isinstance(part, str) and part:
            belongs = previous == "list_item" or (
                is_slides and previous == "paragraph" and not announces(last)
            )
            parts[-1:] = [_listed(last, part)] if belongs else [last, part]
        elif part:
            parts.append(part)
        previous = content["node_type"]
    if notes is None:
        notes = {page.page_number: page.speaker_notes or "" for page in extraction.pages or ()}
    for place, said in notes.items():
        if said.strip():
            pages.setdefault(place, []).append(f"Notes: {said.strip()}")
    return [pages.get(number, []) for number in range(1, max(pages, default=0) + 1)]


def _listed(before: str, item: str) -> str:
    """Return a list with a further item; a paragraph before it is an item itself, of a higher rank."""
    last = before.rpartition("\n")[2]
    if not _ITEM.match(last):
        return f"- {before}\n{_INNER}{item}"
    return f"{before}\n{_INNER if last.startswith(_INNER) else ''}{item}"


def _nodes(extraction: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the parts of a document in order, each with its content; items of ordered lists are numbered."""
    n_items: dict[int, int] = {}  # of every ordered list, by its place
    for place, node in enumerate(extraction.document.nodes if extraction.document else ()):
        content = json.loads(str(node.content))
        if content["node_type"] == "list" and content["ordered"]:
            n_items[place] = 0
        elif node.parent in n_items:
            n_items[node.parent] += 1
            content["item"] = n_items[node.parent]
        if extraction.mime_type in _XML and content["node_type"] == "heading" and node.attributes:
            content["text"] += " " + " ".join(
                f"{name}={value}" for name, value in sorted(node.attributes.items())
            )
        yield node, content


def _part(content: dict[str, Any]) -> Part:
    """Return one part of a document: a table's rows, or Markdown; groups and pictures have none."""
    kind, text = content["node_type"], _MARKERS.sub("", content.get("text") or "").strip()
    if kind == "table":
        return _rows(content["grid"])
    if kind == "metadata_block":
        return "\n".join(f"{entry['key']}: {entry['value']}" for entry in content["entries"])
    if kind == "slide":
        kind, text = "heading", content.get("title") or ""
    if not text:
        return ""
    if kind in ("heading", "title"):
        return f"{'#' * min(content.get('level', 2 if kind == 'heading' else 1), 6)} {' '.join(text.split())}"
    if kind == "list_item":
        mark = f"{content['item']}." if "item" in content else "-"
        return f"{mark} {text}"
    return f"```\n{text}\n```" if kind == "code" else text


def _rows(grid: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table; a cell over several rows stands in each."""
    rows = [[""] * grid["cols"] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        for row in range(cell["row"], min(cell["row"] + cell["row_span"], grid["rows"])):
            if cell["col"] < grid["cols"]:
                rows[row][cell["col"]] = _EMPHASIS.sub("", _PAIR.sub(r"\1", cell["content"]))
    return rows

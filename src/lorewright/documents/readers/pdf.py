"""PDF: structure by its tags or by xberg, checked page by page against the plain text that PDFium finds."""

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw

from lorewright.documents.content import Content, cleaned
from lorewright.documents.hyphens import with_hyphens_of, without_line_hyphens
from lorewright.documents.item_marks import with_marks_of
from lorewright.documents.kinds import has_ocr
from lorewright.documents.pages import (
    Part,
    as_markdown,
    running_lines,
    with_tables_continued,
    without_running_lines,
)
from lorewright.documents.readers import office
from lorewright.documents.readers.image import OCR_HINT, recognised
from lorewright.documents.readers.pdf_tags import TaggedPage, tagged_page
from lorewright.documents.readers.pdf_words import (
    Line,
    lines_of,
    with_lines_apart,
    with_names_apart,
    with_whole_words,
)
from lorewright.documents.reading import ReadingReport
from lorewright.errors import UnreadableDocument

_MIN_RECALL = 0.9
_OCR_DOTS_PER_INCH = 200
_OCR_SECONDS = 75.0
"""What recognising the pages of one file may take together; pages after that are named as not read."""
_FEW_LETTERS = 40
_PICTURE_SHARE, _BARE_PICTURE_SHARE = 0.4, 0.05
"""How much of a page with a few letters, and of one without any, pictures cover when it is a scan."""
_MANY_SHAPES = 20
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"#{1,6} ")
_TORN = re.compile(r"\ufffe\s*|-\r\n")
"""A hyphen at the end of a line, as PDFium gives it."""
_JUNK_TITLE = re.compile(
    r"^microsoft word - |\.(docx?|pptx?|xlsx?|odt|tex|dvi|indd|pdf|pages)$|^untitled|^slide 1$"
    r"|^\(?(?:anonymous|unspecified|none|null)\)?$|^(?:untitled )?document\d*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as PDFium sees it; `is_unread` where it is a picture that nobody could read.

    `torn` is its text with words torn at the ends of lines, as they stand on the page; `tagged` what
    its tags say; `lines` where its lines stand.
    """

    text: str
    is_unread: bool = False
    torn: str = ""
    tagged: TaggedPage | None = None
    lines: tuple[Line, ...] = ()


def read_pdf(path: Path) -> Content:
    """Return a PDF page by page: as its tags say, else as xberg finds it.

    A page of which either loses words is PDFium's plain text.
    """
    plain = _pages(path, tagged=True)
    running = running_lines([page.text for page in plain])
    try:
        extraction = office.extracted(path)
    except UnreadableDocument:
        return _content(plain, [page.text for page in plain], running)
    parts = office.page_parts(extraction)
    parts += [[] for _ in plain[len(parts) :]]
    parts = [
        with_lines_apart(with_whole_words(page, seen.text), seen.lines)
        for page, seen in zip(parts, plain, strict=False)
    ]
    parts = with_names_apart(path, parts)
    parts = with_tables_continued(_with_tags(parts, plain), running)
    texts = [_fuller(structured, page) for structured, page in zip(parts, plain, strict=False)]
    title = _title(extraction.metadata.title or "", plain[0].text if plain else "")
    return _content(plain, texts, running, title=title, metadata=office.metadata(extraction))


def _title(told: str, first_page: str) -> str:
    """Return the title that a PDF tells of itself, '' for one that its first page says nothing of.

    Templates and earlier documents leave theirs behind: a reader would be sent to a document that
    they have never heard of.
    """
    words = [word for word in _WORD.findall(told.lower()) if len(word) > 2]
    if _JUNK_TITLE.search(told.strip()) or not words:
        return ""
    seen = _words(first_page)
    n_seen = sum(word in seen for word in words)
    return told if n_seen * 2 >= len(words) or not seen else ""


def read_pdf_plainly(path: Path) -> Content:
    """Return a PDF page by page as PDFium's plain text; pages that are pictures need an OCR engine."""
    plain = _pages(path)
    texts = [page.text for page in plain]
    return _content(plain, texts, running_lines(texts))


def opened(path: Path) -> Any:
    """Return a PDF, open; raise `UnreadableDocument` for one that is protected, damaged or none."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableDocument(
                "it is password-protected", hint="Save a copy without a password."
            ) from error
        raise UnreadableDocument("it is damaged or not a PDF") from error


def _content(plain: list[_Page], texts: list[str], running: frozenset[str], **about: Any) -> Content:
    pages = without_running_lines([cleaned(text) for text in texts], running)
    pages = without_line_hyphens(pages)
    report = ReadingReport(
        n_pages=len(plain),
        unread_pages=tuple(number for number, page in enumerate(plain, start=1) if page.is_unread),
        n_visible=sum(_n_letters(page.text) for page in plain),
        n_kept=sum(map(_n_letters, texts)),
    )
    return Content(pages=tuple(pages), report=report, **about)


def _pages(path: Path, *, tagged: bool = False) -> list[_Page]:
    """Return every page's plain text; raise `UnreadableDocument` where all of them are pictures."""
    deadline = time.monotonic() + _OCR_SECONDS
    with opened(path) as document:
        pages = [_page(page, deadline, tagged=tagged) for page in document]
    if not any(page.text.strip() for page in pages):
        raise UnreadableDocument(
            "its pages are scanned pictures, and reading them needs tesseract", hint=OCR_HINT
        )
    whole = without_line_hyphens([page.text for page in pages])
    return [replace(page, text=text, torn=page.text) for text, page in zip(whole, pages, strict=True)]


def _page(page: Any, deadline: float, *, tagged: bool) -> _Page:
    text_page = page.get_textpage()
    drawn: str = text_page.get_text_range()
    text = _TORN.sub("-\n", drawn)
    is_unread = False
    if _n_letters(text) < _FEW_LETTERS and _is_picture(page, text):
        is_unread = not has_ocr() or time.monotonic() > deadline
        seen = "" if is_unread else recognised(_portable_graymap(page))
        text = seen if _n_letters(seen) > _n_letters(text) else text
    told = tagged_page(page) if tagged else None
    lines = lines_of(text_page, drawn) if tagged else ()
    page.close()
    return _Page(text, is_unread, tagged=told, lines=lines)


def _is_picture(page: Any, text: str) -> bool:
    """Return whether a page with hardly a letter shows something: a picture over much of it, or outlines."""
    width, height = page.get_size()
    covered, n_shapes = 0.0, 0
    for kind, (left, bottom, right, top) in _drawn_objects(page):
        n_shapes += kind == pypdfium2.raw.FPDF_PAGEOBJ_PATH
        if kind == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            across = max(min(right, width) - max(left, 0.0), 0.0)
            covered += across * max(min(top, height) - max(bottom, 0.0), 0.0)
    is_bare = not any(map(str.isalnum, text))
    share = _BARE_PICTURE_SHARE if is_bare else _PICTURE_SHARE
    return covered >= share * width * height or (is_bare and n_shapes >= _MANY_SHAPES)


def _drawn_objects(page: Any) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """Yield the kind and the bounds of every picture and shape on a page."""
    kinds = (pypdfium2.raw.FPDF_PAGEOBJ_IMAGE, pypdfium2.raw.FPDF_PAGEOBJ_PATH)
    for shape in page.get_objects(filter=kinds, max_depth=4):
        try:
            yield shape.type, shape.get_bounds()
        except pypdfium2.PdfiumError:  # it has none
            continue


def _portable_graymap(page: Any) -> bytes:
    """Return a page as a picture in the simplest format there is (PGM)."""
    bitmap = page.render(scale=_OCR_DOTS_PER_INCH / 72, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    pixels = b"".join(rows[start : start + bitmap.width] for start in starts)
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + pixels


def _with_tags(found: Sequence[list[Part]], plain: Sequence[_Page]) -> list[list[Part]]:
    """Return the parts of every page as its tags say, as they were found where it has none that hold.

    Where tags name no heading in the whole file, paragraphs that were found to be headings are some.
    """
    told = [page.tagged if page.tagged and _holds(page.tagged, page.text) else None for page in plain]
    parts = [part for page in told if page for part in page.parts]
    headings = {} if any(map(_is_heading, parts)) else _headings(found)
    return [
        [*(_as_found(part, headings) for part in page.parts), *([page.rest] if page.rest else [])]
        if page
        else as_found
        for page, as_found in zip(told, found, strict=False)
    ]


def _holds(tagged: TaggedPage, text: str) -> bool:
    """Tell whether a page's tags lose hardly a word of it."""
    held = "\n".join([*map(as_markdown, tagged.parts), tagged.rest, tagged.furniture])
    return _recall(held, text) >= _MIN_RECALL


def _is_heading(part: Part) -> bool:
    return isinstance(part, str) and bool(_HEADING.match(part))


def _headings(pages: Sequence[list[Part]]) -> dict[str, str]:
    """Return the headings that were found, by their words."""
    found = [part for page in pages for part in page if isinstance(part, str) and _HEADING.match(part)]
    return {" ".join(_WORD.findall(heading)): heading for heading in found}


def _as_found(part: Part, headings: Mapping[str, str]) -> Part:
    return headings.get(" ".join(_WORD.findall(part)), part) if isinstance(part, str) else part


def _fuller(structured: list[Part], plain: _Page) -> str:
    """Return the structured page, unless it lost more than a tenth of the plain page's words.

    What the file itself calls furniture of the page is no loss.
    """
    text = "\n\n".join(map(as_markdown, structured))
    furniture = plain.tagged.furniture if plain.tagged else ""
    if _recall(f"{text}\n{furniture}", plain.text) < _MIN_RECALL:
        return plain.text
    return with_marks_of(with_hyphens_of(text, plain.torn), plain.text)


def _recall(text: str, whole: str) -> float:
    """Return the share of the words of `whole` that `text` holds, 1 where there are none."""
    wanted = _words(whole)
    return (wanted & _words(text)).total() / wanted.total() if wanted else 1.0


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", cleaned(text)).lower()))


def _n_letters(text: str) -> int:
    return sum(map(str.isalnum, text))

"""PDF: structure by xberg, checked page by page against the plain text that PDFium finds."""

import re
import unicodedata
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pypdfium2

from lorewright.documents.content import Content, cleaned
from lorewright.documents.kinds import has_ocr
from lorewright.documents.readers import office
from lorewright.documents.readers.image import OCR_HINT, recognised
from lorewright.errors import UnreadableDocument

_MIN_RECALL = 0.9
_OCR_DOTS_PER_INCH = 200
_WORD = re.compile(r"\w+")
_JUNK_TITLE = re.compile(
    r"^microsoft word - |\.(docx?|pptx?|xlsx?|odt|tex|dvi|indd|pdf|pages)$|^untitled|^slide 1$", re.IGNORECASE
)


def read_pdf(path: Path) -> Content:
    """Return a PDF page by page; a page of which xberg loses words is PDFium's plain text."""
    plain = read_pdf_plainly(path)
    try:
        found = office.extracted(path)
    except UnreadableDocument:
        return plain
    pairs = zip_longest(office.page_texts(found), plain.pages, fillvalue="")
    pages = tuple(_fuller(structured, flat) for structured, flat in pairs)
    title = found.metadata.title or ""
    return Content(
        title="" if _JUNK_TITLE.search(title.strip()) else title,
        metadata=office.metadata(found),
        pages=pages[: len(plain.pages)],
    )


def read_pdf_plainly(path: Path) -> Content:
    """Return a PDF page by page as PDFium's plain text; pages that are pictures need tesseract."""
    with opened(path) as document:
        pages = tuple(_text(page) for page in document)
    if not any(page.strip() for page in pages):
        raise UnreadableDocument(
            "its pages are pictures, and text in pictures needs tesseract", hint=OCR_HINT
        )
    return Content(pages=pages)


def opened(path: Path) -> Any:
    """Return a PDF, open; raise `UnreadableDocument` for one that is protected, damaged or none."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableDocument(
                "it is protected by a password", hint="Save a copy without one."
            ) from error
        raise UnreadableDocument(f"it is damaged or no PDF ({error})") from error


def _text(page: Any) -> str:
    text: str = page.get_textpage().get_text_range()
    if not text.strip() and has_ocr():
        text = recognised(_portable_graymap(page))
    page.close()
    return text


def _portable_graymap(page: Any) -> bytes:
    """Return a page as a picture in the simplest format there is (PGM)."""
    bitmap = page.render(scale=_OCR_DOTS_PER_INCH / 72, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
    pixels = b"".join(rows[start : start + bitmap.width] for start in starts)
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + pixels


def _fuller(structured: str, plain: str) -> str:
    """Return the structured page, unless it lost more than a tenth of the plain page's words."""
    wanted, found = _words(plain), _words(structured)
    recall = (wanted & found).total() / (wanted.total() or 1)
    return plain if wanted and recall < _MIN_RECALL else structured


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", cleaned(text)).lower()))

"""Files that are ZIP archives of XML: every paragraph in them, and the files embedded in them.

What xberg leaves out (text boxes, shapes, charts, diagrams, tables on slides, titles of books) is found
here by what the XML itself says.
"""

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from lorewright.documents.pages import PAGE_NUMBER
from lorewright.documents.readers.html import html_content
from lorewright.documents.readers.package_xml import paragraphs_of, tag_of

Pages = list[list[str]]
"""Paragraphs by slide; formats without slides have one page."""

_MAX_MEMBER = 64 * 1024**2
_WORD = re.compile(
    r"word/(?:document|footnotes|endnotes|comments|charts/chart\d*|diagrams/data\d*)\.xml", re.IGNORECASE
)
_AROUND_PAGES = re.compile(r"word/(?:header|footer)\d*\.xml", re.IGNORECASE)
_SHEET_EXTRAS = re.compile(
    r"xl/(?:drawings/drawing\d*|charts/chart\d*|diagrams/data\d*|comments\d*|threadedComments/\w+)\.xml",
    re.IGNORECASE,
)
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.IGNORECASE)
_SLIDE_EXTRAS = re.compile(r"ppt/(?:charts/chart\d*|diagrams/data\d*|comments/\w+)\.xml", re.IGNORECASE)
_MASTERS = re.compile(r"ppt/(?:slideLayouts|slideMasters)/\w+\.xml", re.IGNORECASE)
_OBJECT = re.compile(r"(?:Object \d+/)content\.xml")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_AROUND_OPEN_PAGES = {f"{part}{which}" for part in ("header", "footer") for which in ("", "-left", "-first")}
_BOOK_PAGE = re.compile(r".+\.(?:xhtml|html|htm)", re.IGNORECASE)
_RELATIONS = "word/_rels/document.xml.rels"
_EMBEDDED = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+", re.IGNORECASE)


def paragraphs(path: Path) -> Pages:
    """Return every paragraph that a reader of the file sees; nothing for a file that is no such package."""
    try:
        with zipfile.ZipFile(path) as package:
            return _pages(package)
    except (zipfile.BadZipFile, OSError, EOFError, ElementTree.ParseError, RuntimeError, ValueError):
        return []


def embedded(path: Path) -> list[tuple[str, bytes]]:
    """Return the names and the bytes of the files embedded in an Office file."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [name for name in sorted(package.namelist()) if _EMBEDDED.fullmatch(name)]
            names += _chunks(package)
            return [(name.rpartition("/")[2], _member(package, name)) for name in names]
    except (zipfile.BadZipFile, OSError, EOFError, ElementTree.ParseError, RuntimeError, ValueError):
        return []


def _chunks(package: zipfile.ZipFile) -> list[str]:
    """Return the files in other formats that are parts of a Word text itself."""
    names = package.namelist()
    if _RELATIONS not in names:
        return []
    targets = [
        element.get("Target", "").lstrip("/")
        for element in tree(package, _RELATIONS)
        if element.get("Type", "").endswith("/aFChunk")
    ]
    paths = [target if target.startswith("word/") else f"word/{target}" for target in targets]
    return [path for path in paths if path in names]


def _pages(package: zipfile.ZipFile) -> Pages:
    names = package.namelist()
    if "word/document.xml" in names or any(name.startswith("word/") for name in names):
        ordered = sorted((name for name in names if _WORD.fullmatch(name)), key=lambda n: "document" not in n)
        texts = [text for name in ordered for text in _texts(package, name)]
        around = [
            text for name in sorted(filter(_AROUND_PAGES.fullmatch, names)) for text in _texts(package, name)
        ]
        return [texts + _said_once(around)]
    if any(name.startswith("xl/") for name in names):
        return [
            [
                text
                for name in sorted(names)
                if _SHEET_EXTRAS.fullmatch(name)
                for text in _texts(package, name)
            ]
        ]
    if any(name.startswith("ppt/") for name in names):
        return _slides(package, names)
    if "content.xml" in names:
        return _open_document(package, names)
    if "META-INF/container.xml" in names or "mimetype" in names:
        return _book(package, names)
    return []


def _said_once(around: list[str]) -> list[str]:
    """Return what stands above and below all pages, each line once and without numbers of pages."""
    lines = (text for text in around if any(map(str.isalpha, text)))
    return list(dict.fromkeys(text for text in lines if not PAGE_NUMBER.search(text)))


def _slides(package: zipfile.ZipFile, names: list[str]) -> Pages:
    numbers = sorted(int(match[1]) for name in names if (match := _SLIDE.fullmatch(name)))
    pages = [list(_texts(package, f"ppt/slides/slide{number}.xml")) for number in numbers]
    extras = [
        text for name in sorted(names) if _SLIDE_EXTRAS.fullmatch(name) for text in _texts(package, name)
    ]
    if pages:
        pages[-1] += extras
    if not any(map(any, pages)):  # all there is stands on the master
        masters = [
            text for name in sorted(names) if _MASTERS.fullmatch(name) for text in _texts(package, name)
        ]
        return [list(dict.fromkeys(masters))]
    return pages


def _open_document(package: zipfile.ZipFile, names: list[str]) -> Pages:
    root = tree(package, "content.xml")
    slides = [element for element in root.iter() if tag_of(element) == "page" and "drawing" in element.tag]
    pages = [list(paragraphs_of(slide)) for slide in slides] if slides else [list(paragraphs_of(root))]
    if slides:  # what every slide shows at its foot is said once
        feet = (
            element.text or "" for element in root.iter() if tag_of(element) in ("footer-decl", "header-decl")
        )
        pages[0] += [text.strip() for text in feet if text.strip()]
    for name in sorted(names):
        if _OBJECT.fullmatch(name) and pages:
            pages[-1] += _texts(package, name)
    if "styles.xml" in names and root.find(f".//{_OFFICE}text") is not None:
        styles = [e for e in tree(package, "styles.xml").iter() if tag_of(e) in _AROUND_OPEN_PAGES]
        pages[-1] += _said_once([text for element in styles for text in paragraphs_of(element)])
    return pages


def _book(package: zipfile.ZipFile, names: list[str]) -> Pages:
    """Return the blocks of a book's chapters, and its title first."""
    blocks: list[str] = []
    for name in names:
        if name.endswith(".opf"):
            root = tree(package, name)
            blocks += [
                f"# {text}" for e in root.iter() if tag_of(e) == "title" and (text := (e.text or "").strip())
            ][:1]
    for name in _reading_order(package, names):
        blocks += html_content(_member(package, name)).text.split("\n\n")
    return [blocks]


def _reading_order(package: zipfile.ZipFile, names: list[str]) -> list[str]:
    """Return a book's pages in the order in which its table of contents lists them."""
    order: list[str] = []
    for name in names:
        if name.endswith(".opf"):
            root = tree(package, name)
            folder = name.rpartition("/")[0]
            paths = {e.get("id"): e.get("href", "") for e in root.iter() if tag_of(e) == "item"}
            spine = [e.get("idref") for e in root.iter() if tag_of(e) == "itemref"]
            lists = [e.get("id") for e in root.iter() if "nav" in e.get("properties", "").split()]
            rest = [key for key in paths if key not in spine and key not in lists]  # notes that open, say
            hrefs = [unquote(paths.get(key, "")) for key in (*spine, *rest)]
            order += [f"{folder}/{href}".lstrip("/") for href in hrefs if href]
    return [name for name in order if name in names and _BOOK_PAGE.fullmatch(name)]


def _texts(package: zipfile.ZipFile, name: str) -> list[str]:
    try:
        return list(paragraphs_of(tree(package, name)))
    except (KeyError, ValueError, ElementTree.ParseError):
        return []


def tree(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Return the XML of a member; one that defines entities is refused, because they can grow without end."""
    data = _member(package, name)
    if b"<!ENTITY" in data:
        raise ValueError(f"{name} defines entities")
    return ElementTree.fromstring(data)  # noqa: S314 (no entities, and in the sandbox)


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as file:
        data = file.read(_MAX_MEMBER + 1)
    if len(data) > _MAX_MEMBER:
        raise ValueError(f"{name} is larger than {_MAX_MEMBER:,} bytes")
    return data

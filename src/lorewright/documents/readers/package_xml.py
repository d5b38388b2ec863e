"""The XML of Office files: every paragraph in it, and what stands in pictures and comments."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SKIPPED = {
    "delText", "instrText", "Fallback", "del", "moveFrom", "tracked-changes", "forms", "fldData", "binData",
    "base64Binary", "note-citation", "sequence-decls", "variable-decls", "date-field",
}  # fmt: skip
_PARAGRAPHS = {"p", "h"}
_BREAKS = {"br", "cr", "line-break", "tab", "ptab"}
_DRAWN = {"drawing", "pict"}
"""Pictures and shapes inside a paragraph: their words stand on their own."""
_THREADED = "[Threaded comment]"
"""How Excel begins the copy of a comment for programs that do not know threads."""
_FILE_NAME = re.compile(r"\.\w{2,4}$|^(?:https?|file):")


def tag_of(element: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def paragraphs_of(root: ElementTree.Element) -> Iterator[str]:
    """Yield the text of every paragraph, that of paragraphs inside one (as in text boxes) on its own."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        tag = tag_of(element)
        if tag in _SKIPPED:
            continue
        if description := _description(element, tag):
            yield description
        if tag in _PARAGRAPHS:
            inner: list[ElementTree.Element] = []
            text = " ".join("".join(_runs(element, inner)).split())
            if text:
                yield text
            waiting += reversed(inner)
        elif tag == "text" and "opendocument" not in element.tag:  # a comment on a cell or a slide
            text = " ".join("".join(element.itertext()).split())
            if text and not text.startswith(_THREADED):
                yield text
        elif tag in ("v", "t") and element.text and not len(element) and "chart" in element.tag:
            if any(map(str.isalpha, element.text)):
                yield element.text.strip()
        else:
            waiting += reversed(element)


def _runs(element: ElementTree.Element, inner: list[ElementTree.Element]) -> Iterator[str]:
    """Yield the texts inside a paragraph; paragraphs inside it are put into `inner`."""
    is_open = "opendocument" in element.tag
    if is_open and element.text:
        yield element.text
    for child in element:
        tag = tag_of(child)
        if (
            tag in _PARAGRAPHS and ("opendocument" in child.tag or len(child) or child.text)
        ) or tag in _DRAWN:
            inner.append(child)
        elif tag in _BREAKS or tag == "s":
            yield " "
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "t" and not is_open:
            yield child.text or ""
        elif tag not in _SKIPPED:
            yield from _runs(child, inner)
        if is_open and child.tail:
            yield child.tail


def _description(element: ElementTree.Element, tag: str) -> str:
    """Return the words in which a picture is described, and those that a shape draws; '' for others."""
    if tag == "textpath":
        return element.get("string", "").strip()
    words = " ".join((element.get("descr", "") if tag in ("docPr", "cNvPr") else "").split())
    is_name = " " not in words or _FILE_NAME.search(words) is not None
    return "" if is_name else words
